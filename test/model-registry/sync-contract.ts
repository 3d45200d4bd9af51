import {
  DirectoryObjectStore,
  ModelRegistry,
  type ObjectStore,
  sha256,
  syncVersions,
  type VersionOutcome,
} from '@cdktf-recommender/model-registry';
import { candidate, InterceptedStore, MODEL, tamper, temporaryDirectory } from './fixtures';
import { keys } from './object-store-contract';

const newDirectory = async () => new DirectoryObjectStore(`${temporaryDirectory()}/not-yet-there`);

/** What a sync does between any two stores. */
export function describeSync(
  newSource: () => Promise<ObjectStore>,
  newDestination: () => Promise<ObjectStore> = newDirectory,
): void {
  const candidates = [1, 2, 3].map((number) => candidate(number));
  const [one, two, three] = candidates as [(typeof candidates)[0], (typeof candidates)[0], (typeof candidates)[0]];
  const bytesOfOne = Object.values(one.manifest.files).reduce((sum, file) => sum + file.bytes, 0);
  let source: ObjectStore;
  let destination: ObjectStore;
  let copy: ModelRegistry;

  beforeEach(async () => {
    source = await newSource();
    destination = await newDestination();
    copy = new ModelRegistry(destination, MODEL);
    const registry = new ModelRegistry(source, MODEL);
    for (const each of candidates) await registry.register(each);
    await registry.promote('prod', one.version, { by: 'ann' });
  });

  async function sync(from = source, to = destination) {
    const outcomes: VersionOutcome[] = [];
    const summary = await syncVersions({
      source: from,
      destination: to,
      model: MODEL,
      onVersion: (outcome) => outcomes.push(outcome),
    });
    return { summary, outcomes };
  }

  test('copies every version and no channel', async () => {
    const { summary, outcomes } = await sync();
    expect(summary).toEqual({
      model: MODEL,
      source: source.url,
      destination: destination.url,
      versions: 3,
      present: 0,
      copied: 3,
      refused: 0,
      bytes: 3 * bytesOfOne,
      seconds: expect.any(Number),
    });
    expect(outcomes.map(({ version, outcome }) => [version, outcome]).sort()).toEqual(
      candidates.map(({ version }) => [version, 'copied']).sort(),
    );
    for (const each of candidates) expect(await copy.fetch(each.version)).toEqual(each);
    expect(await copy.channel('prod')).toBeUndefined();
  });

  test('copies only what is new, and keeps what only the destination has', async () => {
    const own = candidate(4);
    await copy.register(own);
    await copy.register(one);
    await copy.promote('prod', own.version, { by: 'bob' });
    const first = await sync();
    expect(first.summary).toMatchObject({ versions: 3, present: 1, copied: 2 });
    const watched = new InterceptedStore(destination, (_, write) => write());
    expect((await sync(source, watched)).summary).toMatchObject({ versions: 3, present: 3, copied: 0, bytes: 0 });
    expect(watched.puts).toBe(0);
    expect(await copy.versions()).toEqual([...candidates, own].map(({ version }) => version).sort());
    expect(await copy.resolve('prod')).toBe(own.version);
  });

  test('refuses a version whose bytes are not its own, and copies the others', async () => {
    const key = `${MODEL}/versions/${two.version}/model.onnx`;
    const damaged = Buffer.from('damaged');
    await tamper(source, key, damaged);
    const { summary, outcomes } = await sync();
    expect(summary).toMatchObject({ copied: 2, refused: 1 });
    expect(outcomes).toContainEqual({
      version: two.version,
      outcome: 'refused',
      code: 'CORRUPT',
      message: `${source.url}/${key} is corrupt: sha256 ${sha256(damaged)} (7 bytes), expected ${two.manifest.files['model.onnx'].sha256} (1000 bytes)`,
      hint: expect.stringContaining('Restore the file'),
    });
    expect(await copy.versions()).toEqual([one, three].map(({ version }) => version).sort());
    expect(await keys(destination, `${MODEL}/versions/${two.version}/`)).toEqual([]);
  });

  test('refuses what the destination does not give back as it was written', async () => {
    const failingDisk = new InterceptedStore(destination, (number, write, body) =>
      number === 2 ? write(Buffer.alloc(body.length)) : write(),
    );
    const { summary, outcomes } = await sync(source, failingDisk);
    expect(summary).toMatchObject({ copied: 2, refused: 1 });
    const refused = outcomes[0] as (typeof outcomes)[0];
    expect(refused).toMatchObject({
      outcome: 'refused',
      code: 'CORRUPT',
      message: expect.stringContaining(`${destination.url}/${MODEL}/versions/${refused.version}/items.json is corrupt`),
    });
    expect(await copy.versions()).not.toContain(refused.version);
  });

  test('never replaces what the destination has, and says that it differs', async () => {
    const key = `${MODEL}/versions/${one.version}/items.json`;
    await destination.put(key, Buffer.from('other'), { ifNoneMatch: '*' });
    const { outcomes } = await sync();
    expect(outcomes.find(({ version }) => version === one.version)).toMatchObject({
      outcome: 'refused',
      code: 'IMMUTABLE',
      message: expect.stringContaining(`${destination.url}/${key} exists with other bytes`),
    });
    expect((await destination.get(key))?.body.toString()).toBe('other');
    expect((await copy.versions()).length).toBe(2);
  });

  test('goes on where it was interrupted, at whichever write', async () => {
    const writes = 4 * candidates.length;
    for (let n = 1; n <= writes; n++) {
      const into = await newDestination();
      await into.put('another-model/a', Buffer.from('{}'), { ifNoneMatch: '*' }); // a directory is there from now on
      const cut = new InterceptedStore(into, async (number, write) => {
        if (number >= n) throw new Error('the network is gone');
        return write();
      });
      await expect(sync(source, cut)).rejects.toThrow('the network is gone');
      const registry = new ModelRegistry(into, MODEL);
      const whole = await registry.versions();
      expect(whole.length).toBe(Math.floor((n - 1) / 4));
      for (const version of whole) expect((await registry.fetch(version)).version).toBe(version);

      const resumed = new InterceptedStore(into, (_, write) => write());
      expect((await sync(source, resumed)).summary).toMatchObject({ present: whole.length, copied: 3 - whole.length });
      expect(resumed.puts).toBe(writes - (n - 1));
      expect((await registry.versions()).length).toBe(3);
    }
  });

  test('two syncs at once both succeed', async () => {
    const both = await Promise.all([sync(), sync()]);
    for (const { summary } of both) expect(summary.refused).toBe(0);
    for (const each of candidates) expect(await copy.fetch(each.version)).toEqual(each);
  });
}
