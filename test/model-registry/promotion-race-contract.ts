import { ConflictError, ModelRegistry, type ObjectStore } from '@cdktf-recommender/model-registry';
import { type Candidate, candidate, InterceptedStore, MODEL, type StoreUnderTest } from './fixtures';

/** What becomes of promotions at once, on every store. */
export function describePromotionRaces(store: StoreUnderTest): void {
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
}
