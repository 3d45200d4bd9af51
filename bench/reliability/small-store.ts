import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openModelRegistry } from '@cdktf-recommender/model-registry';
import { recommenderGraph } from '@cdktf-recommender/trainer';
import { SYNTHETIC_MODEL, syntheticVersion } from '../synthetic-version';
import { CHANNEL } from '../workload';

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
  const registry = await openModelRegistry(store, SYNTHETIC_MODEL);
  const ids = Array.from({ length: items }, (_, i) => `item-${i}`);
  const registered: string[] = [];
  for (let seed = 1; seed <= versions; seed++)
    registered.push(await registry.register(syntheticVersion({ items, seed })));
  const models = join(directory, 'models');
  await mkdir(join(models, 'tiny'), { recursive: true });
  await writeFile(
    join(models, 'tiny/model.onnx'),
    recommenderGraph({ values: new Int8Array(16), scales: new Float32Array(4), items: 4 }),
  );
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
