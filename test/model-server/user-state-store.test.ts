import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileUserStateStore } from '../../model-server/src/user-state/file-user-state-store';
import { loadUsers, UserFileError } from '../../model-server/src/user-state/load-users';
import { MAX_EVENTS_PER_USER } from '../../model-server/src/user-state/user-state-store';
import { Workbench } from './fixtures';

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

  it('knows nothing of a stranger', async () => {
    expect(await store.get('ann')).toBeUndefined();
    expect(await store.get('ann')).toBeUndefined();
    expect(await store.erase('ann')).toBe(false);
  });

  it('keeps each item once, at its newest event, the newest first', async () => {
    await store.append('ann', [
      { item: 'a', at: 10 },
      { item: 'b', at: 30 },
      { item: 'a', at: 20 },
    ]);
    await store.append('ann', [
      { item: 'c', at: 25 },
      { item: 'b', at: 5 },
    ]);
    const state = {
      user: 'ann',
      events: [
        { item: 'b', at: 30 },
        { item: 'c', at: 25 },
        { item: 'a', at: 20 },
      ],
    };
    expect(await store.get('ann')).toEqual(state);
    expect(await new FileUserStateStore({ directory, usersCached }).get('ann')).toEqual(state);
  });

  it('loses none of many appends at once', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, at) => store.append('ann', [{ item: `item-${at}`, at }])));
    expect((await store.get('ann'))?.events).toHaveLength(50);
    expect((await files(directory)).map(({ path }) => path)).toEqual([expect.stringMatching(/\.json$/)]);
  });

  it(`keeps the newest ${MAX_EVENTS_PER_USER} items of a customer`, async () => {
    const events = Array.from({ length: MAX_EVENTS_PER_USER + 5 }, (_, at) => ({ item: `item-${at}`, at }));
    await store.append('ann', events);
    const kept = (await store.get('ann'))?.events;
    expect([kept?.length, kept?.at(-1)?.at]).toEqual([MAX_EVENTS_PER_USER, 5]);
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

  it('keeps apart ids that file systems confuse', async () => {
    const ids = ['Ann', 'ann', '../ann', 'a/b', 'a\\b', '.', '名', 'x'.repeat(128)];
    for (const [at, id] of ids.entries()) await store.append(id, [{ item: id, at }]);
    for (const id of ids) expect((await store.get(id))?.events[0]?.item).toBe(id);
    expect((await store.list(100)).sort()).toEqual([...ids].sort());
    expect(await store.list(3)).toHaveLength(3);
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
  it('answers a cached customer at once, and keeps no more than it may', async () => {
    const store = new FileUserStateStore({ directory: await bench.directory(), usersCached: 2 });
    for (const user of ['ann', 'bob', 'cid']) await store.append(user, [{ item: 'a', at: 1 }]);
    expect(store.get('cid')).toMatchObject({ user: 'cid' });
    expect(store.get('ann')).toBeInstanceOf(Promise);
    expect(await store.get('ann')).toMatchObject({ user: 'ann' });
  });

  it('does not bring back what was erased while it was being read', async () => {
    const directory = await bench.directory();
    await new FileUserStateStore({ directory, usersCached: 0 }).append('ann', [{ item: 'a', at: 1 }]);
    const store = new FileUserStateStore({ directory, usersCached: 2 });
    await Promise.all([store.get('ann'), store.erase('ann')]);
    expect(await store.get('ann')).toBeUndefined();
  });
});

describe('loadUsers', () => {
  async function load(lines: unknown[], store?: FileUserStateStore) {
    const directory = await bench.directory();
    const path = join(directory, 'users.jsonl');
    await writeFile(path, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
    const target = store ?? new FileUserStateStore({ directory: join(directory, 'users'), usersCached: 0 });
    return { target, path, directory: join(directory, 'users'), loaded: loadUsers(path, target) };
  }

  it('takes times with a zone, without one as UTC, and as milliseconds', async () => {
    const at = Date.parse('2011-09-30T12:00:00Z');
    const events = ['2011-09-30T12:00:00', '2011-09-30T14:00:00+02:00', '2011-09-30T12:00:00Z', at];
    const { target, loaded } = await load([
      { user: 'ann', events: events.map((time, i) => ({ item: `item-${i}`, at: time })) },
      '',
      { user: 'bob', events: [{ item: 'item-0', at }] },
    ]);
    expect(await loaded).toEqual({ users: 2, events: 5 });
    expect((await target.get('ann'))?.events.map((event) => event.at)).toEqual([at, at, at, at]);
  });

  it('is the same when done twice, and joins several lines of one customer', async () => {
    const lines = [1, 2, 3].map((at) => ({ user: 'ann', events: [{ item: `item-${at}`, at }] }));
    const { target, loaded } = await load(lines);
    await loaded;
    const once = await target.get('ann');
    await (await load(lines, target)).loaded;
    expect(once?.events).toHaveLength(3);
    expect(await target.get('ann')).toEqual(once);
  });

  it('fails with the number of every bad line, and loads nothing', async () => {
    const good = { user: 'ann', events: [] };
    const { loaded, directory } = await load([
      good,
      '{"user":',
      { user: '', events: [] },
      { user: 'bob', events: [{ item: 'a', at: 'yesterday' }] },
      { user: 'bob', events: [], name: 'Bob' },
      ...Array.from({ length: 9 }, () => '[]'),
    ]);
    const error = await loaded.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UserFileError);
    const { message, problems } = error as UserFileError;
    expect(problems).toHaveLength(13);
    expect(message).toMatch(/users\.jsonl: 13 lines can't be read, so nothing was loaded/);
    expect(message).toMatch(/line 2: .*JSON/);
    expect(message).toMatch(/line 3: user: a customer's id, 1 to 128 characters/);
    expect(message).toMatch(/line 4: events\.0\.at: must be an ISO 8601 time or whole milliseconds/);
    expect(message).toMatch(/line 5: the line: Unrecognized key: "name"/);
    expect(message).toMatch(/and 3 more/);
    expect(await files(directory)).toEqual([]);
  });

  it('tells how far it is', async () => {
    const directory = await bench.directory();
    const path = join(directory, 'users.jsonl');
    await writeFile(path, ['ann', 'bob'].map((user) => JSON.stringify({ user, events: [] })).join('\n'));
    const seen: number[] = [];
    const store = new FileUserStateStore({ directory: join(directory, 'users'), usersCached: 0 });
    await loadUsers(path, store, { onProgress: (users) => seen.push(users) });
    expect(seen).toEqual([1, 2]);
  });
});
