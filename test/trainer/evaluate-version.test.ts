import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluateVersion, type TrainResult, train } from '@cdktf-recommender/trainer';
import type { EaseSettings } from '../../trainer/src/algorithms/ease';
import { transactions } from './shop-file';

const CUT = '2011-06-01';
/** Settings for which the day of the training doesn't matter. */
const SETTINGS: EaseSettings = { lambda: 50, weighting: { kind: 'exponential', halfLifeDays: 60 } };
let folder: string;
let data: string;
let before: string;
let trained: TrainResult;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evaluate-'));
  data = join(folder, 'shop.csv');
  before = join(folder, 'before.csv');
  const lines = transactions(11).trimEnd().split('\n');
  await writeFile(data, lines.join('\n'));
  await writeFile(
    before,
    lines.filter((line, index) => index === 0 || (line.split(',')[4] as string) < CUT).join('\n'),
  );
  trained = await train({ data, cut: CUT, model: 'shop', settings: SETTINGS });
});
afterAll(() => rm(folder, { recursive: true }));

test('a model of the purchases before the cut is measured as its training measured it', async () => {
  // Published from the file that ends at the cut, it is the model that the training of the whole file evaluates.
  const published = await train({ data: before, cut: '2011-05-01', model: 'shop', settings: SETTINGS });
  const evaluation = await evaluateVersion({ data, cut: CUT, version: published.draft });
  expect(evaluation.customers).toBe(trained.evaluation.model.customers);
  for (const [name, { value }] of Object.entries(trained.evaluation.model.metrics)) {
    expect(evaluation.metrics[name]?.value).toBeCloseTo(value, 6);
  }
});

test('a model that has seen the answers is flattered', async () => {
  const evaluation = await evaluateVersion({ data, cut: CUT, version: trained.draft });
  const [seen, unseen] = [evaluation, trained.evaluation.model].map(({ metrics }) => metrics['ndcg@20']?.value);
  expect(seen).toBeGreaterThan(unseen as number);
});

test('items that the model does not know come last', async () => {
  const items = JSON.parse(trained.draft.files['items.json'].toString('utf8')) as { id: string; name: string }[];
  const strange = items.map(({ id, name }, index) => ({ id: index < 15 ? `x${id}` : id, name }));
  const files = { ...trained.draft.files, 'items.json': Buffer.from(JSON.stringify(strange)) };
  const evaluation = await evaluateVersion({ data, cut: CUT, version: { ...trained.draft, files } });
  const [half, all] = [evaluation, await evaluateVersion({ data, cut: CUT, version: trained.draft })].map(
    ({ metrics }) => metrics['ndcg@20']?.value,
  );
  expect(half).toBeLessThan(all as number);
  expect(half).toBeGreaterThan(0);
});

test('fails when the cut leaves nobody to ask about', async () => {
  await expect(evaluateVersion({ data, cut: '2012-01-01', version: trained.draft })).rejects.toThrow(
    'the cut 2012-01-01 leaves no customer with purchases before it and new ones after it',
  );
});
