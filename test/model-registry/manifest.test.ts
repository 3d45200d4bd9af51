import {
  Channel,
  describeFiles,
  ItemCatalogue,
  Manifest,
  PopularItems,
  TrainingRun,
  versionOf,
} from '@cdktf-recommender/model-registry';
import { candidate, trainingRun } from './fixtures';

const { manifest, files, version } = candidate(1);
const issues = (schema: typeof Manifest | typeof Channel | typeof TrainingRun, value: unknown) =>
  (schema.safeParse(value).error?.issues ?? []).map((issue) => issue.path.join('.'));

describe('a manifest', () => {
  test('survives JSON with its version', () => {
    expect(versionOf(JSON.parse(JSON.stringify(manifest)))).toBe(version);
  });

  test('has another version when anything in it differs', () => {
    const changes: Partial<Manifest>[] = [
      { algorithm: { name: 'ease', parameters: { lambda: 301 } } },
      { weighting: { kind: 'exponential', halfLifeDays: 90 } },
      { metrics: { 'ndcg@20': { value: 0.112, low: 0.104, high: 0.118 } } },
      { dataset: { ...manifest.dataset, to: '2011-12-09T12:51:00' } },
      { files: describeFiles({ ...files, 'popular.json': Buffer.from('{}') }) },
    ];
    const versions = changes.map((change) => versionOf({ ...manifest, ...change }));
    expect(new Set([version, ...versions]).size).toBe(changes.length + 1);
  });

  test('holds nothing of when, where or by whom it was made', () => {
    expect(issues(Manifest, { ...manifest, startedAt: '2026-01-01T00:00:00Z' })).toEqual(['']);
    expect(issues(Manifest, { ...manifest, dataset: { ...manifest.dataset, path: '/home/ann' } })).toEqual(['dataset']);
  });

  test.each([
    ['schemaVersion', { schemaVersion: 2 }],
    ['model', { model: 'Shop' }],
    ['weighting.halfLifeDays', { weighting: { kind: 'exponential', halfLifeDays: 0 } }],
    ['metrics.ndcg@20.value', { metrics: { 'ndcg@20': { value: Number.NaN, low: 0, high: 0 } } }],
    ['dataset.sha256', { dataset: { ...manifest.dataset, sha256: 'A'.repeat(64) } }],
    ['evaluation.cut', { evaluation: { ...manifest.evaluation, cut: 'October' } }],
    [
      'files.popular.json',
      { files: { 'model.onnx': manifest.files['model.onnx'], 'items.json': manifest.files['items.json'] } },
    ],
    ['files', { files: { ...manifest.files, 'users.json': manifest.files['items.json'] } }],
  ])('is refused for %s', (path, change) => {
    expect(issues(Manifest, { ...manifest, ...change })).toEqual([path]);
  });
});

describe('a channel', () => {
  const channel = { version, previous: null, promotedAt: '2026-01-01T00:00:00.000Z', promotedBy: 'ann' };

  test('may have no previous version, and always has a version', () => {
    expect(issues(Channel, channel)).toEqual([]);
    expect(issues(Channel, { ...channel, previous: version })).toEqual([]);
    expect(issues(Channel, { ...channel, version: null })).toEqual(['version']);
  });
});

describe('a training run', () => {
  test.each(['../a', '.a', 'a/b', '', 'a b'])('does not have the id %j', (id) => {
    expect(issues(TrainingRun, { ...trainingRun('a', version, '2026-01-01T00:00:00Z'), id })).toEqual(['id']);
  });
});

test('the fixture files follow their schemas', () => {
  expect(ItemCatalogue.parse(JSON.parse(files['items.json'].toString())).length).toBe(manifest.dataset.items);
  expect(PopularItems.parse(JSON.parse(files['popular.json'].toString())).windowDays).toBe(28);
});
