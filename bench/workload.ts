import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openModelRegistry } from '@cdktf-recommender/model-registry';
import { FileUserStateStore } from '@cdktf-recommender/model-server';
import { type HistoryKind, histories } from './histories';
import { rawRequest } from './load-generator';
import { SYNTHETIC_MODEL, syntheticVersion } from './synthetic-version';

export const CHANNEL = 'production';
/** Recommendations that every request asks for. */
export const LIMIT = 20;
const WRITERS = 16;

/** What every server of the benchmark loads and is asked for. */
export interface Workload {
  readonly kind: HistoryKind;
  /** For `RECOMMENDER_STORE`. */
  readonly store: string;
  /** For `RECOMMENDER_USERS`. */
  readonly users: string;
  /** Folder with `model.onnx`, `items.json` (`[{ id, name }]`) and `histories-<kind>.json` (`[[item id]]`, by customer). */
  readonly peers: string;
  readonly customers: number;
  /** Items of a history: what the figures depend on. */
  readonly historyLength: { readonly mean: number; readonly median: number; readonly max: number };
  /** One request for each customer. */
  readonly requests: readonly string[];
}

/** Path of a customer's recommendations, the same for every server. */
export const recommendationsPath = (user: number) => `/v1/users/${user}/recommendations?limit=${LIMIT}`;

/** Writes the model once for all histories. */
export async function createModelStore(folder: string): Promise<void> {
  const { manifest, files } = syntheticVersion();
  const registry = await openModelRegistry(join(folder, 'store'), SYNTHETIC_MODEL);
  await registry.promote(CHANNEL, await registry.register({ manifest, files }), { by: 'bench' });
  await mkdir(join(folder, 'model'), { recursive: true });
  for (const name of ['model.onnx', 'items.json'] as const) await writeFile(join(folder, 'model', name), files[name]);
}

/** Writes the histories of a kind beside the model of {@link createModelStore}. */
export async function createWorkload(folder: string, kind: HistoryKind): Promise<Workload> {
  const all = await histories(kind);
  const users = join(folder, `users-${kind}`);
  const store = new FileUserStateStore({ directory: users, usersCached: 0 });
  const left = all.entries();
  const write = async () => {
    for (const [user, items] of left)
      await store.append(
        `${user}`,
        items.map((item) => ({ item, at: 0 })),
      );
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  await store.close();
  await writeFile(join(folder, 'model', `histories-${kind}.json`), JSON.stringify(all));
  const lengths = all.map(({ length }) => length).sort((a, b) => a - b);
  return {
    kind,
    store: join(folder, 'store'),
    users,
    peers: join(folder, 'model'),
    customers: all.length,
    historyLength: {
      mean: Math.round((lengths.reduce((sum, length) => sum + length, 0) / lengths.length) * 10) / 10,
      median: lengths[Math.floor(lengths.length / 2)] as number,
      max: lengths.at(-1) as number,
    },
    requests: all.map((_, user) => rawRequest('GET', recommendationsPath(user))),
  };
}
