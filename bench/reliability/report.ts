import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import Table from 'cli-table3';
import { ROOT } from '../repository';
import type { CheckResult } from './bars';

/** For a terminal. */
export function table(results: readonly CheckResult[]): string {
  const shown = new Table({ head: ['check', 'bar', 'required', 'measured', 'kept'], wordWrap: true });
  for (const { name, bars } of results) {
    for (const { what, required, measured, kept } of bars)
      shown.push([name, what, required, measured, kept ? 'yes' : 'NO']);
  }
  const notes = results.flatMap(({ name, notes = [] }) => notes.map((note) => `${name}: ${note}`));
  return [shown.toString(), ...notes].join('\n');
}

/**
 * For docs/results.
 *
 * @param name what the page is about: `reliability`
 */
export function report(results: readonly CheckResult[], name: string): string {
  const bars = results.flatMap((result) => result.bars);
  const kept = bars.filter((bar) => bar.kept).length;
  const rows = results.flatMap(({ name, bars }) =>
    bars.map(
      ({ what, required, measured, kept }) =>
        `| ${name} | ${what} | ${required} | ${cell(measured)} | ${kept ? 'yes' : '**no**'} |`,
    ),
  );
  const conditions = results.map(({ name, conditions, seconds, notes = [] }) =>
    [
      `**${name}** (${seconds.toFixed(0)} s): ${conditions}.`,
      ...notes.map((note) => `\n    ${note.split('\n').join('\n    ')}`),
    ].join('\n'),
  );
  return `# ${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll('-', ' ')}, ${new Date().toISOString().slice(0, 10)}

\`npm run verify:full\`: ${kept} of ${bars.length} bars kept. ${machine()}

| check | bar | required | measured | kept |
| ----- | --- | -------- | -------- | ---- |
${rows.join('\n')}

## Conditions

${conditions.join('\n\n')}
`;
}

const cell = (text: string) => text.replaceAll('\n', ' ').replaceAll('|', '\\|');

function machine(): string {
  const revision = execFileSync('git', ['describe', '--always', '--dirty'], { cwd: ROOT, encoding: 'utf8' }).trim();
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  return `${cpus()[0]?.model}, ${availableParallelism()} cores, ${memory} GiB, Linux ${release()}, Node ${process.version}; revision ${revision}.`;
}
