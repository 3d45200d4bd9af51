import { DirectoryObjectStore, ModelRegistry, type Verdict } from '@cdktf-recommender/model-registry';
import { Follower } from '../../model-follower/src';
import { candidate, fileKey, InterceptedStore, MODEL, tamper, temporaryDirectory } from '../model-registry/fixtures';
import { logged, TestTarget } from './fixtures';

const CHANNEL = 'production';
const CLUSTER = 'eu';
const by = { by: 'ann' };
const [one, two] = [candidate(1), candidate(2)];

async function bench(target = new TestTarget()) {
  const store = new DirectoryObjectStore(temporaryDirectory());
  const registry = new ModelRegistry(store, MODEL);
  await registry.register(one);
  await registry.register(two);
  const { logger, lines } = logged();
  const start = (objects = new ModelRegistry(store, MODEL)) =>
    new Follower({ registry: objects, target, channel: CHANNEL, cluster: CLUSTER, logger });
  const follower = start();
  const rollout = () => registry.rollouts.get(CHANNEL, CLUSTER);
  /** Promotes a version, and looks until there is a verdict. */
  const rolledOut = async (version: string, verdict: Verdict) => {
    await registry.promote(CHANNEL, version, by);
    target.next = { verdict, reason: 'as the test says' };
    await follower.look();
    expect(await rollout()).toMatchObject({ version, verdict });
  };
  return { store, registry, target, follower, start, rollout, rolledOut, lines };
}

describe('a promotion', () => {
  test('is pinned, and its verdict told when there is one', async () => {
    const { registry, target, follower, rollout, lines } = await bench();
    const { promotedAt } = await registry.promote(CHANNEL, one.version, by);
    await follower.look();
    expect(target.pins).toEqual([one.version]);
    expect(await rollout()).toMatchObject({
      version: one.version,
      promotedAt,
      previous: 'seed',
      verdict: 'progressing',
    });
    target.next = { verdict: 'promoted', reason: 'all 2 pods are new and available' };
    const before = Date.now();
    await follower.look();
    expect(await rollout()).toMatchObject({ ...target.next, version: one.version, previous: 'seed' });
    expect(Date.parse((await rollout())?.at ?? '')).toBeGreaterThanOrEqual(before);
    expect(lines.map(({ msg, version, reason }) => [msg, version, reason])).toEqual([
      ['rollout begins', one.version, undefined],
      ['rollout goes on', one.version, '1 of 2 pods are new'],
      ['rollout ended: promoted', one.version, 'all 2 pods are new and available'],
    ]);
  });

  test('is looked at without a write, a pin or a line while nothing changes', async () => {
    const { store, registry, target, rolledOut, start, lines } = await bench();
    await rolledOut(one.version, 'promoted');
    const watched = new InterceptedStore(store, (_, write) => write());
    const follower = start(new ModelRegistry(watched, MODEL));
    const told = lines.length;
    for (let i = 0; i < 3; i++) await follower.look();
    expect([watched.puts, target.pins, lines.length]).toEqual([0, [one.version], told]);
    expect((await registry.channel(CHANNEL))?.version).toBe(one.version);
  });

  test('of the next version has the one before it as what ran', async () => {
    const { rolledOut, rollout, target } = await bench();
    await rolledOut(one.version, 'promoted');
    await rolledOut(two.version, 'promoted');
    expect((await rollout())?.previous).toBe(one.version);
    expect(target.pins).toEqual([one.version, two.version]);
  });

  test('and its rollback are two rollouts', async () => {
    const { rolledOut, registry, target, follower, rollout } = await bench();
    await rolledOut(one.version, 'promoted');
    await rolledOut(two.version, 'promoted');
    const { promotedAt } = await registry.rollback(CHANNEL, by);
    await follower.look();
    expect(target.pins).toEqual([one.version, two.version, one.version]);
    expect(await rollout()).toMatchObject({ version: one.version, promotedAt, previous: two.version });
  });

  test('nobody made leaves the cluster as it is', async () => {
    const { target, follower, rollout } = await bench();
    await follower.look();
    expect([target.pins, await rollout()]).toEqual([[], undefined]);
  });

  test('of a version that the store does not have, or that is damaged, never comes into the cluster', async () => {
    const { store, registry, target, follower, rollout } = await bench();
    await registry.promote(CHANNEL, one.version, by);
    await tamper(store, fileKey(one.version, 'manifest.json'), Buffer.from('{}'));
    await expect(follower.look()).rejects.toMatchObject({ code: 'CORRUPT' });
    expect([target.pins, await rollout()]).toEqual([[], undefined]);
  });
});

describe('a version that was rolled back', () => {
  test('gives way to the one before it, and is not tried again', async () => {
    const { rolledOut, target, follower, lines } = await bench();
    await rolledOut(one.version, 'promoted');
    await rolledOut(two.version, 'rolled-back');
    expect(target.pins).toEqual([one.version, two.version, one.version]);
    for (let i = 0; i < 3; i++) await follower.look();
    expect(target.pins.length).toBe(3);
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 50, msg: 'rollout ended: rolled-back', reason: 'as the test says' }),
    );
  });

  test('gives way to the seed when there was no other', async () => {
    const { rolledOut, target } = await bench();
    await rolledOut(one.version, 'rolled-back');
    expect(target.pins).toEqual([one.version, 'seed']);
  });

  test('stays pinned where the target takes it back by itself, which pinning it again would try again', async () => {
    const { rolledOut, target, follower } = await bench(new TestTarget('target'));
    await rolledOut(one.version, 'promoted');
    await rolledOut(two.version, 'rolled-back');
    await follower.look();
    expect(target.pins).toEqual([one.version, two.version]);
  });

  test('is tried again when the channel was moved away and back to it', async () => {
    const { rolledOut, registry, target, follower, rollout } = await bench();
    await rolledOut(one.version, 'promoted');
    await rolledOut(two.version, 'rolled-back');
    await registry.rollback(CHANNEL, by);
    target.next = { verdict: 'promoted', reason: 'back' };
    await follower.look();
    expect(await rollout()).toMatchObject({ version: one.version, verdict: 'promoted' });
    await rolledOut(two.version, 'promoted');
    expect(target.pins).toEqual([one.version, two.version, one.version, two.version]);
  });

  test('is tried again too when that happened between two looks', async () => {
    const { rolledOut, registry, target, follower, rollout } = await bench();
    await rolledOut(one.version, 'promoted');
    await rolledOut(two.version, 'rolled-back');
    await registry.rollback(CHANNEL, by);
    const { promotedAt } = await registry.promote(CHANNEL, two.version, by);
    target.next = { verdict: 'promoted', reason: 'mended' };
    await follower.look();
    expect(await rollout()).toMatchObject({ version: two.version, promotedAt, previous: one.version });
    expect(target.pins.at(-1)).toBe(two.version);
  });

  test('is not what the next one falls back to', async () => {
    const { rolledOut, registry, target } = await bench();
    const three = candidate(3);
    await registry.register(three);
    await rolledOut(one.version, 'promoted');
    await rolledOut(two.version, 'rolled-back');
    await rolledOut(three.version, 'rolled-back');
    expect(target.pins).toEqual([one.version, two.version, one.version, three.version, one.version]);
  });
});

test('a promotion during a rollout takes its place, and falls back to what was proven', async () => {
  const { rolledOut, registry, target, follower, rollout } = await bench();
  const three = candidate(3);
  await registry.register(three);
  await rolledOut(one.version, 'promoted');
  await registry.promote(CHANNEL, two.version, by);
  target.next = { verdict: 'progressing', reason: '1 of 2 pods are new' };
  await follower.look();
  await rolledOut(three.version, 'rolled-back');
  expect((await rollout())?.previous).toBe(one.version);
  expect(target.pins).toEqual([one.version, two.version, three.version, one.version]);
});

test('what somebody else pinned is put right', async () => {
  const { rolledOut, target, follower, lines } = await bench();
  await rolledOut(one.version, 'promoted');
  await target.pin('seed');
  await follower.look();
  expect(target.pins).toEqual([one.version, 'seed', one.version]);
  expect(lines.at(-1)).toMatchObject({ msg: 'version pinned again', version: one.version });
});

describe('an interruption', () => {
  test('anywhere is gone on from by the next process, from what it finds', async () => {
    const { registry, target, start, rollout } = await bench();
    await registry.promote(CHANNEL, one.version, by);
    target.away = new Error('the API server is away');
    await expect(start().look()).rejects.toThrow('the API server is away');
    expect(await rollout()).toBeUndefined();

    target.away = undefined;
    await start().look();
    target.next = { verdict: 'rolled-back', reason: 'too late' };
    const { pin } = target;
    target.pin = async (version) => {
      if (version === 'seed') throw new Error('killed');
      return pin.call(target, version);
    };
    await expect(start().look()).rejects.toThrow('killed');
    expect(await rollout()).toMatchObject({ verdict: 'rolled-back' });
    target.pin = pin;
    await start().look();
    expect(target.pins).toEqual([one.version, 'seed']);
  });

  test('of the store keeps a rollout from beginning: without its record a bad version would be tried for ever', async () => {
    const { store, registry, target, start } = await bench();
    await registry.promote(CHANNEL, one.version, by);
    const readOnly = new InterceptedStore(store, async () => {
      throw new Error('access denied');
    });
    await expect(start(new ModelRegistry(readOnly, MODEL)).look()).rejects.toThrow('access denied');
    expect(target.pins).toEqual([]);
  });

  test('by another that tells of the same cluster is seen, and its record read before the next step', async () => {
    const { registry, target, follower, start, rollout } = await bench();
    await registry.promote(CHANNEL, one.version, by);
    await follower.look();
    target.next = { verdict: 'promoted', reason: 'by another' };
    await start().look();
    target.next = { verdict: 'rolled-back', reason: 'late' };
    await follower.look();
    expect(await rollout()).toMatchObject({ verdict: 'promoted', reason: 'by another' });
  });
});
