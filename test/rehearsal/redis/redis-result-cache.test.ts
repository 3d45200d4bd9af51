import { type Redis, startRedis } from '@cdktf-recommender/rehearsal';
import { RedisResultCache } from '../../../model-server/src/result-cache/redis-result-cache';
import { answerOf, keyOf } from '../../model-server/result-cache/answers';
import { describeResultCache } from '../../model-server/result-cache/result-cache-contract';
import { Connections, describeWithRedis } from './redis';

const connections = new Connections();

describeWithRedis('RedisResultCache', () => {
  let redis: Redis;
  beforeAll(async () => {
    redis = await startRedis();
  }, 600_000);
  afterAll(() => redis?.stop());
  afterEach(async () => {
    await (await connections.open(redis.url)).send(undefined, false, ['FLUSHALL']);
    connections.closeAll();
  });

  /** With the connection that it writes by: what was sent first is done first. */
  async function open() {
    const connection = await connections.open(redis.url);
    const settled = async () => {
      await connection.send(undefined, true, ['PING']);
    };
    return { connection, settled, cache: new RedisResultCache({ redis: connection, keepMs: 60_000 }) };
  }

  let opened: Awaited<ReturnType<typeof open>>;
  describeResultCache(
    async () => {
      opened = await open();
      // A script that Redis doesn't have yet takes a second turn.
      opened.cache.set(keyOf('warm'), answerOf('warm'));
      while (!(await opened.cache.get(keyOf('warm'))));
      return opened.cache;
    },
    () => opened.settled(),
  );

  it('keeps an answer for its time, which later ones of the customer do not prolong', async () => {
    const { cache, connection } = await open();
    const hash = 'recommender:results:user:{ann}';
    cache.set(keyOf('a', 'ann'), answerOf('a'));
    while (!(await cache.get(keyOf('a', 'ann'))));
    await connection.send(hash, false, ['PEXPIRE', hash, '30000']);
    cache.set(keyOf('b', 'ann'), answerOf('b'));
    while (!(await cache.get(keyOf('b', 'ann'))));
    const left = await connection.send<number>(hash, true, ['PTTL', hash]);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(30_000);
  });

  it('keeps a bounded number of answers of a customer', async () => {
    const { cache, connection } = await open();
    const hash = 'recommender:results:user:{ann}';
    for (let i = 0; i < 100; i++) {
      cache.set(keyOf(`${i}`, 'ann'), answerOf('a'));
      while (!(await cache.get(keyOf(`${i}`, 'ann'))));
      expect(await connection.send<number>(hash, true, ['HLEN', hash])).toBeLessThanOrEqual(32);
    }
  });

  it('has nothing, at once, while Redis is gone', async () => {
    const gone = await startRedis();
    const connection = await connections.open(gone.url, { failures: 1 });
    const cache = new RedisResultCache({ redis: connection, keepMs: 60_000 });
    await gone.stop();
    expect(await cache.get(keyOf('a'))).toBeUndefined();
    expect(connection.isAvailable).toBe(false);
    expect(cache.get(keyOf('a'))).toBeUndefined();
    cache.set(keyOf('a'), answerOf('a'));
    await expect(cache.erase('ann')).rejects.toThrow(/can't be used/);
  });
});
