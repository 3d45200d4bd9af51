import { ModelRegistry, type ObjectStore } from '@cdktf-recommender/model-registry';
import { type Candidate, candidate, fileKey, MODEL, type StoreUnderTest, tamper } from './fixtures';

/** What the registry does with channels, on every store. */
export function describeChannels(store: StoreUnderTest): void {
  const by = { by: 'ann' };
  const [one, two, three] = [candidate(1), candidate(2), candidate(3)];
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

  test('a channel that was never promoted is undefined', async () => {
    await register(one);
    expect(await registry.channel('prod')).toBeUndefined();
  });

  test('a channel that did not move is what was seen, and one that moved is read anew', async () => {
    await register(one, two);
    const seen = await registry.promote('prod', one.version, by);
    expect(await registry.channel('prod', seen)).toBe(seen);
    const moved = await registry.promote('prod', two.version, by);
    expect(await registry.channel('prod', seen)).toEqual(moved);
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
    await tamper(objects, fileKey(two.version, 'model.onnx'), Buffer.from('x'));
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
}
