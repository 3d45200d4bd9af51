import { ModelRegistry, type ObjectStore, type Rollout } from '@cdktf-recommender/model-registry';
import { candidate, MODEL, type StoreUnderTest, tamper } from './fixtures';
import { keys } from './object-store-contract';

/** What the registry does with the rollouts that clusters tell of, on every store. */
export function describeRollouts(store: StoreUnderTest): void {
  const [one, two] = [candidate(1), candidate(2)];
  const begun: Rollout = {
    version: two.version,
    promotedAt: '2026-01-01T00:00:00.000Z',
    previous: one.version,
    verdict: 'progressing',
    reason: '1 of 3 pods are new',
    at: '2026-01-01T00:00:10.000Z',
  };
  const promoted: Rollout = { ...begun, verdict: 'promoted', reason: 'all 3 pods are new' };
  let objects: ObjectStore;
  let registry: ModelRegistry;
  let rollouts: ModelRegistry['rollouts'];

  beforeEach(async () => {
    await store.fresh();
    objects = await store.open();
    registry = new ModelRegistry(objects, MODEL);
    ({ rollouts } = registry);
    await registry.register(one);
  });

  test('a cluster that never told has none', async () => {
    expect(await rollouts.get('prod', 'eu')).toBeUndefined();
    expect(await rollouts.all('prod')).toEqual(new Map());
  });

  test('a record is what was told last, at <model>/rollouts/<channel>/<cluster>.json', async () => {
    const first = await rollouts.record('prod', 'eu', begun);
    const { etag, ...told } = await rollouts.record('prod', 'eu', promoted, first);
    expect(told).toEqual(promoted);
    expect(await rollouts.get('prod', 'eu')).toEqual({ ...promoted, etag });
    expect(await keys(objects, `${MODEL}/rollouts/`)).toEqual([`${MODEL}/rollouts/prod/eu.json`]);
  });

  test('one that is unchanged is what was seen, and one that changed is read anew', async () => {
    const seen = await rollouts.record('prod', 'eu', begun);
    expect(await rollouts.get('prod', 'eu', seen)).toBe(seen);
    const next = await rollouts.record('prod', 'eu', promoted, seen);
    expect(await rollouts.get('prod', 'eu', seen)).toEqual(next);
  });

  test('clusters and channels are apart, and the versions and channels know nothing of them', async () => {
    await rollouts.record('prod', 'eu', begun);
    await rollouts.record('prod', 'us_east-1', promoted);
    await rollouts.record('staging', 'eu', promoted);
    expect(await rollouts.all('prod')).toEqual(
      new Map([
        ['eu', begun],
        ['us_east-1', promoted],
      ]),
    );
    expect([...(await rollouts.all('staging')).keys()]).toEqual(['eu']);
    expect(await registry.versions()).toEqual([one.version]);
    expect(await registry.channels()).toEqual(new Map());
  });

  test('a record that another took the place of is not written over', async () => {
    const seen = await rollouts.record('prod', 'eu', begun);
    await rollouts.record('prod', 'eu', promoted, seen);
    const late = { ...begun, reason: 'late' };
    await expect(rollouts.record('prod', 'eu', late, seen)).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
    });
    await expect(rollouts.record('prod', 'eu', late)).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
    expect(await rollouts.get('prod', 'eu')).toMatchObject(promoted);
  });

  test.each([
    ['Prod', 'eu', '"Prod" is not a channel name'],
    ['prod', '../eu', '"../eu" is not a cluster name'],
    ['prod', '', '"" is not a cluster name'],
    ['prod', '-eu', '"-eu" is not a cluster name'],
    ['prod', 'e'.repeat(101), `"${'e'.repeat(101)}" is not a cluster name`],
  ])('the channel %j and the cluster %j are refused', async (channel, cluster, message) => {
    const refused = { code: 'INVALID_ARGUMENT', message };
    await expect(rollouts.record(channel, cluster, begun)).rejects.toMatchObject(refused);
    await expect(rollouts.get(channel, cluster)).rejects.toMatchObject(refused);
    expect(await keys(objects, `${MODEL}/rollouts/`)).toEqual([]);
  });

  test('a record with another verdict is refused, told or stored', async () => {
    const unknown = { ...begun, verdict: 'lost' } as unknown as Rollout;
    await expect(rollouts.record('prod', 'eu', unknown)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('rollout.verdict'),
    });
    await tamper(objects, `${MODEL}/rollouts/prod/eu.json`, Buffer.from(JSON.stringify(unknown)));
    await expect(rollouts.get('prod', 'eu')).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringContaining('rollouts/prod/eu.json is corrupt: verdict'),
    });
  });
}
