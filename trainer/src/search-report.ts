import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EaseSettings } from './algorithms/ease';
import type { SearchResult } from './search';

/** Trials that the report for people lists. */
const LISTED = 15;

/**
 * Writes what a search found: `<date>-ease-search.jsonl` with every trial, a line each, best first, and
 * `<date>-ease-search.md` with how it was made and the best ones.
 *
 * @param folder made when it isn't there
 * @param date YYYY-MM-DD
 * @returns the paths written
 */
export async function writeSearch(result: SearchResult, folder: string, date: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const base = join(folder, `${date}-ease-search`);
  await writeFile(`${base}.jsonl`, result.trials.map((trial) => `${JSON.stringify(trial)}\n`).join(''));
  await writeFile(`${base}.md`, describeSearch(result, date));
  return [`${base}.jsonl`, `${base}.md`];
}

function describeSearch({ dataset, periods, trials, seconds }: SearchResult, date: string): string {
  const columns = ['λ', 'training half-life', 'trend', 'input half-life', 'mean', ...periods.map(({ from }) => from)];
  const rows = trials
    .slice(0, LISTED)
    .map(({ settings, ndcg, ndcgByPeriod }) => [
      ...describeSettings(settings),
      ...[ndcg, ...ndcgByPeriod].map((one) => one.toFixed(4)),
    ]);
  return `# Search of EASE's settings, ${date}

${trials.length} settings, each fitted before a validation period and asked in it, both before the test's cut. NDCG@20,
means over customers; the settings are ordered by the mean of the periods. Days; the trend is its window and exponent.

- dataset: SHA-256 \`${dataset.sha256}\`
${periods.map(({ from, until, customers }) => `- validation: ${from} until ${until}, ${customers} customers`).join('\n')}
- took ${seconds.toFixed(0)} s

${table(columns, rows)}

All trials: [${date}-ease-search.jsonl](${date}-ease-search.jsonl).
`;
}

function describeSettings({ lambda, trainingHalfLifeDays, trend, weighting }: EaseSettings): string[] {
  return [
    String(lambda),
    String(trainingHalfLifeDays ?? 'none'),
    trend ? `${trend.windowDays}, ${trend.exponent}` : 'none',
    weighting.kind === 'binary' ? 'binary' : String(weighting.halfLifeDays),
  ];
}

/** A Markdown table, its columns padded as the formatter pads them. */
function table(columns: string[], rows: string[][]): string {
  const widths = columns.map((column, i) =>
    Math.max(...[column, ...rows.map((row) => row[i] ?? '')].map((c) => c.length)),
  );
  const line = (cells: string[]): string => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
