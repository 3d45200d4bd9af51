import Table from 'cli-table3';
import type { RehearsalResult, StepResult } from './result';

const WIDTH = 80;
/** Column widths: with a gap of 1 after each but the last, 80 in all. */
const COLUMNS = [10, 19, 20, 20, 7];

const PROVES = [
  'names, types, required arguments and block shapes',
  'references, functions, no cycles, the order of a destroy',
  'no for_each, count or provider setting that needs what an apply makes',
  'idempotence against the schema, sensitive outputs',
];
const DOES_NOT_PROVE = [
  'that values are valid: SKUs, enumerations, conflicts',
  'that the cloud accepts that order and timing',
  "real API calls at plan time, the provider's own normalisation, replacements",
];

/**
 * The result as text of at most 80 columns (Terraform's own errors excepted), with what it proves and what not; what
 * failed comes last, where it is read.
 */
export function formatResult(result: RehearsalResult): string {
  const failed = result.steps.find(({ ok }) => !ok);
  const sections = [
    `${result.stack}: ${failed ? `${failed.step} failed` : 'passed'}`,
    tiers(result),
    result.standInTypes.length > 0 ? standIns(result) : '',
    shims(result),
    list(
      'In their deletion window, as AWS keeps them',
      result.pendingDeletion.map(({ service, type, id }) => `${service} ${type} ${id}`),
    ),
    `Log: ${result.logFile}`,
    failed ? `${result.stack}, ${failed.step}: ${failed.error}` : '',
  ];
  return sections.filter(Boolean).join('\n\n');
}

function tiers({ tiers: rows, steps }: RehearsalResult): string {
  const table = new Table({
    head: ['tier', 'engine', 'ran', 'left out', 'seconds'],
    colWidths: COLUMNS,
    wordWrap: true,
    chars: { ...borderless(), middle: ' ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: ['left', 'left', 'left', 'left', 'right'],
  });
  for (const { tier, engine, ran, leftOut, seconds } of rows) {
    table.push([tier, engine, ran, leftOut, seconds === undefined ? '' : seconds.toFixed(1)]);
  }
  const text = table.toString().split('\n');
  return [...text.map((line) => line.trimEnd()), '', wrap('Steps: ', stepTimes(steps))].join('\n');
}

/** `deploy 61.2 s`, of each step. */
export function stepTimes(steps: readonly StepResult[]): string[] {
  return steps.map(({ step, ok, seconds }) => `${step} ${ok ? '' : 'failed after '}${seconds.toFixed(1)} s`);
}

function borderless(): Record<string, string> {
  const parts = ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'];
  const rows = ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'];
  return Object.fromEntries([...parts, ...rows].map((part) => [part, '']));
}

function standIns({ standInTypes }: RehearsalResult): string {
  return [
    wrap('Served by stand-ins with the real schema: ', standInTypes),
    list('A green run with a stand-in proves', PROVES),
    list('and does not prove', DOES_NOT_PROVE),
  ].join('\n');
}

function shims({ shimmedActions }: RehearsalResult): string {
  const services = new Map<string, string[]>();
  for (const { service, action } of shimmedActions) services.set(service, [...(services.get(service) ?? []), action]);
  return [...services]
    .map(([service, actions]) => wrap(`Added to the emulated AWS by the rehearsal, ${service}: `, actions))
    .join('\n');
}

function list(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : [`${title}:`, ...items.map((item) => `  ${item}`)].join('\n');
}

/** `title` and the items behind it, separated by commas, broken before the 80th column. */
function wrap(title: string, items: readonly string[]): string {
  const lines = [title.trimEnd()];
  items.forEach((item, i) => {
    const word = i < items.length - 1 ? `${item},` : item;
    const line = lines.at(-1) ?? '';
    if (line.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(`  ${word}`);
  });
  return lines.join('\n');
}
