import { existsSync, linkSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openModelRegistry } from '@cdktf-recommender/model-registry';
import { acquireFileLock } from '../../model-registry/src/file-lock';
import { candidate, MODEL, temporaryDirectory } from './fixtures';

function newFile(name: string): string {
  const path = join(temporaryDirectory(), name);
  writeFileSync(path, name);
  return path;
}

/** What a second process does that took the lock for a dead one's. */
function takeOver(lockPath: string): void {
  const token = join(dirname(lockPath), 'another');
  writeFileSync(token, 'another');
  const fresh = join(dirname(lockPath), 'fresh');
  linkSync(token, fresh);
  renameSync(fresh, lockPath);
}

afterEach(() => jest.restoreAllMocks());

describe('a file lock', () => {
  test('is held until it is released', async () => {
    const token = newFile('one');
    const path = join(dirname(token), '.lock');
    const lock = await acquireFileLock(path, token);
    expect(lock.held()).toBe(true);
    await lock.release();
    expect(lock.held()).toBe(false);
    expect(existsSync(path)).toBe(false);
  });

  test('that another took over is not held, and stays with the other', async () => {
    const token = newFile('one');
    const path = join(dirname(token), '.lock');
    const lock = await acquireFileLock(path, token);
    takeOver(path);
    expect(lock.held()).toBe(false);
    await lock.release();
    expect(existsSync(path)).toBe(true);
  });

  test('of a dead process is taken over', async () => {
    const token = newFile('one');
    const path = newFile('.lock');
    const sixSecondsAgo = new Date(Date.now() - 6_000);
    utimesSync(path, sixSecondsAgo, sixSecondsAgo);
    const lock = await acquireFileLock(path, token);
    expect(lock.held()).toBe(true);
    await lock.release();
  });

  test('that is lost between compare and rename stops the write, which is then repeated', async () => {
    const directory = temporaryDirectory();
    const registry = await openModelRegistry(directory, MODEL);
    const [one, two] = [candidate(1), candidate(2)];
    for (const each of [one, two]) await registry.register(each);
    await registry.promote('prod', one.version, { by: 'ann' });

    const lockPath = join(directory, MODEL, 'channels', '.prod.json.lock');
    const renamed = jest.spyOn(fs, 'rename');
    const readFile = fs.readFile as (path: string) => Promise<Buffer>;
    let losses = 0;
    jest.spyOn(fs, 'readFile').mockImplementation((async (path: string) => {
      if (existsSync(lockPath) && losses++ === 0) {
        takeOver(lockPath);
        // The other dies at once, so that the repeated write finds the lock free.
        renameSync(lockPath, join(directory, 'other'));
        expect(renamed).not.toHaveBeenCalled();
      }
      return readFile(path);
    }) as never);
    expect(await registry.promote('prod', two.version, { by: 'bob' })).toMatchObject({ previous: one.version });
    expect(losses).toBe(2);
    expect(renamed).toHaveBeenCalledTimes(1);
  });
});
