import { setTimeout as pause } from 'node:timers/promises';
import { openResultCache, type ResultCache, type ResultKey } from '@cdktf-recommender/model-server';
import { type Redis, startRedis } from '@cdktf-recommender/rehearsal';
import type { Bench } from '../bench';
import { BenchError } from '../errors';
import { type Measurement, overRounds } from '../figures';

/** Looks that come one after the other once Redis is dead. */
const LOOKS = 10_000;
const KEY: ResultKey = { user: 'ann', modelVersion: 'c0ffee', text: 'bench' };

/** What a Redis that hangs costs those who look into the result cache: the first waits, the others don't even ask. */
export async function measureDeadRedis(bench: Bench): Promise<Measurement> {
  const redis = await startRedis();
  const cache = await openResultCache({
    resultCache: redis.url,
    resultCacheEntries: 1,
    resultCacheMegabytes: 1,
    resultCacheSeconds: 60,
  });
  if (!cache) throw new BenchError('the result cache is off');
  try {
    const rounds: { first: number; waited: number; next: number }[] = [];
    for (let round = 0; round < (bench.quick ? 2 : 20); round++) {
      await answers(cache);
      rounds.push(await hang(redis, cache));
    }
    const figure = (id: keyof (typeof rounds)[0]) => overRounds(rounds.map((round) => round[id]));
    return {
      figures: [
        {
          id: 'dead-redis.first',
          title: 'first look into a Redis that hangs',
          unit: 'ms',
          ...figure('first'),
          bar: { atMost: 5 },
          better: 'lower',
        },
        {
          id: 'dead-redis.slowest',
          title: 'the slowest of these',
          unit: 'ms',
          value: Math.max(...rounds.map(({ first }) => first)),
        },
        { id: 'dead-redis.waited', title: 'looks that waited', unit: '×', ...figure('waited'), bar: { atMost: 1 } },
        { id: 'dead-redis.next', title: 'each further look', unit: 'µs', ...figure('next'), better: 'lower' },
      ],
    };
  } finally {
    cache.close();
    await redis.stop();
  }
}

async function hang(redis: Redis, cache: ResultCache) {
  process.kill(redis.pid, 'SIGSTOP');
  try {
    let waited = 0;
    const started = performance.now();
    await cache.get(KEY);
    const first = performance.now() - started;
    for (let i = 1; i < LOOKS; i++) if (cache.get(KEY) instanceof Promise) waited++;
    const next = ((performance.now() - started - first) * 1000) / (LOOKS - 1);
    return { first, waited: waited + 1, next };
  } finally {
    process.kill(redis.pid, 'SIGCONT');
  }
}

/** Resolves when Redis is asked again and answers. */
async function answers(cache: ResultCache): Promise<void> {
  while (!(cache.get(KEY) instanceof Promise)) await pause(10);
  await cache.get(KEY);
}
