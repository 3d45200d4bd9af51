import { join } from 'node:path';
import type { Progress as RehearsalProgress, RehearsalResult } from '@cdktf-recommender/rehearsal';
import { table } from '../output';
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
  const types = Object.entries(result.created);
  const total = types.reduce((sum, [, count]) => sum + count, 0);
  const standIns = [...new Set(result.standInTypes.map(providerOf))].join(', ');
  const outputs = Object.entries(result.outputs).map(([name, value]) => `  ${name} = ${formatOutput(value)}`);
  return [
    `${STACK} is deployed on the emulated AWS, ${total} resources:`,
    describeTypes(types),
    `(What is made by ${standIns} goes to stand-ins of these providers.)`,
    '',
    'Outputs:',
    ...outputs,
  ].join('\n');
}

/** A row a provider: how many of which types, the most numerous first. */
function describeTypes(types: readonly (readonly [string, number])[]): string {
  const providers = [...new Set(types.map(([type]) => providerOf(type)))];
  const rows = providers.map((provider) => {
    const own = types.filter(([type]) => providerOf(type) === provider).sort(([, a], [, b]) => b - a);
    const names = own.map(([type, count]) => `${type.slice(provider.length + 1)}${count > 1 ? ` ×${count}` : ''}`);
    return [provider, own.reduce((sum, [, count]) => sum + count, 0), names.join(', ')];
  });
  return table(['PROVIDER', '', 'RESOURCES'], rows, [11, 4, 61]);
}

const providerOf = (type: string) => type.slice(0, type.indexOf('_'));

function formatOutput(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, entry]) => `\n    ${key}: ${String(entry)}`)
    .join('');
}
