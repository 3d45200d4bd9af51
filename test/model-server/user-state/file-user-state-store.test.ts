import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileUserStateStore } from '../../../model-server/src/user-state/file-user-state-store';
import { Workbench } from '../fixtures';
import { describeUserStateStore } from './user-state-contract';

const bench = new Workbench();
afterEach(() => bench.cleanUp());

/** Every file below a directory, with its text. */
async function files(directory: string): Promise<{ path: string; text: string }[]> {
  const paths = await readdir(directory, { recursive: true }).catch(() => []);
  const found: { path: string; text: string }[] = [];
  for (const path of paths) {
    const full = join(directory, path);
    if ((await stat(full)).isFile()) found.push({ path, text: await readFile(full, 'utf8') });
  }
  return found;
}

describe.each([0, 100])('FileUserStateStore with %d users cached', (usersCached) => {
  let directory: string;
  let store: FileUserStateStore;
  beforeEach(async () => {
    directory = await bench.directory();
    store = new FileUserStateStore({ directory, usersCached });
  });

  describeUserStateStore(() => new FileUserStateStore({ directory, usersCached }));

  it('leaves nothing beside the history, whoever wrote it at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, at) => store.append('ann', [{ item: `item-${at}`, at }])));
    expect((await files(directory)).map(({ path }) => path)).toEqual([expect.stringMatching(/\.json$/)]);
  });

  it('erases a customer from memory and disk, with what a crash left, and nobody else', async () => {
    await store.append('ann@example.org', [{ item: 'a', at: 1 }]);
    await store.append('bob', [{ item: 'b', at: 1 }]);
    const [ann] = (await files(directory)).filter(({ text }) => text.includes('ann@'));
    await writeFile(join(directory, `${ann?.path}.half.tmp`), '{"user":"ann@exa');
    expect(await store.erase('ann@example.org')).toBe(true);
    expect(await store.get('ann@example.org')).toBeUndefined();
    expect((await store.get('bob'))?.events).toHaveLength(1);
    expect((await files(directory)).map(({ text }) => text)).toEqual(['{"user":"bob","events":[["b",1]]}']);
  });

  it('names its directory when it can not write there', async () => {
    const path = join(directory, 'a-file');
    await writeFile(path, '');
    const blocked = new FileUserStateStore({ directory: path, usersCached });
    // As on a full disk, what is wrong is the place and not the customer.
    await expect(blocked.append('ann', [{ item: 'a', at: 1 }])).rejects.toThrow(/a-file/);
  });

  it('lists the customers whose files are sound', async () => {
    for (const user of ['ann', 'bob']) await store.append(user, [{ item: 'a', at: 1 }]);
    const [broken] = (await files(directory)).filter(({ text }) => text.includes('ann'));
    await writeFile(join(directory, broken?.path as string), '{"user":"an');
    expect(await new FileUserStateStore({ directory, usersCached }).list(10)).toEqual(['bob']);
  });

  it('fails when a file is broken, and leaves it as it is', async () => {
    await store.append('ann', [{ item: 'a', at: 1 }]);
    const [ann] = await files(directory);
    await writeFile(join(directory, ann?.path as string), '{"user":"ann","events":7}');
    const fresh = new FileUserStateStore({ directory, usersCached });
    const problem = /[0-9a-f]{64}\.json is not a customer's history: .*expected array/;
    await expect(fresh.get('ann')).rejects.toThrow(problem);
    await expect(fresh.append('ann', [{ item: 'b', at: 2 }])).rejects.toThrow(problem);
    expect((await files(directory)).map(({ text }) => text)).toEqual(['{"user":"ann","events":7}']);
  });
});

describe('FileUserStateStore in memory', () => {
  it('answers a cached customer at once, and keeps no more bytes than it may', async () => {
    const directory = await bench.directory();
    const store = new FileUserStateStore({ directory, usersCached: 100, bytesCached: 5000 });
    const events = Array.from({ length: 20 }, (_, at) => ({ item: `item-${at}`, at }));
    for (const user of ['ann', 'bob', 'cid', 'dan']) await store.append(user, events);
    expect(store.get('dan')).toMatchObject({ user: 'dan' });
    expect(store.get('ann')).toBeInstanceOf(Promise);
  });

  it('answers a cached customer at once, and keeps no more than it may', async () => {
    const store = new FileUserStateStore({ directory: await bench.directory(), usersCached: 2 });
    for (const user of ['ann', 'bob', 'cid']) await store.append(user, [{ item: 'a', at: 1 }]);
    expect(store.get('cid')).toMatchObject({ user: 'cid' });
    expect(store.get('ann')).toBeInstanceOf(Promise);
    expect(await store.get('ann')).toMatchObject({ user: 'ann' });
  });
});
