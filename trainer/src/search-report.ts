import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EaseSettings } from './algorithms/ease';
import type { SearchResult } from './search';

/** Trials that the report for people lists. */
const LISTED = 15;

/**
 * Writes what a search found: `<date>-ease-search.json` with every trial, a line each, and `<date>-ease-search.md` with
 * the best ones.
 *
 * @param folder made when it isn't there
 * @param date YYYY-MM-DD
 * @returns the paths written
 */
export async function writeSearch(result: SearchResult, folder: string, date: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const base = join(folder, `${date}-ease-search`);
  const { trials, ...rest } = result;
  const lines = trials.map((trial) => `    ${JSON.stringify(trial)}`).join(',\n');
  const head = JSON.stringify(rest, null, 2).slice(0, -2);
  await writeFile(`${base}.json`, `${head},\n  "trials": [\n${lines}\n  ]\n}\n`);
  await writeFile(`${base}.md`, describeSearch(result, date));
  return [`${base}.json`, `${base}.md`];
}

function describeSearch({ dataset, periods, trials, seconds }: SearchResult, date: string): string {
  const rows = trials.slice(0, LISTED).map(({ settings, ndcg, ndcgByPeriod }) => {
    const cells = [...describeSettings(settings), ndcg.toFixed(4), ...ndcgByPeriod.map((one) => one.toFixed(4))];
    return `| ${cells.join(' | ')} |`;
  });
  const columns = ['λ', 'training half-life', 'trend', 'input half-life', 'mean', ...periods.map(({ from }) => from)];
  return `# Search of EASE's settings, ${date}

${trials.length} settings, each fitted before a validation period and asked in it, both before the test's cut. NDCG@20,
means over customers; the settings are ordered by the mean of the periods. Days; the trend is its window and exponent.

- dataset: SHA-256 \`${dataset.sha256}\`
${periods.map(({ from, until, customers }) => `- validation: ${from} until ${until}, ${customers} customers`).join('\n')}
- took ${seconds.toFixed(0)} s

| ${columns.join(' | ')} |
|${columns.map(() => '---|').join('')}
${rows.join('\n')}

All trials: [${date}-ease-search.json](${date}-ease-search.json).
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
