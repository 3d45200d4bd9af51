import { join } from 'node:path';
import type { Progress as RehearsalProgress, RehearsalResult } from '@cdktf-recommender/rehearsal';
import type { Progress } from '../progress';

/** The clone that the command runs from: the compiled file is in dist/cli/demo. */
const PROJECT = join(__dirname, '..', '..', '..');
const STACK = 'aws-prod';

/** A deploy that runs beside the rest of the demo: it mostly waits for what the provider waits for. */
export interface Deployment {
  /** Shows the deploy until it is done; answers the outputs and what was created, or what this machine lacks for it. */
  show(progress: Progress): Promise<string>;
  /** Ends it, if it is still under way, and everything that it started. */
  stop(): Promise<void>;
}

/** Begins `cdktf deploy aws-prod` against an emulated AWS. What is deployed goes with the emulator. */
export function beginDeploy(): Deployment {
  const ending = new AbortController();
  let listener: ((event: RehearsalProgress) => void) | undefined;
  const deployed = deploy(ending.signal, (event) => listener?.(event));
  // A failure is shown by show(); before that, it must not end the process.
  const settled = deployed.then(
    () => undefined,
    () => undefined,
  );
  return {
    show: (progress) =>
      progress.step(
        `cdktf deploy ${STACK}, to an emulated AWS`,
        (report) => {
          let resources = 0;
          listener = (event) => {
            if (event.kind === 'note') progress.note(event.text);
            if (event.kind === 'resource' && event.event.state === 'done')
              report(`${++resources} ${event.event.address}`);
          };
          return deployed;
        },
        () => 'begun beside the training',
      ),
    stop: () => {
      ending.abort();
      return settled;
    },
  };
}

async function deploy(signal: AbortSignal, onProgress: (event: RehearsalProgress) => void): Promise<string> {
  const { findToolchain } = await import('@cdktf-recommender/rehearsal');
  const { complete, checks } = await findToolchain();
  if (!complete) {
    const missing = checks.filter(({ ok }) => !ok).map(({ name, found, fix }) => `  ${name}: ${found}\n    ${fix}`);
    return [`The deploy of ${STACK} to the rehearsal cloud is left out; this machine lacks:`, ...missing].join('\n');
  }
  const { loadConfig } = await import('../../src/index.js');
  const { rehearseStack } = await import('../rehearsal.js');
  const config = loadConfig(PROJECT);
  return describe(await rehearseStack({ project: PROJECT, config, stack: STACK, until: 'deploy', signal, onProgress }));
}

function describe(result: RehearsalResult): string {
  const failed = result.steps.find(({ ok }) => !ok);
  if (failed) throw new Error(`cdktf deploy ${STACK} failed:\n${failed.error}\nThe whole log is in ${result.logFile}`);
  const created = Object.entries(result.created).sort(([, a], [, b]) => b - a);
  const total = created.reduce((sum, [, count]) => sum + count, 0);
  const standIns = created.filter(([type]) => result.standInTypes.includes(type));
  const outputs = Object.entries(result.outputs).map(([name, value]) => `  ${name} = ${formatOutput(value)}`);
  return [
    `${STACK} is deployed on the emulated AWS: ${total} resources, ${created.length} types.`,
    ...columns(created.map(([type, count]) => `${String(count).padStart(3)} ${type}`)),
    `(${standIns.length} of the types, those of Kubernetes, Helm and time, are taken by stand-ins.)`,
    '',
    'Outputs:',
    ...outputs,
  ].join('\n');
}

/** Two columns of a terminal of 80. */
function columns(cells: readonly string[]): string[] {
  const half = Math.ceil(cells.length / 2);
  return cells
    .slice(0, half)
    .map((cell, i) => `${cell.padEnd(42).slice(0, 42)}${cells[half + i] ?? ''}`.trimEnd().slice(0, 84));
}

function formatOutput(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, entry]) => `\n    ${key}: ${String(entry)}`)
    .join('');
}
