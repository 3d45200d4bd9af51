/** `npm run verify:full`: every bar of reliability, one after the other. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { malformedRequests } from '../abuse/malformed-requests';
import { ROUTES } from '../abuse/routes';
import { BenchError, shown } from '../errors';
import { ROOT } from '../repository';
import { guardCost } from '../synth/guard-cost';
import { autoscaling } from './autoscaling';
import { drift } from './aws/drift';
import { faults } from './aws/faults';
import { interrupted } from './aws/interrupted';
import { locking } from './aws/locking';
import type { CheckResult } from './bars';
import { contract, OPENAPI_PATH } from './contract';
import { killedReplicas } from './killed-replicas';
import { modelSwaps } from './model-swaps';
import { overload } from './overload';
import { progressiveDelivery } from './progressive-delivery';
import { report, table } from './report';
import { rollingRestarts } from './rolling';
import { slowClients } from './slow-clients';
import { soak } from './soak';

const PROGRESS_MS = 10_000;

interface Run {
  readonly seed: number;
  readonly quick: boolean;
  readonly onProgress: (line: string) => void;
}

const CHECKS: Readonly<Record<string, (run: Run) => Promise<CheckResult>>> = {
  malformed: ({ quick, ...run }) => malformedRequests({ ...run, requests: quick ? 50_000 : undefined }),
  'slow-clients': ({ quick, ...run }) => slowClients({ ...run, rounds: quick ? 1 : undefined }),
  overload: ({ quick, ...run }) =>
    overload({ ...run, ...(quick && { seconds: 10, probeSeconds: 3, precision: 0.15 }) }),
  rolling: ({ quick, ...run }) =>
    rollingRestarts({ ...run, ...(quick && { requests: 50_000, rate: 1250, rounds: 4 }) }),
  'model-swaps': ({ quick, ...run }) => modelSwaps({ ...run, ...(quick && { swaps: 6 }) }),
  killed: ({ quick, ...run }) => killedReplicas({ ...run, ...(quick && { seconds: 30 }) }),
  contract: ({ quick, ...run }) => contract({ ...run, ...(quick && { examples: 20 }) }),
  autoscaling: ({ quick, onProgress }) => autoscaling({ down: !quick, onProgress }),
  'progressive-delivery': ({ quick, onProgress }) =>
    progressiveDelivery({ ...(quick && { rollouts: 1, kinds: ['good', 'errors'], lanes: 2 }), onProgress }),
  'aws-interrupted': ({ quick, ...run }) => interrupted({ ...run, ...(quick && { points: 2 }) }),
  'aws-faults': ({ quick, ...run }) => faults({ ...run, ...(quick && { rounds: 1 }) }),
  'aws-drift': ({ onProgress }) => drift({ onProgress }),
  'aws-locking': ({ quick, onProgress }) => locking({ ...(quick && { rounds: 2 }), onProgress }),
  guards: ({ quick, onProgress }) => guardCost({ ...(quick && { rounds: 1 }), onProgress }),
  soak: ({ quick, ...run }) => soak({ ...run, ...(quick && { minutes: 3 }) }),
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      soak: { type: 'boolean', default: false },
      keep: { type: 'string' },
      seed: { type: 'string', default: `${Date.now() % 2 ** 31}` },
    },
  });
  if (values.keep && values.quick) throw new BenchError('--quick has smaller counts, which are no result to --keep');
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new BenchError(`--seed is ${values.seed}; it must be a whole number`);
  const names = chosen(values.only, values.soak);
  const results: CheckResult[] = [];
  for (const [i, name] of names.entries()) {
    console.error(`${i + 1} of ${names.length}: ${name}`);
    const result = await run(name, { seed, quick: values.quick, onProgress: progress(name) });
    const kept = result.bars.filter((bar) => bar.kept).length;
    console.error(`  ${kept} of ${result.bars.length} bars kept, ${result.seconds.toFixed(0)} s`);
    results.push(result);
  }
  console.log(table(results));
  // Smaller counts are no result to keep, and a part of the bars only by a name of its own.
  const name = values.keep ?? (values.only || values.quick ? undefined : 'reliability');
  if (name) console.log(`written to ${await keep(name, results)}`);
  if (results.some(({ bars }) => bars.some(({ kept }) => !kept))) process.exitCode = 1;
}

function chosen(only: string | undefined, withSoak: boolean): string[] {
  if (only !== undefined) {
    const unknown = only.split(',').filter((name) => !(name in CHECKS));
    if (unknown.length === 0) return only.split(',');
    throw new BenchError(`--only knows no ${unknown.join(', ')}; there are ${Object.keys(CHECKS).join(', ')}`);
  }
  const hasDocument = ROUTES.some(({ path }) => path === OPENAPI_PATH);
  return Object.keys(CHECKS).filter((name) => (name !== 'soak' || withSoak) && (name !== 'contract' || hasDocument));
}

/** A check that could not be done is a bar that was not kept; those after it are done all the same. */
async function run(name: string, options: Run): Promise<CheckResult> {
  const started = performance.now();
  try {
    return (await CHECKS[name]?.(options)) as CheckResult;
  } catch (error) {
    const bars = [{ what: 'done', required: 'yes', measured: (error as Error).message, kept: false }];
    return { name, conditions: `seed ${options.seed}`, bars, seconds: (performance.now() - started) / 1000 };
  }
}

function progress(name: string): (line: string) => void {
  let last = 0;
  return (line) => {
    if (performance.now() - last < PROGRESS_MS) return;
    last = performance.now();
    console.error(`  ${name}: ${line}`);
  };
}

async function keep(name: string, results: readonly CheckResult[]): Promise<string> {
  const folder = join(ROOT, 'docs/results');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${new Date().toISOString().slice(0, 10)}-${name}.md`);
  await writeFile(path, report(results, name));
  return path;
}

process.on('SIGINT', () => process.exit(130)).on('SIGTERM', () => process.exit(143));
main().catch((error: Error) => {
  console.error(shown(error));
  process.exitCode = 2;
});
