import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ObjectBytes, ObjectStore, StoredObject } from '@cdktf-recommender/model-registry';
import type { StoreUnderTest } from './fixtures';

/** What every object store does. */
export function describeObjectStore(store: StoreUnderTest): void {
  const body = Buffer.from('one');
  const other = Buffer.from('two');
  let objects: ObjectStore;

  beforeEach(async () => {
    await store.fresh();
    objects = await store.open();
  });

  test('what was put is read back by another handle, with the ETag of the write', async () => {
    const { etag } = await objects.put('shop/a.json', body, { ifNoneMatch: '*' });
    expect(await (await store.open()).get('shop/a.json')).toMatchObject({ body, etag });
  });

  test('an empty object and every byte value survive', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    await objects.put('shop/empty', Buffer.alloc(0), { ifNoneMatch: '*' });
    await objects.put('shop/bytes', bytes, { ifNoneMatch: '*' });
    expect((await objects.get('shop/empty'))?.body.length).toBe(0);
    expect((await objects.get('shop/bytes'))?.body.equals(bytes)).toBe(true);
  });

  test('an object that is not there is undefined', async () => {
    await objects.put('shop/a', body, { ifNoneMatch: '*' });
    expect(await objects.get('shop/b')).toBeUndefined();
  });

  test('what did not change since it was written or read is not read again', async () => {
    const { etag } = await objects.put('shop/a', body, { ifNoneMatch: '*' });
    expect(await objects.getIfChanged('shop/a', etag)).toBe('unchanged');
    const read = (await (await store.open()).get('shop/a'))?.etag as string;
    expect(await objects.getIfChanged('shop/a', read)).toBe('unchanged');
  });

  test('what changed is read whole, with an ETag that then holds', async () => {
    const { etag } = await objects.put('shop/a', body, { ifNoneMatch: '*' });
    await objects.put('shop/a', other, { ifMatch: etag });
    const changed = await objects.getIfChanged('shop/a', etag);
    expect(changed).toMatchObject({ body: other });
    expect(await objects.getIfChanged('shop/a', (changed as StoredObject).etag)).toBe('unchanged');
    expect(await objects.getIfChanged('shop/none', etag)).toBeUndefined();
  });

  test('a stream gives every byte in pieces', async () => {
    const large = randomBytes(1_000_000);
    await objects.put('shop/large', large, { ifNoneMatch: '*' });
    await objects.put('shop/empty', Buffer.alloc(0), { ifNoneMatch: '*' });
    const pieces = await all(objects.stream('shop/large'));
    expect(pieces.length).toBeGreaterThan(1);
    expect(Buffer.concat(pieces).equals(large)).toBe(true);
    expect(Buffer.concat(await all(objects.stream('shop/empty'))).length).toBe(0);
    expect(await objects.stream('shop/none')).toBeUndefined();
  });

  test('a stream that is left early lets the next one be read', async () => {
    await objects.put('shop/large', Buffer.alloc(1_000_000, 'x'), { ifNoneMatch: '*' });
    for (let i = 0; i < 100; i++) {
      for await (const piece of (await objects.stream('shop/large')) ?? []) if (piece.length > 0) break;
    }
    expect(Buffer.concat(await all(objects.stream('shop/large'))).length).toBe(1_000_000);
  });

  test('a local path, where the store has one, is of the file with the bytes', async () => {
    await objects.put('shop/a', body, { ifNoneMatch: '*' });
    const path = objects.localPath('shop/a');
    expect(path === undefined ? body : await readFile(path)).toEqual(body);
    expect(path === undefined).toBe(/^(s3|az):/.test(objects.url));
  });

  test('ifNoneMatch refuses to replace, and leaves what is there', async () => {
    await objects.put('shop/a', body, { ifNoneMatch: '*' });
    await expect(objects.put('shop/a', other, { ifNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      code: 'PRECONDITION_FAILED',
      message: `${objects.url}/shop/a was changed by someone else`,
    });
    expect((await objects.get('shop/a'))?.body).toEqual(body);
  });

  test('ifMatch replaces what was read, once', async () => {
    const { etag } = await objects.put('shop/a', body, { ifNoneMatch: '*' });
    const second = await objects.put('shop/a', other, { ifMatch: etag });
    expect(second.etag).not.toBe(etag);
    await expect(objects.put('shop/a', body, { ifMatch: etag })).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
    expect((await objects.get('shop/a'))?.body).toEqual(other);
  });

  test('ifMatch does not create', async () => {
    const { etag } = await objects.put('shop/a', body, { ifNoneMatch: '*' });
    await expect(objects.put('shop/b', other, { ifMatch: etag })).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
    });
    expect(await objects.get('shop/b')).toBeUndefined();
  });

  test('of many that create at once, one wins and its bytes are there', async () => {
    const bodies = Array.from({ length: 12 }, (_, i) => Buffer.from(`writer ${i}`));
    expect(await winners(bodies, (body) => objects.put('shop/a', body, { ifNoneMatch: '*' }))).toEqual([
      (await objects.get('shop/a'))?.body,
    ]);
  });

  test('of many that replace at once, one wins and its bytes are there', async () => {
    const { etag } = await objects.put('shop/a', body, { ifNoneMatch: '*' });
    const handles = await Promise.all(Array.from({ length: 12 }, () => store.open()));
    const bodies = handles.map((_, i) => Buffer.from(`writer ${i}`));
    const won = await winners(bodies, (body, i) => (handles[i] as ObjectStore).put('shop/a', body, { ifMatch: etag }));
    expect(won).toEqual([(await objects.get('shop/a'))?.body]);
  });

  test('a list holds every key below the prefix and no other', async () => {
    for (const key of ['shop/runs/1.json', 'shop/runs/deep/er/2.json', 'shop/runs-old/3.json', 'other/runs/4.json']) {
      await objects.put(key, body, { ifNoneMatch: '*' });
    }
    expect((await keys(objects, 'shop/runs/')).sort()).toEqual(['shop/runs/1.json', 'shop/runs/deep/er/2.json']);
    expect(await keys(objects, 'shop/none/')).toEqual([]);
  });

  test.each(['', '/a', 'a/', 'a//b', '../a', 'a/../b', 'a/./b', 'a/.hidden', 'a\\b', 'a/b\0', 'a b', 'C:/a', 'é'])(
    'the key %j is refused',
    async (key) => {
      const refused = { code: 'INVALID_ARGUMENT', message: `"${key}" is not a key` };
      await expect(objects.get(key)).rejects.toMatchObject(refused);
      await expect(objects.put(key, body, { ifNoneMatch: '*' })).rejects.toMatchObject(refused);
      await expect(objects.getIfChanged(key, 'etag')).rejects.toMatchObject(refused);
      await expect(objects.stream(key)).rejects.toMatchObject(refused);
    },
  );

  test.each(['../', 'a/../', '/', 'a', ''])('the prefix %j is refused', async (prefix) => {
    await expect(keys(objects, prefix)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: `"${prefix}" is not a prefix, which ends with "/"`,
    });
  });
}

async function all(stream: Promise<ObjectBytes | undefined>): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of (await stream) ?? []) pieces.push(piece);
  return pieces;
}

export async function keys(store: ObjectStore, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const key of store.list(prefix)) found.push(key);
  return found;
}

/** The bodies whose write went through; every other must have failed its precondition. */
async function winners(bodies: Buffer[], write: (body: Buffer, i: number) => Promise<unknown>): Promise<Buffer[]> {
  const outcomes = await Promise.allSettled(bodies.map(write));
  const losses = outcomes.filter((outcome) => outcome.status === 'rejected').map((outcome) => outcome.reason.code);
  expect(losses).toEqual(Array(bodies.length - 1).fill('PRECONDITION_FAILED'));
  return bodies.filter((_, i) => outcomes[i]?.status === 'fulfilled');
}
