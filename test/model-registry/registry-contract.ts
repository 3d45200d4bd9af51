import {
  ConflictError,
  canonicalJson,
  ModelRegistry,
  type ObjectStore,
  sha256,
} from '@cdktf-recommender/model-registry';
import { type Candidate, candidate, InterceptedStore, MODEL, tamper, trainingRun } from './fixtures';
import { keys } from './object-store-contract';

/** What the registry does on every store. `open` gives another handle on the same store, `fresh` begins an empty one. */
export function describeModelRegistry(store: { fresh(): Promise<void>; open(): Promise<ObjectStore> }): void {
  const [one, two, three] = [candidate(1), candidate(2), candidate(3)];
  const by = { by: 'ann' };
  const file = (version: string, name: string) => `${MODEL}/versions/${version}/${name}`;
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

  describe('versions', () => {
    test('a version is the SHA-256 of its canonical manifest, and comes back with every byte', async () => {
      const version = await registry.register(one);
      expect(version).toBe(sha256(canonicalJson(one.manifest)));
      expect(await new ModelRegistry(await store.open(), MODEL).fetch(version)).toEqual(one);
    });

    test('the layout is <model>/versions/<sha256>/ with four files', async () => {
      await register(one);
      expect((await keys(objects, `${MODEL}/`)).sort()).toEqual(
        ['items.json', 'manifest.json', 'model.onnx', 'popular.json'].map((name) => file(one.version, name)),
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
      const key = file(one.version, 'items.json');
      await tamper(objects, key, Buffer.from('[]'));
      await expect(registry.register(one)).rejects.toMatchObject({
        code: 'IMMUTABLE',
        message: `${objects.url}/${key} exists with other bytes: its sha256 is ${sha256(Buffer.from('[]'))}, not ${one.manifest.files['items.json'].sha256}`,
      });
      expect((await objects.get(key))?.body.toString()).toBe('[]');
    });
  });

  describe('integrity', () => {
    test.each(['model.onnx', 'items.json', 'popular.json'] as const)(
      'a changed %s is refused by name',
      async (name) => {
        await register(one);
        const changed = Buffer.from(one.files[name]);
        changed[0] = (changed[0] ?? 0) ^ 1;
        await tamper(objects, file(one.version, name), changed);
        const expected = one.manifest.files[name];
        await expect(registry.fetch(one.version)).rejects.toMatchObject({
          code: 'CORRUPT',
          message: `${objects.url}/${file(one.version, name)} is corrupt: sha256 ${sha256(changed)} (${expected.bytes} bytes), expected ${expected.sha256} (${expected.bytes} bytes)`,
        });
      },
    );

    test('a changed manifest is refused, though it is a valid one', async () => {
      await register(one);
      const changed = canonicalJson({ ...one.manifest, weighting: { kind: 'exponential', halfLifeDays: 1, floor: 0 } });
      await tamper(objects, file(one.version, 'manifest.json'), changed);
      await expect(registry.fetch(one.version)).rejects.toMatchObject({
        code: 'CORRUPT',
        message: expect.stringContaining(`sha256 ${sha256(changed)}, expected ${one.version}`),
      });
    });

    test('a manifest that is not canonical has no version, whatever its hash', async () => {
      const body = Buffer.from(JSON.stringify(one.manifest, null, 2));
      await objects.put(file(sha256(body), 'manifest.json'), body, { ifNoneMatch: '*' });
      await expect(registry.manifest(sha256(body))).rejects.toMatchObject({
        code: 'CORRUPT',
        message: expect.stringContaining('is not canonical JSON'),
      });
    });

    test('a missing file is named', async () => {
      const manifest = canonicalJson(one.manifest);
      await objects.put(file(one.version, 'manifest.json'), manifest, { ifNoneMatch: '*' });
      await expect(registry.fetch(one.version)).rejects.toMatchObject({
        code: 'CORRUPT',
        message: `${objects.url}/${file(one.version, 'model.onnx')} is corrupt: it is missing`,
      });
    });

    test('a channel file that is not one is refused by name', async () => {
      await objects.put(`${MODEL}/channels/prod.json`, Buffer.from('{"version":"x"}'), { ifNoneMatch: '*' });
      await expect(registry.channel('prod')).rejects.toMatchObject({
        code: 'CORRUPT',
        message: expect.stringContaining('channels/prod.json is corrupt: version: must be 64 lowercase hex digits'),
      });
    });
  });

  describe('resolve', () => {
    test('finds a version by channel, whole, and by its first 6 digits', async () => {
      await register(one, two);
      await registry.promote('prod', two.version, by);
      expect(await registry.resolve('prod')).toBe(two.version);
      expect(await registry.resolve(one.version)).toBe(one.version);
      expect(await registry.resolve(one.version.slice(0, 6))).toBe(one.version);
    });

    test('a prefix of several versions is ambiguous, and a longer one is not', async () => {
      const [first, second] = collision();
      await register(first, second);
      const prefix = first.version.slice(0, 6);
      await expect(registry.resolve(prefix)).rejects.toMatchObject({
        code: 'AMBIGUOUS_VERSION',
        message: expect.stringMatching(`^"${prefix}" fits 2 versions: ${prefix}.{6}, ${prefix}.{6}$`),
      });
      expect(await registry.resolve(first.version.slice(0, 16))).toBe(first.version);
    });

    test('what is not there is said, with what is', async () => {
      await register(one);
      await registry.promote('prod', one.version, by);
      await expect(registry.resolve('staging')).rejects.toMatchObject({
        code: 'CHANNEL_NOT_FOUND',
        message: `${objects.url} has no channel "staging" of model "shop"`,
        hint: 'There are: prod.',
      });
      for (const reference of [two.version, two.version.slice(0, 8)]) {
        await expect(registry.resolve(reference)).rejects.toMatchObject({
          code: 'VERSION_NOT_FOUND',
          message: `${objects.url} has no version ${reference} of model "shop"`,
        });
      }
    });
  });

  describe('channels', () => {
    test('a channel that was never promoted is undefined', async () => {
      await register(one);
      expect(await registry.channel('prod')).toBeUndefined();
    });

    test('a promotion records who, when and what was before', async () => {
      await register(one, two);
      const before = Date.now();
      await registry.promote('prod', one.version, { by: 'ann' });
      const state = await registry.promote('prod', two.version, { by: 'bob' });
      expect(state).toMatchObject({ version: two.version, previous: one.version, promotedBy: 'bob' });
      expect(Date.parse(state.promotedAt)).toBeGreaterThanOrEqual(before);
      expect(await registry.channel('prod')).toEqual(state);
      expect([...(await registry.channels()).keys()]).toEqual(['prod']);
    });

    test('promoting what is promoted changes nothing', async () => {
      await register(one, two);
      await registry.promote('prod', one.version, by);
      const state = await registry.promote('prod', two.version, by);
      expect(await registry.promote('prod', two.version, { by: 'bob' })).toEqual(state);
    });

    test('channels are apart', async () => {
      await register(one, two);
      await registry.promote('prod', one.version, by);
      await registry.promote('staging', two.version, by);
      expect([await registry.resolve('prod'), await registry.resolve('staging')]).toEqual([one.version, two.version]);
    });

    test('a rollback goes back, and a second one undoes it', async () => {
      await register(one, two);
      await registry.promote('prod', one.version, by);
      await registry.promote('prod', two.version, by);
      expect(await registry.rollback('prod', { by: 'bob' })).toMatchObject({
        version: one.version,
        previous: two.version,
        promotedBy: 'bob',
      });
      expect((await registry.rollback('prod', by)).version).toBe(two.version);
    });

    test('a rollback needs a version to go back to', async () => {
      await register(one);
      await expect(registry.rollback('prod', by)).rejects.toMatchObject({ code: 'CHANNEL_NOT_FOUND' });
      await registry.promote('prod', one.version, by);
      await expect(registry.rollback('prod', by)).rejects.toMatchObject({
        code: 'NO_PREVIOUS',
        message: `channel "prod" has had no other version than ${one.version.slice(0, 12)}`,
      });
    });

    test('an unknown or corrupt version is not promoted', async () => {
      await register(one, two);
      await registry.promote('prod', one.version, by);
      await expect(registry.promote('prod', three.version, by)).rejects.toMatchObject({ code: 'VERSION_NOT_FOUND' });
      await tamper(objects, file(two.version, 'model.onnx'), Buffer.from('x'));
      await expect(registry.promote('prod', two.version, by)).rejects.toMatchObject({ code: 'CORRUPT' });
      expect(await registry.channel('prod')).toMatchObject({ version: one.version, previous: null });
    });

    test.each(['', 'Prod', '../prod', 'a/b', '-x', 'a.b', 'x'.repeat(64), 'deadbeef', one.version])(
      'the channel name %j is refused',
      async (name) => {
        await register(one);
        const refused = { code: 'INVALID_ARGUMENT', message: `"${name}" is not a channel name` };
        await expect(registry.promote(name, one.version, by)).rejects.toMatchObject(refused);
        await expect(registry.channel(name)).rejects.toMatchObject(refused);
      },
    );

    test.each(['', '  '])('a promotion by %j is refused', async (nobody) => {
      await register(one);
      await expect(registry.promote('prod', one.version, { by: nobody })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
      expect(await registry.channel('prod')).toBeUndefined();
    });
  });

  describe('promotions at once', () => {
    const candidates = Array.from({ length: 8 }, (_, i) => candidate(100 + i));

    test.each([
      ['an empty channel', null],
      ['a promoted channel', one.version],
    ])('one wins %s, and the others hear which', async (_, expected) => {
      await register(one, ...candidates);
      if (expected) await registry.promote('prod', expected, by);
      const outcomes = await Promise.allSettled(
        candidates.map(async ({ version }, i) =>
          new ModelRegistry(await store.open(), MODEL).promote('prod', version, { by: `promoter-${i}`, expected }),
        ),
      );
      const winner = outcomes.findIndex((outcome) => outcome.status === 'fulfilled');
      const won = candidates[winner] as Candidate;
      expect(await registry.channel('prod')).toMatchObject({ version: won.version, previous: expected });
      const losers = outcomes.flatMap((outcome, i) => (outcome.status === 'rejected' ? [[i, outcome.reason]] : []));
      expect(losers.length).toBe(candidates.length - 1);
      for (const [i, error] of losers) {
        const lost = candidates[i] as Candidate;
        expect(error).toBeInstanceOf(ConflictError);
        expect(error).toMatchObject({
          code: 'CONFLICT',
          channel: 'prod',
          attempted: lost.version,
          current: expect.objectContaining({ version: won.version }),
        });
        expect(error.message).toContain(
          `channel "prod" was not moved to ${lost.version.slice(0, 12)}: someone else's change came first, and it is at ${won.version.slice(0, 12)}, promoted by promoter-${winner} at `,
        );
      }
    });

    test('a promotion that expects another version than there is conflicts', async () => {
      await register(one, two, three);
      await registry.promote('prod', one.version, by);
      await expect(registry.promote('prod', three.version, { ...by, expected: two.version })).rejects.toBeInstanceOf(
        ConflictError,
      );
      await expect(registry.promote('prod', three.version, { ...by, expected: null })).rejects.toBeInstanceOf(
        ConflictError,
      );
      expect(await registry.resolve('prod')).toBe(one.version);
    });

    test('a change between the read and the write is not overwritten', async () => {
      await register(one, two, three);
      await registry.promote('prod', one.version, by);
      const slow = new InterceptedStore(objects, async (_, write) => {
        await registry.promote('prod', two.version, { by: 'bob' });
        return write();
      });
      await expect(new ModelRegistry(slow, MODEL).promote('prod', three.version, by)).rejects.toMatchObject({
        code: 'CONFLICT',
        attempted: three.version,
        current: expect.objectContaining({ version: two.version, promotedBy: 'bob' }),
      });
      expect(await registry.channel('prod')).toMatchObject({ version: two.version, previous: one.version });
    });

    test('a write whose answer was lost and that was repeated counts as done', async () => {
      await register(one, two);
      await registry.promote('prod', one.version, by);
      const lossy = new InterceptedStore(objects, async (_, write) => {
        await write();
        return write();
      });
      expect(await new ModelRegistry(lossy, MODEL).promote('prod', two.version, by)).toMatchObject({
        version: two.version,
        previous: one.version,
      });
    });

    test('a write that was refused though nothing changed is tried again', async () => {
      await register(one);
      const { etag } = await objects.put('shop/other', Buffer.from('x'), { ifNoneMatch: '*' });
      const busy = new InterceptedStore(objects, async (number, write) =>
        number === 1 ? objects.put('shop/missing', Buffer.from('x'), { ifMatch: etag }) : write(),
      );
      expect((await new ModelRegistry(busy, MODEL).promote('prod', one.version, by)).version).toBe(one.version);
      expect(busy.puts).toBe(2);
    });
  });

  describe('runs', () => {
    test('come back newest first', async () => {
      await register(one);
      const early = trainingRun('b', one.version, '2026-01-01T00:00:00Z');
      const late = trainingRun('a', one.version, '2026-01-02T00:00:00.5Z');
      await registry.recordRun(early);
      await registry.recordRun(late);
      await registry.recordRun(late);
      expect(await registry.runs()).toEqual([late, early]);
    });

    test('a run is kept as it was, and belongs to a version', async () => {
      await register(one);
      const run = trainingRun('a', one.version, '2026-01-01T00:00:00Z');
      await registry.recordRun(run);
      await expect(registry.recordRun({ ...run, by: 'bob' })).rejects.toMatchObject({ code: 'IMMUTABLE' });
      await expect(registry.recordRun({ ...run, id: 'b', version: two.version })).rejects.toMatchObject({
        code: 'VERSION_NOT_FOUND',
      });
      expect(await registry.runs()).toEqual([run]);
    });

    test.each([
      [{ id: '../a' }, 'run.id'],
      [{ id: '.a' }, 'run.id'],
      [{ startedAt: 'yesterday' }, 'run.startedAt'],
    ])('a run with %j is refused, naming the field', async (change, field) => {
      await register(one);
      const run = { ...trainingRun('a', one.version, '2026-01-01T00:00:00Z'), ...change };
      await expect(registry.recordRun(run)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining(field),
      });
      expect(await registry.runs()).toEqual([]);
    });
  });
}

/** Two versions with the same first 6 digits: by the birthday paradox within some thousands. */
function collision(): [Candidate, Candidate] {
  const { manifest } = candidate(0);
  const seen = new Map<string, number>();
  for (let lambda = 1; ; lambda++) {
    const algorithm = { name: 'ease', parameters: { lambda } };
    const prefix = sha256(canonicalJson({ ...manifest, algorithm })).slice(0, 6);
    const earlier = seen.get(prefix);
    if (earlier) {
      return [
        candidate(0, { algorithm: { name: 'ease', parameters: { lambda: earlier } } }),
        candidate(0, { algorithm }),
      ];
    }
    seen.set(prefix, lambda);
  }
}
