import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeFiles, openModelRegistry, recommenderSignature } from '../../model-registry/src/index';
import type { ServerConfig } from '../../model-server/src/config';
import { CHANNEL, flipByte, MODEL, post, publish, request, smallVersion, Workbench } from './fixtures';

const fileOf = ({ store }: ServerConfig, version: string, name: string) =>
  join(store, MODEL, 'versions', version, name);

describe('ModelFollower', () => {
  const bench = new Workbench();
  afterEach(() => bench.cleanUp());

  const firstSimilar = async (url: string) => {
    const { body, headers } = await request(`${url}/v1/items/item-0/similar?limit=1`);
    return { item: body.items[0].id, version: headers.get('x-model-version') };
  };
  /** Recommends backwards: 0 → 5, 4 … */
  const backwards = { weight: (i: number, j: number) => (i === j ? 0 : 1 / (1 + ((i - j + 6) % 6))) };

  it('swaps to the version the channel points to, and back after a rollback', async () => {
    const config = await bench.config();
    const first = await publish(config.store);
    const { url, models } = await bench.server(config);
    expect(await firstSimilar(url)).toEqual({ item: 'item-1', version: first });

    const second = await publish(config.store, backwards);
    await models.look();
    expect(await firstSimilar(url)).toEqual({ item: 'item-5', version: second });

    await (await openModelRegistry(config.store, MODEL)).rollback(CHANNEL, { by: 'test' });
    await models.look();
    expect(await firstSimilar(url)).toEqual({ item: 'item-1', version: first });
    const { body } = await request(`${url}/metrics`);
    expect(body).toContain('recommender_model_loads_total{result="loaded"} 3');
    expect(body.match(/^recommender_model_info\{/gm)).toHaveLength(1);
  });

  it('follows by itself, every pollSeconds', async () => {
    const config = await bench.config({ pollSeconds: 1 });
    await publish(config.store);
    const { url } = await bench.server(config);
    const second = await publish(config.store, backwards);
    while ((await firstSimilar(url)).version !== second);
    expect((await firstSimilar(url)).item).toBe('item-5');
  });

  it('answers every request of a burst during a swap, each from one version', async () => {
    const config = await bench.config();
    await publish(config.store);
    const { url, models } = await bench.server(config);
    const second = await publish(config.store, backwards);
    const looking = models.look();
    const burst = Array.from({ length: 100 }, () => post(`${url}/v1/recommendations`, { items: ['item-0'], limit: 1 }));
    const replies = await Promise.all(burst);
    await looking;
    for (const { status, body } of replies) {
      expect([status, body.rung]).toEqual([200, 'session']);
      expect(body.items[0].id).toBe(body.modelVersion === second ? 'item-5' : 'item-1');
    }
  });

  it.each(['model.onnx', 'items.json', 'popular.json', 'manifest.json'])(
    'refuses a version with a flipped byte in %s and stays at the good one',
    async (name) => {
      const config = await bench.config();
      const good = await publish(config.store);
      const { url, models } = await bench.server(config);
      const bad = await publish(config.store, backwards);
      await flipByte(fileOf(config, bad, name));
      await models.look();
      expect(await firstSimilar(url)).toEqual({ item: 'item-1', version: good });
      expect((await request(`${url}/readyz`)).status).toBe(200);
      expect((await request(`${url}/v1/model`)).body.problem).toContain(name);
      expect((await request(`${url}/metrics`)).body).toContain('recommender_model_loads_total{result="refused"} 1');
    },
  );

  it('is not ready, and says why, when the only version has a flipped byte; a good one mends it', async () => {
    const config = await bench.config();
    await flipByte(fileOf(config, await publish(config.store), 'model.onnx'));
    const { url, models } = await bench.server(config);
    const { status, body, headers } = await request(`${url}/readyz`);
    expect([status, headers.get('retry-after')]).toEqual([503, '5']);
    expect(body.detail).toMatch(/model\.onnx is corrupt: sha256 [0-9a-f]{64} .*expected [0-9a-f]{64}/);
    expect(models.current).toBeUndefined();
    expect((await request(`${url}/v1/users/ann/recommendations`)).status).toBe(503);

    await publish(config.store, backwards);
    await models.look();
    expect((await request(`${url}/readyz`)).status).toBe(200);
  });

  it('refuses a version whose signature is not the one it serves', async () => {
    const config = await bench.config();
    const signature = recommenderSignature(6);
    const outputs = signature.outputs.map((output) => ({ ...output, type: 'float32' as const }));
    await publish(config.store, { signature: { ...signature, outputs } });
    const { url } = await bench.server(config);
    const { status, body } = await request(`${url}/readyz`);
    expect(status).toBe(503);
    expect(body.detail).toMatch(/^its manifest has the outputs indices float32.*this server serves indices int32/);
  });

  it('refuses a model that is not the graph its manifest describes', async () => {
    const config = await bench.config();
    const six = smallVersion();
    const files = { ...six.files, 'model.onnx': smallVersion({ items: 5 }).files['model.onnx'] };
    const registry = await openModelRegistry(config.store, MODEL);
    const version = await registry.register({ files, manifest: { ...six.manifest, files: describeFiles(files) } });
    await registry.promote(CHANNEL, version, { by: 'test' });
    const { url } = await bench.server(config);
    expect((await request(`${url}/readyz`)).body.detail).toMatch(/^model\.onnx has the inputs .*mask bool\[batch, 5\]/);
  });

  it('serves a pinned version, whatever the channel says', async () => {
    const config = await bench.config();
    const pinned = await publish(config.store);
    await publish(config.store, backwards);
    const { url, models } = await bench.server({ ...config, version: pinned });
    expect((await firstSimilar(url)).version).toBe(pinned);

    await publish(config.store, { weight: () => 1 });
    await models.look();
    expect((await firstSimilar(url)).version).toBe(pinned);
  });

  it('serves a pinned seed, whatever the store holds', async () => {
    const seed = join(await bench.directory(), 'seed');
    const seeded = await publish(seed, backwards);
    const config = await bench.config({ seed, version: 'seed' });
    await publish(config.store);
    const { url, models } = await bench.server(config);
    expect((await firstSimilar(url)).version).toBe(seeded);
    expect((await request(`${url}/v1/model`)).body).toMatchObject({ source: 'seed', problem: null });

    await publish(config.store, { weight: () => 1 });
    await models.look();
    expect((await firstSimilar(url)).version).toBe(seeded);
  });

  it('waits for a pinned version that the store does not have yet, and serves no other', async () => {
    const config = await bench.config({ pollSeconds: 1 });
    const pinned = await publish(await bench.directory(), backwards);
    await publish(config.store);
    const { url } = await bench.server({ ...config, version: pinned });
    const { status, body } = await request(`${url}/readyz`);
    expect([status, body.detail]).toEqual([503, expect.stringContaining(`has no version ${pinned}`)]);

    await publish(config.store, backwards);
    while ((await request(`${url}/readyz`)).status !== 200);
    expect((await firstSimilar(url)).version).toBe(pinned);
  });

  it('serves the seed while the store is empty, and the store as soon as it is not', async () => {
    const seed = join(await bench.directory(), 'seed');
    const seeded = await publish(seed, backwards);
    const config = await bench.config({ seed });
    const { url, models } = await bench.server(config);
    expect((await firstSimilar(url)).version).toBe(seeded);
    expect((await request(`${url}/v1/model`)).body).toMatchObject({ source: 'seed', problem: null });

    const first = await publish(config.store);
    await models.look();
    expect((await firstSimilar(url)).version).toBe(first);
    await rm(config.store, { recursive: true });
    await models.look();
    expect((await firstSimilar(url)).version).toBe(first);
  });

  it('does not hide a corrupt store behind the seed', async () => {
    const seed = join(await bench.directory(), 'seed');
    await publish(seed);
    const config = await bench.config({ seed });
    await flipByte(fileOf(config, await publish(config.store, backwards), 'model.onnx'));
    const { url } = await bench.server(config);
    expect((await request(`${url}/readyz`)).status).toBe(503);
  });

  it('serves the seed, and says why, when the store can not be reached at the start', async () => {
    const seed = join(await bench.directory(), 'seed');
    const seeded = await publish(seed);
    const config = await bench.config({ seed });
    await mkdir(join(config.store, MODEL), { recursive: true });
    await writeFile(join(config.store, MODEL, 'channels'), 'a file in the way of a directory');
    const { url } = await bench.server(config);
    expect((await firstSimilar(url)).version).toBe(seeded);
    const { body } = await request(`${url}/v1/model`);
    expect([body.source, body.problem]).toEqual(['seed', expect.stringContaining(config.store)]);
  });

  it('says in its metrics whether the version that answers is the one that is to', async () => {
    const wanted = async (url: string) =>
      (await request(`${url}/metrics`)).body.match(/^recommender_model_wanted (\d)$/m)?.[1];
    const seed = join(await bench.directory(), 'seed');
    await publish(seed, backwards);
    const config = await bench.config({ seed });
    const following = await bench.server(config);
    // Nothing was promoted yet, so the seed is what is to answer.
    expect(await wanted(following.url)).toBe('1');
    await flipByte(fileOf(config, await publish(config.store), 'model.onnx'));
    await following.models.look();
    expect(await wanted(following.url)).toBe('0');

    const pinned = await publish(config.store, { weight: () => 1 });
    const { url } = await bench.server({ ...config, version: pinned });
    expect(await wanted(url)).toBe('1');
    const store = join(await bench.directory(), 'empty');
    await mkdir(join(store, MODEL, 'versions'), { recursive: true });
    const awaiting = await bench.server({ ...config, store, version: pinned });
    // It answers by the seed, well, but that is not what was asked for.
    expect((await request(`${awaiting.url}/readyz`)).status).toBe(200);
    expect(await wanted(awaiting.url)).toBe('0');
  });

  it('refuses a seed of several versions', async () => {
    const seed = join(await bench.directory(), 'seed');
    await publish(seed);
    await publish(seed, backwards);
    const { url } = await bench.server(await bench.config({ seed }));
    expect((await request(`${url}/readyz`)).body.detail).toMatch(
      /holds 2 versions of "test"; it must hold exactly one/,
    );
  });
});
