import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CUT,
  DEFAULT_SETTINGS,
  ONLINE_RETAIL,
  type SearchResult,
  search,
  type Trial,
  writeSearch,
} from '@cdktf-recommender/trainer';
import { Ease } from '../../trainer/src/algorithms/ease';
import { readDataset } from '../../trainer/src/data/dataset';
import { mean } from '../../trainer/src/evaluation/bootstrap';
import { answerAll, scoresBy } from '../../trainer/src/evaluation/evaluate';
import { splitAt } from '../../trainer/src/evaluation/split';
import { startOfDay } from '../../trainer/src/protocol';
import { transactions } from './shop-file';

const COMMITTED = join(__dirname, '../../docs/results/2026-11-21-ease-search');

let folder: string;
let data: string;
let result: SearchResult;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trainer-search-'));
  data = join(folder, 'shop.csv');
  await writeFile(data, transactions(7));
  result = await search({ data });
});
afterAll(() => rm(folder, { recursive: true }));

it('validates on periods that end before the test begins', () => {
  for (const { from, until } of result.periods) expect([from, until, CUT]).toEqual([from, until, CUT].toSorted());
});

it('orders distinct settings by the mean of their periods', () => {
  expect(new Set(result.trials.map(({ settings }) => JSON.stringify(settings))).size).toBe(result.trials.length);
  expect(result.trials.map(({ ndcg }) => ndcg)).toEqual(
    result.trials.map(({ ndcg }) => ndcg).toSorted((a, b) => b - a),
  );
  for (const { ndcg, ndcgByPeriod } of result.trials) {
    expect(ndcg).toBeCloseTo(((ndcgByPeriod[0] ?? 0) + (ndcgByPeriod[1] ?? 0)) / 2, 12);
  }
});

it('finds what fitting with the whole settings gives', async () => {
  const { interactions } = await readDataset(data);
  const trials = [result.trials[0], result.trials.at(-1), result.trials.find(({ settings }) => !settings.trend)];
  for (const { settings, ndcgByPeriod } of trials.filter((trial) => trial !== undefined)) {
    for (const [period, { from, until }] of result.periods.entries()) {
      const split = splitAt(interactions, startOfDay(from), startOfDay(until));
      const answers = answerAll(scoresBy(await new Ease(settings).fit(split.train), split), split);
      expect(mean(Float64Array.from(answers, ({ ndcg }) => ndcg))).toBeCloseTo(ndcgByPeriod[period] ?? Number.NaN, 9);
    }
  }
});

const trialsIn = async (path: string): Promise<Trial[]> =>
  (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

it('writes every trial as a line of JSON and the best as a table', async () => {
  const [lines = '', markdown = ''] = await writeSearch(result, join(folder, 'results'), '2026-01-02');
  expect(lines).toBe(join(folder, 'results', '2026-01-02-ease-search.jsonl'));
  expect(await trialsIn(lines)).toEqual(result.trials);
  expect(await readFile(markdown, 'utf8')).toContain(`| ${result.trials[0]?.ndcg.toFixed(4)} |`);
});

it('chose the default settings, on the data in this repository', async () => {
  expect(await readFile(`${COMMITTED}.md`, 'utf8')).toContain(ONLINE_RETAIL.sha256);
  expect((await trialsIn(`${COMMITTED}.jsonl`))[0]?.settings).toEqual(DEFAULT_SETTINGS);
});
