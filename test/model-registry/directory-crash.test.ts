import fs from 'node:fs/promises';
import { join } from 'node:path';
import { openModelRegistry } from '@cdktf-recommender/model-registry';
import { candidate, MODEL, temporaryDirectory } from './fixtures';

const CALLS = ['link', 'mkdir', 'readFile', 'readdir', 'rename', 'rm', 'stat'] as const;
const [one, two] = [candidate(1), candidate(2)];

afterEach(() => jest.restoreAllMocks());

describe('a crash', () => {
  test('at any file-system call of a registration and a promotion leaves a whole store', async () => {
    const { length } = await crashAt(Number.POSITIVE_INFINITY, await promotedStore());
    expect(length).toBeGreaterThan(50);
    for (let n = 1; n <= length; n++) {
      const directory = await promotedStore();
      const calls = await crashAt(n, directory);
      expect(calls.length).toBe(n);

      const registry = await openModelRegistry(directory, MODEL);
      const versions = await registry.versions();
      expect(versions).toContain(one.version);
      for (const version of versions) expect((await registry.fetch(version)).version).toBe(version);
      const { version, previous } = (await registry.channel('prod')) ?? {};
      expect([
        [one.version, null],
        [two.version, one.version],
      ]).toContainEqual([version, previous]);
      if (version === two.version) expect(versions).toContain(two.version);

      await registerAndPromote(directory);
      expect(await registry.fetch(two.version)).toEqual(two);
      expect(await registry.channel('prod')).toMatchObject({ version: two.version, previous: one.version });
    }
  }, 60_000);

  test('of the machine finds no name without its bytes, for they are synced first', async () => {
    const calls = await crashAt(Number.POSITIVE_INFINITY, await promotedStore());
    const names = calls.filter((call) => ['writeFile', 'sync', 'link', 'rename'].includes(call)).join(' ');
    // The last sync is of the directory that holds the name.
    const objects = names.match(/writeFile sync (link|rename) sync/g);
    expect(objects).toEqual([...Array(4).fill('writeFile sync link sync'), 'writeFile sync rename sync']);
  });

  test('leaves temporary files that a write removes after a day', async () => {
    const directory = await promotedStore();
    const [old, recent] = ['old', 'recent'].map((name) => join(directory, '.tmp', name)) as [string, string];
    for (const path of [old, recent]) await fs.writeFile(path, 'half a model');
    const hours = (count: number) => new Date(Date.now() - count * 3_600_000);
    await fs.utimes(old, hours(25), hours(25));
    await fs.utimes(recent, hours(23), hours(23));
    await registerAndPromote(directory);
    expect(await fs.readdir(join(directory, '.tmp'))).toEqual(['recent']);
  });
});

async function promotedStore(): Promise<string> {
  const directory = temporaryDirectory();
  const registry = await openModelRegistry(directory, MODEL);
  await registry.register(one);
  await registry.promote('prod', one.version, { by: 'ann' });
  return directory;
}

async function registerAndPromote(directory: string): Promise<void> {
  const registry = await openModelRegistry(directory, MODEL);
  await registry.register(two);
  await registry.promote('prod', two.version, { by: 'bob' });
}

/**
 * Registers and promotes, with a file system that fails from the nth call on, as for a process that is no more. If the
 * nth is a write, half of the bytes get through.
 *
 * @returns the calls made before the crash, with the one that failed
 */
async function crashAt(n: number, directory: string): Promise<string[]> {
  const calls: string[] = [];
  let crashed = false;
  const step = async <T>(name: string, work: () => Promise<T>, half?: () => Promise<void>): Promise<T> => {
    if (!crashed) {
      calls.push(name);
      crashed = calls.length === n;
      if (!crashed) return work();
      await half?.();
    }
    throw new Error('crashed');
  };
  for (const name of CALLS) {
    const real = fs[name] as (...args: unknown[]) => Promise<never>;
    jest.spyOn(fs, name).mockImplementation((...args: unknown[]) => step(name, () => real(...args)));
  }
  const open = fs.open;
  jest.spyOn(fs, 'open').mockImplementation((...args) =>
    step('open', async () => {
      const file = await open(...args);
      const { sync, writeFile, close } = file;
      file.sync = () => step('sync', () => sync.call(file));
      file.writeFile = (data) => {
        const bytes = data as Buffer;
        const half = () => writeFile.call(file, bytes.subarray(0, bytes.length / 2));
        return step('writeFile', () => writeFile.call(file, bytes), half);
      };
      file.close = () => {
        const closed = close.call(file);
        return step('close', () => closed).finally(() => closed);
      };
      return file;
    }),
  );
  await registerAndPromote(directory).then(
    () => expect(crashed).toBe(false),
    (error) => expect(error.message).toContain('crashed'),
  );
  jest.restoreAllMocks();
  return calls;
}
