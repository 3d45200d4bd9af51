import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseCores } from '../cores';
import { ITEMS } from '../histories';
import { generateLoad, type LoadPhase, type PhaseResult, type SecondResult } from '../load-generator';
import { LOWER_RUNGS, P99_MS, RUNG_HEADER, shareByModel } from '../objective';
import { stolenMilliseconds } from '../process-usage';
import { createModelStore, createWorkload } from '../workload';
import { atLeast, atMost, type Bar, type CheckResult } from './bars';
import { ServerProcess } from './server-process';

const REFUSAL_P99_MS = 10;
const RECOVERY_SECONDS = 2;
const CONNECTIONS = 2000;
const WARM_UP: LoadPhase = { rate: 500, seconds: 3 };
/** After the overload, of the peak. */
const CALM = { share: 0.5, seconds: 5 };
/** How many times the peak, and the share of the peak that is still answered. */
const OVERLOADS = [
  { factor: 2, goodput: 0.9 },
  { factor: 3, goodput: 0.7 },
];

export interface OverloadOptions {
  /** Of each overload. @default 60 */
  readonly seconds?: number;
  /** Of each rate that is tried for the peak. @default 6 */
  readonly probeSeconds?: number;
  /** How near the peak is found, as a share of it. @default 0.05 */
  readonly precision?: number;
  readonly seed: number;
  readonly onProgress?: (line: string) => void;
}

/** Finds the highest rate at which p99 holds, asks for twice and three times as much, and then for half of it. */
export async function overload(options: OverloadOptions): Promise<CheckResult> {
  const { seconds = 60, probeSeconds = 6, precision = 0.05, seed, onProgress } = options;
  const started = performance.now();
  const cores = chooseCores();
  const folder = await mkdtemp(join(tmpdir(), 'overload-'));
  await createModelStore(folder);
  // As where speed is measured: customers with histories, and none of their answers kept.
  const { store, users, requests, historyLength } = await createWorkload(folder, 'short');
  const environment = { RECOMMENDER_RESULT_CACHE: 'off' };
  const server = await ServerProcess.start({ store, users, environment, core: cores.servers[0] });
  const run = (phases: readonly LoadPhase[]) =>
    generateLoad({
      port: server.port,
      requests,
      phases,
      // Each is used about once a second: a server ends those that never ask anything.
      connections: Math.min(CONNECTIONS, ...phases.map(({ rate }) => Math.ceil(Number(rate)))),
      poissonSeed: seed,
      core: cores.generator,
      countHeader: RUNG_HEADER,
      series: true,
    });
  const stolen = () => stolenMilliseconds([cores.generator, ...cores.servers.slice(0, 1)]);
  try {
    await run([WARM_UP]);
    const peak = await highestRate(async (rate) => {
      const [, probe] = (
        await run([
          { rate, seconds: 1 },
          { rate, seconds: probeSeconds },
        ])
      ).phases;
      const kept = probe !== undefined && keeps(probe);
      onProgress?.(
        `${Math.round(rate)} requests/s: p99 ${probe?.accepted.p99.toFixed(0)} ms${kept ? '' : ', too much'}`,
      );
      return kept;
    }, precision);
    const bars: Bar[] = [];
    const notes: string[] = [`peak ${Math.round(peak)} requests/s`];
    for (const { factor, goodput } of OVERLOADS) {
      const rate = peak * factor;
      const calm = { rate: peak * CALM.share, seconds: CALM.seconds };
      const stolenBefore = stolen();
      const load = await run([calm, { rate, seconds }, calm]);
      const over = load.phases[1] as PhaseResult;
      bars.push(...barsOf(factor, over, peak, goodput), recovery(factor, load.series, CALM.seconds + seconds));
      notes.push(
        `${factor} ×: ${over.intended} asked, ${over.accepted.count} accepted, statuses ${JSON.stringify(over.statuses)}, failures ${JSON.stringify(over.failures)}, generator's lag p99 ${over.lag.p99.toFixed(1)} ms; the machine's host took ${stolen() - stolenBefore} ms from the cores of the two`,
      );
      onProgress?.(notes.at(-1) as string);
    }
    return {
      name: 'overload',
      conditions: `server on one core, generator on another, ${ITEMS} items, histories of ${historyLength.mean} on average, no result cache, at most ${CONNECTIONS} kept connections, open loop; each overload ${seconds} s; seed ${seed}`,
      bars,
      notes,
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    await server.stop('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
}

/** Nothing lost, the objective kept, and nearly all answered by the model, as where speed is measured. */
function keeps(probe: PhaseResult): boolean {
  const { accepted, intended } = probe;
  return accepted.count >= 0.999 * intended && accepted.p99 < P99_MS && shareByModel(probe) >= 1 - LOWER_RUNGS;
}

/** Doubles while it holds, then halves the gap until it is small. A rate fails that fails twice: neighbours disturb. */
async function highestRate(probe: (rate: number) => Promise<boolean>, precision: number): Promise<number> {
  const holds = async (rate: number) => (await probe(rate)) || (await probe(rate));
  let low = 0;
  let high = 1000;
  while (await holds(high)) {
    low = high;
    high *= 2;
  }
  while (high - low > precision * high) {
    const middle = (low + high) / 2;
    if (await holds(middle)) low = middle;
    else high = middle;
  }
  if (low === 0) throw new Error(`not even ${Math.round(high)} requests a second keep p99 below ${P99_MS} ms`);
  return low;
}

function barsOf(factor: number, over: PhaseResult, peak: number, goodput: number): Bar[] {
  const { accepted, refused, retryAfter } = over;
  const lost = over.intended - accepted.count - refused.count;
  return [
    atLeast(`${factor} ×: goodput of peak`, (100 * over.completed) / over.seconds / peak, 100 * goodput, { unit: '%' }),
    atMost(`${factor} ×: p99 of the accepted`, accepted.p99, P99_MS, { unit: 'ms' }),
    atMost(`${factor} ×: p99 of the refused`, refused.p99, REFUSAL_P99_MS, { unit: 'ms', digits: 1 }),
    atMost(`${factor} ×: neither accepted nor refused`, lost, 0),
    atMost(`${factor} ×: refused without Retry-After`, refused.count - retryAfter, 0),
  ];
}

/** Seconds after the overload until no second has a failure, a refusal or a late answer. */
function recovery(factor: number, series: readonly SecondResult[], end: number): Bar {
  const bad = ({ failed, refused, accepted }: SecondResult) =>
    failed > 0 || refused.count > 0 || (accepted.count > 0 && accepted.p99 > P99_MS);
  const last = series.filter((second) => second.second >= end && bad(second)).at(-1);
  return atMost(`${factor} ×: recovered after`, last ? last.second + 1 - end : 0, RECOVERY_SECONDS, { unit: 's' });
}
