import { rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiKeys, createApiKey, MAX_API_KEYS } from '../../../model-server/src/security/api-keys';
import { WatchedFile } from '../../../model-server/src/security/watched-file';
import { Workbench } from '../fixtures';

const file = (...records: unknown[]) => records.map((record) => JSON.stringify(record)).join('\n');

describe('an API key', () => {
  it('has 256 random bits behind a prefix and its id, and only its hash is stored', () => {
    const { key, record } = createApiKey({ id: 'shop', scopes: ['recommendations:read'] });
    expect(key).toMatch(/^rk_shop_[\w-]{43}$/);
    expect(record).toEqual({
      id: 'shop',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      scopes: ['recommendations:read'],
    });
    expect(JSON.stringify(record)).not.toContain(key.slice('rk_shop_'.length));
    expect(createApiKey({ id: 'shop', scopes: ['admin'] }).key).not.toBe(key);
  });

  it('is known by its file, with the scopes there', () => {
    const [shop, admin] = [
      createApiKey({ id: 'shop', scopes: ['recommendations:read', 'events:write'] }),
      createApiKey({ id: 'on-call-2', scopes: ['admin'] }),
    ];
    const keys = ApiKeys.parse(`# the shop\n${file(shop.record)}\n\n${file(admin.record)}\n`, 'keys');
    expect(keys.size).toBe(2);
    expect(keys.verify(shop.key)).toEqual({
      id: 'key:shop',
      scopes: new Set(['recommendations:read', 'events:write']),
    });
    expect(keys.verify(admin.key)?.id).toBe('key:on-call-2');
  });

  it('is refused when any of its characters is another, when it is cut off, and under another id', () => {
    const { key, record } = createApiKey({ id: 'shop', scopes: ['admin'] });
    const other = createApiKey({ id: 'other', scopes: ['users:read'] });
    const keys = ApiKeys.parse(file(record, other.record), 'keys');
    for (let at = 0; at < key.length; at++) {
      const changed = key[at] === 'A' ? 'B' : 'A';
      expect(keys.verify(key.slice(0, at) + changed + key.slice(at + 1))).toBeUndefined();
      expect(keys.verify(key.slice(0, at))).toBeUndefined();
    }
    expect(keys.verify(key.replace('shop', 'other'))).toBeUndefined();
    expect(keys.verify(key.replace('shop', 'nobody'))).toBeUndefined();
    expect(keys.verify(`${key}A`)).toBeUndefined();
    expect(keys.verify(record.sha256)).toBeUndefined();
  });

  it('is refused from the moment that it expires', () => {
    const { key, record } = createApiKey({ id: 'shop', scopes: ['admin'], expires: '2027-01-31T00:00:00Z' });
    const keys = ApiKeys.parse(file(record), 'keys');
    const end = Date.parse('2027-01-31T00:00:00Z');
    const clock = jest.spyOn(Date, 'now');
    try {
      clock.mockReturnValue(end - 1);
      expect(keys.verify(key)?.id).toBe('key:shop');
      clock.mockReturnValue(end);
      expect(keys.verify(key)).toBeUndefined();
    } finally {
      clock.mockRestore();
    }
  });
});

describe('a file of API keys', () => {
  const { record } = createApiKey({ id: 'shop', scopes: ['admin'] });

  it.each([
    ['{', 'line 1 is not JSON'],
    [file({ ...record, sha256: 'secret' }), 'line 1: sha256 must be 64 lowercase hex digits'],
    [`\n${file({ ...record, scopes: ['all'] })}`, 'line 2: scopes.0 must be a list of scopes, at least one of recomm'],
    [file({ ...record, scopes: [] }), 'line 1: scopes must be a list of scopes'],
    [file({ ...record, expires: 'soon' }), 'line 1: expires must be a time such as'],
    [file({ ...record, id: 'Shop' }), 'line 1: id must be 1 to 63 lowercase letters'],
    [file({ ...record, role: 'x' }), 'line 1: Unrecognized key: "role"'],
    [file(record, record), 'line 2: there is another key "shop" above'],
  ])('that holds %s is refused, and its line is named', (text, message) => {
    expect(() => ApiKeys.parse(text, 'keys.jsonl')).toThrow(`keys.jsonl, ${message}`);
  });

  it('does not show what it holds when it is refused', () => {
    const { key } = createApiKey({ id: 'shop', scopes: ['admin'] });
    for (const text of [key, file({ ...record, sha256: key }), file({ ...record, id: key })]) {
      let message = '';
      try {
        ApiKeys.parse(text, 'keys');
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).toMatch(/^keys, line 1/);
      expect(message).not.toContain(key.slice(10));
    }
  });

  it('has a bound', () => {
    const line = (id: number) => JSON.stringify({ ...record, id: `k${id}` });
    const lines = Array.from({ length: MAX_API_KEYS + 1 }, (_, id) => line(id));
    expect(ApiKeys.parse(lines.slice(1).join('\n'), 'keys').size).toBe(MAX_API_KEYS);
    expect(() => ApiKeys.parse(lines.join('\n'), 'keys')).toThrow('more than 10000 keys');
  });

  it('is read again when it changes, and a broken one changes nothing', async () => {
    const bench = new Workbench();
    const path = join(await bench.directory(), 'keys.jsonl');
    await writeFile(path, file(record));
    const heard: string[] = [];
    const watched = new WatchedFile(
      path,
      (text) => ApiKeys.parse(text, 'keys'),
      () => heard.push('read'),
      (error) => heard.push(error.message),
    );
    try {
      const second = createApiKey({ id: 'second', scopes: ['users:read'] });
      expect(watched.current.verify(second.key)).toBeUndefined();
      await writeFile(path, file(record, second.record));
      watched.look();
      expect(watched.current.verify(second.key)?.id).toBe('key:second');
      await writeFile(path, '{');
      watched.look();
      expect(watched.current.size).toBe(2);
      await writeFile(`${path}.new`, file(record));
      await rename(`${path}.new`, path);
      watched.look();
      expect(watched.current.verify(second.key)).toBeUndefined();
      await rename(path, `${path}.away`);
      watched.look();
      watched.look();
      expect(watched.current.size).toBe(1);
      const failures = [expect.stringMatching(/line 1 is not JSON/), expect.stringMatching(/^ENOENT/)];
      expect(heard).toEqual(['read', failures[0], 'read', failures[1]]);
    } finally {
      watched.close();
      await bench.cleanUp();
    }
  });

  it('is looked at by itself, also behind a link that is replaced, as Kubernetes mounts a secret', async () => {
    const bench = new Workbench();
    const folder = await bench.directory();
    const path = join(folder, 'keys.jsonl');
    const second = createApiKey({ id: 'second', scopes: ['users:read'] });
    await writeFile(join(folder, 'old'), file(record));
    await writeFile(join(folder, 'new'), file(record, second.record));
    await symlink('old', path);
    let watched: WatchedFile<ApiKeys> | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        watched = new WatchedFile(path, (text) => ApiKeys.parse(text, 'keys'), resolve, reject);
        symlink('new', `${path}.next`)
          .then(() => rename(`${path}.next`, path))
          .catch(reject);
      });
      expect(watched?.current.verify(second.key)?.id).toBe('key:second');
    } finally {
      watched?.close();
      await bench.cleanUp();
    }
  });
});
