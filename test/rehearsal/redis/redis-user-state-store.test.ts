import { type Redis, type RedisCluster, startRedis, startRedisCluster } from '@cdktf-recommender/rehearsal';
import { RedisUserStateStore } from '../../../model-server/src/user-state/redis-user-state-store';
import type { UserState } from '../../../model-server/src/user-state/user-state-store';
import { describeUserStateStore } from '../../model-server/user-state/user-state-contract';
import { Connections, describeWithRedis } from './redis';

const connections = new Connections();
afterEach(() => connections.closeAll());

const open = (url: string, usersCached: number) =>
  RedisUserStateStore.open({
    connect: (onChanged) => connections.open(url, { onChanged }),
    keepMs: 86_400_000,
    usersCached,
    bytesCached: 2 ** 20,
  });

/** A state that satisfies the condition, asked for until it does; the test's own time is the limit. */
async function eventually(store: RedisUserStateStore, user: string, holds: (state?: UserState) => boolean) {
  for (;;) {
    const state = await store.get(user);
    if (holds(state)) return state;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describeWithRedis.each([0, 100])('RedisUserStateStore with %d users cached', (usersCached) => {
  let redis: Redis;
  beforeAll(async () => {
    redis = await startRedis();
  }, 600_000);
  afterAll(() => redis?.stop());
  afterEach(async () => {
    await (await connections.open(redis.url)).send(undefined, false, ['FLUSHALL']);
    connections.closeAll();
  });

  describeUserStateStore(() => open(redis.url, usersCached));

  it('forgets a customer some time after the newest event, and event ids after a day', async () => {
    const store = await open(redis.url, usersCached);
    await store.append('ann', [{ id: '1', item: 'a', at: 1 }]);
    const connection = await connections.open(redis.url);
    const left = (key: string) => connection.send<number>(key, true, ['PTTL', key]);
    const [history, seen] = [await left('recommender:user:{ann}:history'), await left('recommender:user:{ann}:seen')];
    for (const milliseconds of [history, seen]) {
      expect(milliseconds).toBeGreaterThan(86_000_000);
      expect(milliseconds).toBeLessThanOrEqual(86_400_000);
    }
  });

  it('hears from Redis what another process changed, long before its copy expires', async () => {
    const [one, other] = [await open(redis.url, usersCached), await open(redis.url, usersCached)];
    expect(await one.get('ann')).toBeUndefined();
    await other.append('ann', [{ item: 'a', at: 1 }]);
    await eventually(one, 'ann', (state) => state?.events.length === 1);
    await other.erase('ann');
    await eventually(one, 'ann', (state) => state === undefined);
  }, 3000);

  it('appends by one command, though Redis has lost the script', async () => {
    const store = await open(redis.url, usersCached);
    const connection = await connections.open(redis.url);
    const calls = async () => {
      const stats = await connection.send<string>(undefined, true, ['INFO', 'commandstats']);
      return [...stats.matchAll(/cmdstat_(evalsha|eval):calls=(\d+)/g)].map(([, name, n]) => `${name} ${n}`).sort();
    };
    await connection.send(undefined, false, ['SCRIPT', 'FLUSH']);
    await connection.send(undefined, false, ['CONFIG', 'RESETSTAT']);
    for (const item of ['a', 'b', 'c']) await store.append('ann', [{ item, at: 1 }]);
    expect(await calls()).toEqual(['eval 1', 'evalsha 3']);
    expect((await store.get('ann'))?.events).toHaveLength(3);
  });
});

describeWithRedis('RedisUserStateStore in cluster mode', () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  }, 600_000);
  afterAll(() => cluster?.stop());
  afterEach(async () => {
    for (const { url } of cluster.nodes) {
      const node = await connections.open(url);
      if (node.isAvailable) await node.send(undefined, false, ['FLUSHALL']).catch(() => undefined);
    }
    connections.closeAll();
  });

  describeUserStateStore(() => open(cluster.url, 100));

  it('spreads customers over the nodes, finds all from one of them, and hears of changes on any', async () => {
    const [node] = cluster.nodes;
    const one = await open(`redis+cluster://127.0.0.1:${node?.port}`, 100);
    const other = await open(cluster.url, 100);
    const users = Array.from({ length: 20 }, (_, i) => `user-${i}`);
    for (const user of users) expect(await one.get(user)).toBeUndefined();
    for (const user of users) await other.append(user, [{ item: 'a', at: 1 }]);
    for (const user of users) await eventually(one, user, (state) => state?.events.length === 1);
    expect((await one.list(100)).sort()).toEqual([...users].sort());
    const sizes = await Promise.all(
      cluster.nodes.map(async ({ url }) => (await connections.open(url)).send<number>(undefined, true, ['DBSIZE'])),
    );
    expect(sizes.reduce((sum, size) => sum + size)).toBe(users.length);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
  });

  it('serves customers of the other nodes while one is dead, and all again when another took its place', async () => {
    const store = await open(cluster.url, 0);
    const users = Array.from({ length: 20 }, (_, i) => `user-${i}`);
    const served = async () => {
      const outcomes = await Promise.allSettled(users.map((user) => store.append(user, [{ item: 'a', at: 1 }])));
      return outcomes.filter(({ status }) => status === 'fulfilled').length;
    };
    const [first, dead, last] = cluster.nodes as [Redis, Redis, Redis];
    const [one, other] = [await connections.open(first.url), await connections.open(last.url)];
    for (const node of [one, other]) {
      await node.send(undefined, false, ['CONFIG', 'SET', 'cluster-require-full-coverage', 'no']);
    }
    const nodes = await one.send<string>(undefined, true, ['CLUSTER', 'NODES']);
    const [id = ''] =
      nodes
        .split('\n')
        .find((line) => line.includes(`:${dead.port}@`))
        ?.split(' ') ?? [];
    const slots = /(\d+)-(\d+)$/.exec(nodes.split('\n').find((line) => line.startsWith(id)) ?? '')?.slice(1) ?? [];
    await dead.stop();
    expect(await served()).toBeGreaterThan(0);
    expect(await served()).toBeLessThan(users.length);

    const heir = await startRedis({ args: ['--cluster-enabled', 'yes'] });
    try {
      for (const node of [one, other]) await node.send(undefined, false, ['CLUSTER', 'FORGET', id]);
      const joined = await connections.open(heir.url);
      for (const { port } of [first, last]) {
        await joined.send(undefined, false, ['CLUSTER', 'MEET', '127.0.0.1', String(port)]);
      }
      await joined.send(undefined, false, ['CLUSTER', 'ADDSLOTSRANGE', ...slots]);
      while ((await served()) < users.length) await new Promise((resolve) => setImmediate(resolve));
    } finally {
      connections.closeAll();
      await heir.stop();
    }
  }, 30_000);
});
