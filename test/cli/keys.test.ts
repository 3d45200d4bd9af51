import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiKeys } from '../../model-server/src/security/api-keys';
import { recommender } from './recommender';

describe('recommender keys create', () => {
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keys-'));
    file = join(folder, 'keys.jsonl');
  });
  afterAll(() => rm(folder, { recursive: true }));

  const create = (...args: string[]) => recommender(['keys', 'create', ...args]);

  it('prints a key, and a line that a server knows it by', async () => {
    const { exitCode, stdout } = await create('shop', '--scopes', 'recommendations:read', 'events:write');
    expect(exitCode).toBe(0);
    const [, key, , line] = stdout.split('\n') as [string, string, string, string];
    expect(ApiKeys.parse(line, 'line').verify(key.trim())?.id).toBe('key:shop');
  });

  it('adds keys to a file that only its owner reads, and shows the keys themselves only on the screen', async () => {
    const made = [];
    for (const id of ['shop', 'on-call']) {
      const { stdout } = await create(id, '--scopes', 'admin', '--expires', '2999-01-31', '--file', file, '--json');
      made.push(JSON.parse(stdout));
    }
    const text = await readFile(file, 'utf8');
    const keys = ApiKeys.parse(text, file);
    for (const { key, record } of made) {
      expect(record.expires).toBe('2999-01-31T00:00:00Z');
      expect(keys.verify(key)?.id).toBe(`key:${record.id}`);
      expect(text).not.toContain(key.slice(-20));
    }
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it.each([
    [['shop', '--scopes', 'everything'], /scopes\.0 must be a list of scopes, at least one of recommendations:read, /],
    [['Shop Key', '--scopes', 'admin'], /id must be 1 to 63 lowercase letters, digits and hyphens/],
    [['shop', '--scopes', 'admin', '--expires', 'tomorrow'], /allowed are days of the form YYYY-MM-DD/],
    [['shop'], /required option '--scopes <scopes...>' not specified/],
  ])('exits with 2 on %j and says what is allowed', async (args, message) => {
    const { exitCode, stdout, stderr } = await create(...args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n +at /);
  });

  it('exits with 2 and changes nothing when a key of that id is in the file, or the file is of something else', async () => {
    const other = join(folder, 'other.jsonl');
    await writeFile(other, 'not a key');
    expect((await create('again', '--scopes', 'admin', '--file', other)).exitCode).toBe(2);
    expect(await readFile(other, 'utf8')).toBe('not a key');
    const again = join(folder, 'again.jsonl');
    expect((await create('again', '--scopes', 'admin', '--file', again)).exitCode).toBe(0);
    const before = await readFile(again, 'utf8');
    const { exitCode, stderr } = await create('again', '--scopes', 'admin', '--file', again);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/line 2: there is another key "again" above/);
    expect(await readFile(again, 'utf8')).toBe(before);
  });
});
