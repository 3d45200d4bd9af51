import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelRegistry } from '@cdktf-recommender/model-registry';
import pino from 'pino';
import { buildEdgePack, type EdgePack, type EdgePackOptions } from './edge-pack';
import { ModelCache } from './models/model-cache';
import { RecommenderModel } from './recommender-model';

/**
 * The pack of a version in a registry, every byte of which is checked.
 *
 * @throws RegistryError when the version isn't there, or is damaged
 */
export async function edgePackOf(
  registry: ModelRegistry,
  version: string,
  options?: EdgePackOptions,
): Promise<{ readonly pack: EdgePack; readonly items: number }> {
  const directory = await mkdtemp(join(tmpdir(), 'recommender-edge-'));
  try {
    const cache = new ModelCache({ directory, bytes: Number.MAX_SAFE_INTEGER, logger: pino({ level: 'silent' }) });
    const model = await cache.load(registry, version, (files) => RecommenderModel.load(files));
    try {
      return { pack: await buildEdgePack(model, options), items: model.items.length };
    } finally {
      await model.close();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
