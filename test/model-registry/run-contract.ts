import { ModelRegistry, type ObjectStore } from '@cdktf-recommender/model-registry';
import { type Candidate, candidate, MODEL, type StoreUnderTest, trainingRun } from './fixtures';

/** What the registry does with training runs, on every store. */
export function describeRuns(store: StoreUnderTest): void {
  const [one, two] = [candidate(1), candidate(2)];
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
}
