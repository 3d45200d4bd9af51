import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DirectoryObjectStore, ModelRegistry } from '@cdktf-recommender/model-registry';
import type { LocalVersion } from '../../../model-server/src/models/local-version';
import { ModelCache } from '../../../model-server/src/models/model-cache';
import { RecommenderModel } from '../../../model-server/src/recommender-model';
import { flipByte, MODEL, silent, smallVersion, Workbench } from '../fixtures';

const FILES = ['items.json', 'manifest.json', 'model.onnx', 'popular.json'];

/** A store that is not on this machine, as far as its reader can tell, and counts what is asked of it. */
class DistantStore extends DirectoryObjectStore {
  requests = 0;

  override get(key: string) {
    this.requests++;
    return super.get(key);
  }

  override stream(key: string) {
    this.requests++;
    return super.stream(key);
  }

  override localPath() {
    return undefined;
  }
}

describe('ModelCache', () => {
  const bench = new Workbench();
  let store: DistantStore;
  let registry: ModelRegistry;
  let directory: string;
  let lookups: string[];
  beforeEach(async () => {
    store = new DistantStore(await bench.directory());
    registry = new ModelRegistry(store, MODEL);
    directory = join(await bench.directory(), 'cache');
    lookups = [];
  });
  afterEach(() => bench.cleanUp());

  const register = (items: number) => registry.register(smallVersion({ items }));
  const cache = (bytes = 1e9) =>
    new ModelCache({ directory, bytes, logger: silent, onLookup: (result) => lookups.push(result) });
  const pathOf = (version: string, name = '') => join(directory, MODEL, 'versions', version, name);
  const versions = async () => (await readdir(pathOf(''))).sort();
  const temporary = () => readdir(join(directory, '.tmp')).catch(() => []);
  /** Loads the model for real, and gives what it was loaded from. */
  const load = async (files: LocalVersion) => {
    await (await RecommenderModel.load(files)).close();
    return files;
  };

  it('fetches a version once, and then asks nothing of the store', async () => {
    const version = await register(6);
    const files = await cache().load(registry, version, load);
    expect((await readdir(pathOf(version))).sort()).toEqual(FILES);
    expect(await readFile(files.graph)).toEqual((await registry.fetch(version)).files['model.onnx']);
    store.requests = 0;
    expect(await cache().load(registry, version, load)).toEqual(files);
    expect([store.requests, lookups, await temporary()]).toEqual([0, ['miss', 'hit'], []]);
  });

  it.each(FILES)('finds a flipped byte in its %s, throws the version away and fetches it again', async (name) => {
    const version = await register(6);
    await cache().load(registry, version, load);
    await flipByte(pathOf(version, name));
    const files = await cache().load(registry, version, load);
    expect([lookups, files.version]).toEqual([['miss', 'corrupt'], version]);
    expect(await cache().load(registry, version, load)).toEqual(files);
  });

  it.each(FILES)('fetches a version again whose %s is gone', async (name) => {
    const version = await register(6);
    await cache().load(registry, version, load);
    await rm(pathOf(version, name));
    expect((await cache().load(registry, version, load)).version).toBe(version);
    expect((await readdir(pathOf(version))).sort()).toEqual(FILES);
  });

  it.each(FILES)('keeps nothing of a version whose %s is damaged in the store', async (name) => {
    const version = await register(6);
    await flipByte(store.root, MODEL, 'versions', version, name);
    await expect(cache().load(registry, version, load)).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringContaining(`${store.url}/${MODEL}/versions/${version}/${name} is corrupt`),
    });
    await expect(stat(pathOf(version))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await temporary()).toEqual([]);
  });

  it('makes room by the versions used longest ago', async () => {
    const [one, two, three] = [await register(6), await register(7), await register(8)];
    const { manifest } = smallVersion({ items: 8 });
    const largest = Object.values(manifest.files).reduce((sum, { bytes }) => sum + bytes, 0);
    const twoFit = cache(largest * 2.9);
    await twoFit.load(registry, one, load);
    await twoFit.load(registry, two, load);
    await utimes(pathOf(one), 1, 2);
    await utimes(pathOf(two), 1, 1);
    await twoFit.load(registry, three, load);
    expect(await versions()).toEqual([one, three].sort());
  });

  it('refuses a version that is larger than itself, saying what to set', async () => {
    const version = await register(6);
    await expect(cache(1000).load(registry, version, load)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/^the version has \d+ bytes, and the model cache holds 1000$/),
      hint: 'Raise modelCacheMegabytes (RECOMMENDER_MODEL_CACHE_MEGABYTES).',
    });
  });

  it('gives each of many that share it its version, though they crowd out each other’s', async () => {
    const all = [await register(6), await register(7), await register(8)];
    const { manifest } = smallVersion({ items: 8 });
    const room = Object.values(manifest.files).reduce((sum, { bytes }) => sum + bytes, 0);
    const loaded = await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        const version = all[i % 3] as string;
        return (await cache(room).load(registry, version, load)).version === version;
      }),
    );
    expect(loaded).toEqual(Array(12).fill(true));
    expect(await temporary()).toEqual([]);
  });

  it('reads a store on this machine where it is', async () => {
    const version = await register(6);
    const local = new ModelRegistry(new DirectoryObjectStore(store.root), MODEL);
    const { graph } = await cache().load(local, version, load);
    expect(graph).toBe(join(store.root, MODEL, 'versions', version, 'model.onnx'));
    await expect(stat(directory)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('removes what a process left that died while it fetched, an hour later', async () => {
    const [old, recent] = [join(directory, '.tmp', 'old'), join(directory, '.tmp', 'recent')];
    for (const path of [old, recent]) await mkdir(path, { recursive: true });
    await utimes(old, new Date(Date.now() - 3_700_000), new Date(Date.now() - 3_700_000));
    await cache().load(registry, await register(6), load);
    expect(await temporary()).toEqual(['recent']);
  });

  it('says what to set when its directory can not be used', async () => {
    directory = join(store.root, 'a-file');
    await writeFile(directory, '');
    await expect(cache().load(registry, await register(6), load)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringMatching(/^can't use the model cache .*a-file: (EEXIST|ENOTDIR)/),
      hint: expect.stringContaining('RECOMMENDER_MODEL_CACHE'),
    });
  });
});
