import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeFiles, openModelRegistry, recommenderSignature } from '@cdktf-recommender/model-registry';
import { recommenderGraph } from '@cdktf-recommender/trainer';
import { generator } from '../histories';

export const MODEL = 'synthetic';
export const CHANNEL = 'production';

export interface SmallStore {
  /** For `RECOMMENDER_STORE`. */
  readonly store: string;
  /** For `RECOMMENDER_USERS`; empty. */
  readonly users: string;
  /** For `RECOMMENDER_MODELS`: the model `tiny`, a recommender's graph of four items. */
  readonly models: string;
  /** Item ids of every version: `item-0` … */
  readonly items: readonly string[];
  /** Version ids; the channel points to the first. */
  readonly versions: readonly string[];
  /** Points the channel to a version, as a promotion does. */
  promote(version: string): Promise<void>;
  remove(): Promise<void>;
}

/**
 * A directory store with versions of random weights, all over the same items.
 *
 * @param options.items @default 500
 * @param options.versions @default 1
 */
export async function smallStore({ items = 500, versions = 1 } = {}): Promise<SmallStore> {
  const directory = await mkdtemp(join(tmpdir(), 'reliability-'));
  const store = join(directory, 'store');
  const registry = await openModelRegistry(store, MODEL);
  const ids = Array.from({ length: items }, (_, i) => `item-${i}`);
  const registered: string[] = [];
  for (let seed = 1; seed <= versions; seed++) registered.push(await registry.register(randomVersion(ids, seed)));
  const models = join(directory, 'models');
  await mkdir(join(models, 'tiny'), { recursive: true });
  await writeFile(join(models, 'tiny/model.onnx'), recommenderGraph({ weights: new Float32Array(16), items: 4 }));
  const promote = async (version: string) => {
    await registry.promote(CHANNEL, version, { by: 'reliability' });
  };
  await promote(registered[0] as string);
  return {
    store,
    users: join(directory, 'users'),
    models,
    items: ids,
    versions: registered,
    promote,
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

function randomVersion(ids: readonly string[], seed: number) {
  const items = ids.length;
  const random = generator(seed);
  const weights = Float32Array.from({ length: items * items }, () => (random() - 0.45) * 0.05);
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));
  const popular = Array.from({ length: Math.min(200, items) }, (_, index) => ({ index, customers: 1 }));
  const files = {
    'model.onnx': Buffer.from(recommenderGraph({ weights, items })),
    'items.json': json(ids.map((id, i) => ({ id, name: `Item number ${i}` }))),
    'popular.json': json({ windowDays: 28, items: popular }),
  };
  return {
    files,
    manifest: {
      schemaVersion: 1 as const,
      model: MODEL,
      algorithm: { name: 'random', parameters: { seed } },
      signature: recommenderSignature(items),
      weighting: { kind: 'binary' as const },
      metrics: {},
      evaluation: { protocol: 'none', cut: '2011-10-01', customers: 0 },
      dataset: {
        name: 'synthetic',
        source: 'bench/reliability/small-store.ts',
        sha256: '0'.repeat(64),
        from: '2011-01-01T00:00:00',
        to: '2011-01-02T00:00:00',
        interactions: 0,
        customers: 0,
        items,
      },
      files: describeFiles(files),
    },
  };
}
