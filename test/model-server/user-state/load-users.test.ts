import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileUserStateStore } from '../../../model-server/src/user-state/file-user-state-store';
import { loadUsers, UserFileError } from '../../../model-server/src/user-state/load-users';
import { Workbench } from '../fixtures';

const bench = new Workbench();
afterEach(() => bench.cleanUp());

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
    expect(message).toMatch(/line 4: events\.0\.at: an ISO 8601 time or whole milliseconds/);
    expect(message).toMatch(/line 5: the line: Unrecognized key: "name"/);
    expect(message).toMatch(/and 3 more/);
    expect(await readdir(directory).catch(() => [])).toEqual([]);
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
