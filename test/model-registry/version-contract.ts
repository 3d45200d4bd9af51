import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, ModelRegistry, type ObjectStore, sha256 } from '@cdktf-recommender/model-registry';
import {
  type Candidate,
  candidate,
  fileKey,
  InterceptedStore,
  MODEL,
  type StoreUnderTest,
  tamper,
  temporaryDirectory,
} from './fixtures';
import { keys } from './object-store-contract';

/** What the registry does with versions, on every store. */
export function describeVersions(store: StoreUnderTest): void {
  const [one, two, three] = [candidate(1), candidate(2), candidate(3)];
  let objects: ObjectStore;
  let registry: ModelRegistry;
  const register = async (...candidates: Candidate[]) => {
    for (const each of candidates) await registry.register(each);
  };

  beforeEach(async () => {
    await store.fresh();
    objects = await store.open();
    registry = new ModelRegistry(objects, MODEL);
  });

  test('a version is the SHA-256 of its canonical manifest, and comes back with every byte', async () => {
    const version = await registry.register(one);
    expect(version).toBe(sha256(canonicalJson(one.manifest)));
    expect(await new ModelRegistry(await store.open(), MODEL).fetch(version)).toEqual(one);
  });

  test('the layout is <model>/versions/<sha256>/ with four files', async () => {
    await register(one);
    expect((await keys(objects, `${MODEL}/`)).sort()).toEqual(
      ['items.json', 'manifest.json', 'model.onnx', 'popular.json'].map((name) => fileKey(one.version, name)),
    );
  });

  test('registering the same again changes nothing', async () => {
    await register(one);
    const watched = new InterceptedStore(objects, (_, write) => write());
    expect(await new ModelRegistry(watched, MODEL).register(one)).toBe(one.version);
    expect(watched.puts).toBe(0);
    expect(await registry.versions()).toEqual([one.version]);
  });

  test('many that register the same at once all succeed', async () => {
    const handles = await Promise.all(Array.from({ length: 6 }, () => store.open()));
    const versions = await Promise.all(handles.map((handle) => new ModelRegistry(handle, MODEL).register(one)));
    expect(new Set(versions)).toEqual(new Set([one.version]));
    expect(await registry.fetch(one.version)).toEqual(one);
  });

  test.each([1, 2, 3, 4])('a version whose write %i of 4 failed is not visible, and can be completed', async (n) => {
    const failing = new InterceptedStore(objects, async (number, write) => {
      if (number === n) throw new Error('the network is gone');
      return write();
    });
    await expect(new ModelRegistry(failing, MODEL).register(one)).rejects.toThrow('the network is gone');
    await register(two);
    expect(await registry.versions()).toEqual([two.version]);
    await expect(registry.manifest(one.version)).rejects.toMatchObject({ code: 'VERSION_NOT_FOUND' });
    await register(one);
    expect(await registry.fetch(one.version)).toEqual(one);
  });

  test('nothing is written of a version that contradicts itself', async () => {
    const files = { ...one.files, 'model.onnx': two.files['model.onnx'] };
    const { sha256: actual } = two.manifest.files['model.onnx'];
    const { sha256: expected } = one.manifest.files['model.onnx'];
    await expect(registry.register({ manifest: one.manifest, files })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: `model.onnx doesn't match its manifest: sha256 ${actual} (1000 bytes), expected ${expected} (1000 bytes)`,
    });
    await register(three);
    expect((await keys(objects, `${MODEL}/versions/`)).every((key) => key.includes(three.version))).toBe(true);
  });

  test('a manifest of another model is refused', async () => {
    await expect(registry.register(candidate(1, { model: 'other' }))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'the manifest is of model "other", and this is the registry of "shop"',
    });
  });

  test('a version that exists with other bytes is never replaced', async () => {
    await register(one);
    const key = fileKey(one.version, 'items.json');
    await tamper(objects, key, Buffer.from('[]'));
    await expect(registry.register(one)).rejects.toMatchObject({
      code: 'IMMUTABLE',
      message: `${objects.url}/${key} exists with other bytes: its sha256 is ${sha256(Buffer.from('[]'))}, not ${one.manifest.files['items.json'].sha256}`,
    });
    expect((await objects.get(key))?.body.toString()).toBe('[]');
  });

  test.each(['model.onnx', 'items.json', 'popular.json'] as const)('a changed %s is refused by name', async (name) => {
    await register(one);
    const changed = Buffer.from(one.files[name]);
    changed[0] = (changed[0] ?? 0) ^ 1;
    await tamper(objects, fileKey(one.version, name), changed);
    const expected = one.manifest.files[name];
    await expect(registry.fetch(one.version)).rejects.toMatchObject({
      code: 'CORRUPT',
      message: `${objects.url}/${fileKey(one.version, name)} is corrupt: sha256 ${sha256(changed)} (${expected.bytes} bytes), expected ${expected.sha256} (${expected.bytes} bytes)`,
    });
  });

  test('a download writes a file of the version, every byte checked', async () => {
    await register(one);
    const path = join(temporaryDirectory(), 'model.onnx');
    await registry.download(one.version, 'model.onnx', one.manifest.files['model.onnx'], path);
    expect((await readFile(path)).equals(one.files['model.onnx'])).toBe(true);
  });

  test.each([
    ['changed', Buffer.alloc(1000, 'other'), 'sha256 '],
    ['cut short', Buffer.alloc(999, 'other'), '(999 bytes), expected'],
    ['made longer', Buffer.alloc(5_000_000, 'other'), '(1000 bytes)'],
  ])('a download of a file that was %s is refused by name', async (_, bytes, problem) => {
    await register(one);
    const key = fileKey(one.version, 'model.onnx');
    await tamper(objects, key, bytes);
    const path = join(temporaryDirectory(), 'model.onnx');
    await expect(
      registry.download(one.version, 'model.onnx', one.manifest.files['model.onnx'], path),
    ).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringContaining(problem),
    });
  });

  test('a download of a file that is missing, or of a version that is not one, is refused', async () => {
    const path = join(temporaryDirectory(), 'model.onnx');
    const facts = one.manifest.files['model.onnx'];
    await expect(registry.download(one.version, 'model.onnx', facts, path)).rejects.toMatchObject({
      code: 'CORRUPT',
      message: `${objects.url}/${fileKey(one.version, 'model.onnx')} is corrupt: it is missing`,
    });
    await expect(registry.download('../..', 'model.onnx', facts, path)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  test('a changed manifest is refused, though it is a valid one', async () => {
    await register(one);
    const changed = canonicalJson({ ...one.manifest, weighting: { kind: 'exponential', halfLifeDays: 1 } });
    await tamper(objects, fileKey(one.version, 'manifest.json'), changed);
    await expect(registry.fetch(one.version)).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringContaining(`sha256 ${sha256(changed)}, expected ${one.version}`),
    });
  });

  test('a manifest that is not canonical has no version, whatever its hash', async () => {
    const body = Buffer.from(JSON.stringify(one.manifest, null, 2));
    await objects.put(fileKey(sha256(body), 'manifest.json'), body, { ifNoneMatch: '*' });
    await expect(registry.manifest(sha256(body))).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringContaining('is not canonical JSON'),
    });
  });

  test('a missing file is named', async () => {
    const manifest = canonicalJson(one.manifest);
    await objects.put(fileKey(one.version, 'manifest.json'), manifest, { ifNoneMatch: '*' });
    await expect(registry.fetch(one.version)).rejects.toMatchObject({
      code: 'CORRUPT',
      message: `${objects.url}/${fileKey(one.version, 'model.onnx')} is corrupt: it is missing`,
    });
  });

  test('a channel file that is not one is refused by name', async () => {
    await objects.put(`${MODEL}/channels/prod.json`, Buffer.from('{"version":"x"}'), { ifNoneMatch: '*' });
    await expect(registry.channel('prod')).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringContaining('channels/prod.json is corrupt: version: must be 64 lowercase hex digits'),
    });
  });
}
