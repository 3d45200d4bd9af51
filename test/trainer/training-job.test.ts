import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openModelRegistry } from '@cdktf-recommender/model-registry';
import { DEFAULT_SETTINGS, train } from '@cdktf-recommender/trainer';
import { HYPERPARAMETERS, optionsOf } from '../../trainer/src/training-job/hyperparameters';
import { runTrainingJob } from '../../trainer/src/training-job/training-job';
import { transactions } from './shop-file';

const CUT = '2011-06-01';
const shop = transactions(7);
let folder: string;
let lines: Record<string, unknown>[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'training-job-test-'));
  lines = [];
});
afterEach(() => rm(folder, { recursive: true }));

/** What SageMaker mounts. */
async function job(hyperparameters: object | undefined, files: Record<string, string>): Promise<number> {
  await mkdir(join(folder, 'input/config'), { recursive: true });
  if (hyperparameters) {
    await writeFile(join(folder, 'input/config/hyperparameters.json'), JSON.stringify(hyperparameters));
  }
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, 'input/data/purchases', name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, text);
  }
  return runTrainingJob({ root: folder, jobName: 'retraining-2026-11-22', log: (line) => lines.push(line) });
}

const failure = () => readFile(join(folder, 'output/failure'), 'utf8');

describe('a training job', () => {
  it('leaves a model store of one version, with the run that made it, and no channel', async () => {
    expect(await job({ model: 'shop', cut: CUT, lambda: '100' }, { 'shop.csv': shop })).toBe(0);
    const registry = await openModelRegistry(join(folder, 'model'), 'shop');
    const [version, ...more] = await registry.versions();
    expect(more).toEqual([]);
    const { manifest } = await registry.fetch(version as string);
    expect(manifest.algorithm.parameters.lambda).toBe(100);
    expect(await registry.runs()).toMatchObject([
      { id: 'retraining-2026-11-22', version, by: 'training job retraining-2026-11-22' },
    ]);
    expect([...(await registry.channels()).keys()]).toEqual([]);
    expect(lines.at(-1)).toMatchObject({ version, 'ndcg@20': manifest.metrics['ndcg@20']?.value });
    expect(existsSync(join(folder, 'output/failure'))).toBe(false);
  });

  it('trains what the trainer trains of the same file', async () => {
    await job({ model: 'shop', cut: CUT }, { 'shop.csv': shop });
    const { draft } = await train({ data: join(folder, 'input/data/purchases/shop.csv'), model: 'shop', cut: CUT });
    const registry = await openModelRegistry(join(folder, 'model'), 'shop');
    const { manifest } = await registry.fetch((await registry.versions())[0] as string);
    expect(manifest).toEqual(draft.manifest);
  });

  it('tests on the last days of the data when it is told how many', async () => {
    expect(await job({ model: 'shop', testDays: '28' }, { 'shop.csv': shop })).toBe(0);
    const registry = await openModelRegistry(join(folder, 'model'), 'shop');
    const { manifest } = await registry.fetch((await registry.versions())[0] as string);
    expect(manifest.dataset.to.slice(0, 10)).toBe('2011-10-27');
    expect(manifest.evaluation.cut).toBe('2011-09-30');
  });

  it('takes all files of the channel for one', async () => {
    const [head, ...rows] = shop.trim().split('\n') as [string, ...string[]];
    const part = (from: number, to?: number) => `${[head, ...rows.slice(from, to)].join('\n')}\n`;
    expect(await job({ model: 'shop', cut: CUT }, { '2011/a.csv': part(0, 400), '2011/b.csv': part(400) })).toBe(0);
    const registry = await openModelRegistry(join(folder, 'model'), 'shop');
    const { manifest } = await registry.fetch((await registry.versions())[0] as string);
    expect(manifest.dataset).toMatchObject({ name: 'transactions.csv', interactions: 800 });
  });

  it.each<[string, object | undefined, Record<string, string>, RegExp]>([
    ['there is no data', {}, {}, /input\/data\/purchases has no file; the channel purchases must bring/],
    ['the data is something else', undefined, { 'a.csv': 'a,b\n1,2\n' }, /a\.csv/],
    ['a hyperparameter is wrong', { lambda: 'much' }, { 'shop.csv': shop }, /lambda is "much"; allowed is a number$/],
  ])('fails when %s, and leaves the reason in one line and no model', async (_, hyperparameters, files, reason) => {
    expect(await job(hyperparameters, files)).toBe(1);
    expect(await failure()).toMatch(reason);
    expect((await failure()).split('\n')).toHaveLength(1);
    expect(await readdir(folder)).not.toContain('model');
  });

  it('fails when the hyperparameters are no JSON object', async () => {
    await job(['lambda'], { 'shop.csv': shop });
    expect(await failure()).toMatch(/hyperparameters\.json must hold a JSON object$/);
  });
});

describe('the hyperparameters', () => {
  it('are those of the published model when left out', () => {
    expect(optionsOf({})).toEqual({
      model: undefined,
      cut: undefined,
      testDays: undefined,
      settings: DEFAULT_SETTINGS,
    });
  });

  it('are texts, of which none leaves out what a setting adds', () => {
    expect(
      optionsOf({
        lambda: '400',
        trainingHalfLifeDays: 'none',
        trendWindowDays: 'none',
        historyHalfLifeDays: 'none',
      }).settings,
    ).toEqual({ lambda: 400, weighting: { kind: 'binary' } });
    expect(optionsOf({ trendExponent: '0.5', historyHalfLifeDays: '30' }).settings).toMatchObject({
      trend: { windowDays: 28, exponent: 0.5 },
      weighting: { kind: 'exponential', halfLifeDays: 30 },
    });
  });

  it.each([
    [{ lamda: '1' }, `hyperparameter lamda is not known; there are ${HYPERPARAMETERS.join(', ')}`],
    [{ lambda: 'none' }, 'hyperparameter lambda is "none"; allowed is a number'],
    [{ testDays: '0.5' }, 'hyperparameter testDays is "0.5"; allowed is a whole number from 1'],
    [{ trendExponent: '' }, 'hyperparameter trendExponent is ""; allowed is a number, or none'],
  ])('fail when they are %p', (given, message) => {
    expect(() => optionsOf(given)).toThrow(message);
  });
});
