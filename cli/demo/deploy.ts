import { join } from 'node:path';
import { showSteps } from '../commands/rehearse';
import type { Progress } from '../progress';

/** The clone that the command runs from: the compiled file is in dist/cli/demo. */
const PROJECT = join(__dirname, '..', '..', '..');
const STACK = 'aws-prod';

/**
 * `cdktf deploy aws-prod` against an emulated AWS; answers the outputs and what was created, or what is missing to do
 * it here. What was deployed goes with the emulator.
 */
export async function deployOnRehearsalCloud(progress: Progress, signal: AbortSignal): Promise<string> {
  const { findToolchain } = await import('@cdktf-recommender/rehearsal');
  const { complete, checks } = await findToolchain();
  if (!complete) {
    const missing = checks.filter(({ ok }) => !ok).map(({ name, found, fix }) => `  ${name}: ${found}\n    ${fix}`);
    return [`The deploy of ${STACK} to the rehearsal cloud is left out; this machine lacks:`, ...missing].join('\n');
  }
  const { loadConfig } = await import('../../src/index.js');
  const { rehearseStack } = await import('../rehearsal.js');
  progress.note(`cdktf deploy ${STACK}, to an emulated AWS:`);
  const result = await rehearseStack({
    project: PROJECT,
    config: loadConfig(PROJECT),
    stack: STACK,
    until: 'deploy',
    signal,
    onProgress: showSteps(progress),
  });
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
