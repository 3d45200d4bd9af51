import { randomInt } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ItemCatalogue, openModelRegistry, PopularItems, versionOf } from '@cdktf-recommender/model-registry';
import { type ProgressEvent, type TrainResult, train } from '@cdktf-recommender/trainer';
import { Ease } from '../../trainer/src/algorithms/ease';
import { LinearModel } from '../../trainer/src/algorithms/linear-model';
import { purchasesBefore } from '../../trainer/src/data/purchases';
import { DEFAULT_SETTINGS } from '../../trainer/src/protocol';
import { RoundedModel } from '../../trainer/src/rounded-model';
import { verifyExport } from '../../trainer/src/verify';
import { CUSTOMERS, ITEMS, transactions } from './shop-file';

const CUT = '2011-06-01';
const seed = Number(process.env.SEED ?? randomInt(1, 2147483646));
const events: ProgressEvent[] = [];
let folder: string;
let data: string;
let trained: TrainResult;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trainer-'));
  data = join(folder, 'shop.csv');
  await writeFile(data, transactions(seed));
  trained = await train({ data, cut: CUT, model: 'shop' }, (event) => events.push(event));
});
afterAll(() => rm(folder, { recursive: true }));

describe(`training on a small shop, seed ${seed}`, () => {
  it('gives the same bytes for the same input', async () => {
    const again = await train({ data, cut: CUT, model: 'shop' });
    expect(versionOf(again.draft.manifest)).toBe(versionOf(trained.draft.manifest));
    for (const [name, bytes] of Object.entries(trained.draft.files)) {
      expect(Buffer.compare(again.draft.files[name as keyof typeof again.draft.files], bytes)).toBe(0);
    }
  });

  it('gives another version for another λ', async () => {
    const other = await train({ data, cut: CUT, model: 'shop', settings: { ...DEFAULT_SETTINGS, lambda: 100 } });
    expect(versionOf(other.draft.manifest)).not.toBe(versionOf(trained.draft.manifest));
    expect(other.draft.manifest.algorithm.parameters.lambda).toBe(100);
  });

  it('gives what a registry registers', async () => {
    const registry = await openModelRegistry(pathToFileURL(join(folder, 'store')).href, 'shop');
    const version = await registry.register(trained.draft);
    expect(version).toBe(versionOf(trained.draft.manifest));
    expect((await registry.fetch(version)).manifest).toEqual(trained.draft.manifest);
  });

  it('describes the data and the evaluation in the manifest', () => {
    const { dataset, evaluation, metrics, weighting } = trained.draft.manifest;
    expect(dataset).toMatchObject({ name: 'shop.csv', interactions: 800, customers: CUSTOMERS, items: ITEMS });
    expect(evaluation).toMatchObject({ cut: CUT, customers: trained.evaluation.model.customers });
    expect(weighting).toEqual(DEFAULT_SETTINGS.weighting);
    for (const [name, { value, low, high }] of Object.entries(metrics)) {
      expect({ name, ordered: low <= value && value <= high }).toEqual({ name, ordered: true });
    }
  });

  it('names every item, and the popular ones by customers of the last 28 days', () => {
    const { files } = trained.draft;
    const catalogue = ItemCatalogue.parse(JSON.parse(files['items.json'].toString()));
    const popular = PopularItems.parse(JSON.parse(files['popular.json'].toString()));
    expect(catalogue[7]).toEqual({ id: '20007', name: 'ITEM 7' });
    const { interactions } = trained;
    const since = Math.max(...interactions.time) + 1 - 28 * 86_400_000;
    for (const { index, customers } of popular.items) {
      const buyers = [...interactions.customer].filter(
        (_, event) => interactions.item[event] === index && (interactions.time[event] ?? 0) >= since,
      );
      expect(new Set(buyers).size).toBe(customers);
    }
    const counts = popular.items.map(({ customers }) => customers);
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
  });

  it('reports each step when it starts and when it is done, with its time', () => {
    const started = events.filter(({ status }) => status === 'started').map(({ step }) => step);
    const finished = events.filter(({ status }) => status === 'finished').map(({ step }) => step);
    expect(started).toEqual(finished);
    expect(started).toEqual(Object.keys(trained.run.timings));
    expect(trained.peakRssBytes).toBeGreaterThan(10e6);
  });

  it("exports a model that answers every customer with the trainer's own scores", async () => {
    const purchases = purchasesBefore(trained.interactions);
    const model = new RoundedModel(await new Ease(DEFAULT_SETTINGS).fit(purchases));
    const { customers, largestDifference } = await verifyExport(trained.draft.files['model.onnx'], model, purchases);
    expect(customers).toBe(CUSTOMERS);
    expect(largestDifference).toBeLessThan(1e-6);
  });

  it("fails the check when the export is not the trainer's model", async () => {
    const purchases = purchasesBefore(trained.interactions);
    const { size, weights, weighting } = await new Ease(DEFAULT_SETTINGS).fit(purchases);
    const other = new LinearModel(
      size,
      weights.map((weight) => weight * 1.001 + 0.001),
      weighting,
    );
    await expect(verifyExport(trained.draft.files['model.onnx'], other, purchases)).rejects.toThrow(
      /^the exported model's answer for customer \d+ differs from the trainer's by /,
    );
  });
});

it.each(['2011-02-30', '1 June', ''])('refuses the cut %p', async (cut) => {
  await expect(train({ data, cut })).rejects.toThrow(`"${cut}" is not a day of the form YYYY-MM-DD`);
});
