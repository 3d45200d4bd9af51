import { RedisConnection, type RedisConnectionOptions } from '../redis/redis-connection';
import { MemoryResultCache } from './memory-result-cache';
import { RedisResultCache } from './redis-result-cache';
import type { ResultCache } from './result-cache';

export interface OpenResultCacheOptions
  extends Omit<RedisConnectionOptions, 'url' | 'use' | 'timeoutMs' | 'failures' | 'onChanged'> {
  /** `off`, `memory`, or the URL of a Redis. */
  readonly resultCache: string;
  /** Answers kept in memory at most. */
  readonly resultCacheEntries: number;
  /** MiB that they take at most. */
  readonly resultCacheMegabytes: number;
  /** Seconds that an answer is kept at most. */
  readonly resultCacheSeconds: number;
}

/** Milliseconds that a look into Redis may take: what takes longer is no gain over a run of the model. */
const REDIS_TIMEOUT_MS = 2;
/** One look that fails is enough: what a cache that is closed for nothing costs is a few runs of the model. */
const REDIS_FAILURES = 1;

/**
 * The cache that a setting names; `undefined` when it is off.
 *
 * @throws Error when the URL, or the file of authorities, is not valid
 */
export async function openResultCache(options: OpenResultCacheOptions): Promise<ResultCache | undefined> {
  const { resultCache, resultCacheEntries: entries, resultCacheMegabytes, resultCacheSeconds, ...rest } = options;
  if (resultCache === 'off') return undefined;
  const keepMs = resultCacheSeconds * 1000;
  if (resultCache === 'memory')
    return new MemoryResultCache({ entries, bytes: resultCacheMegabytes * 2 ** 20, keepMs });
  const circuit = { timeoutMs: REDIS_TIMEOUT_MS, failures: REDIS_FAILURES };
  const redis = await RedisConnection.open({ ...rest, ...circuit, url: resultCache, use: 'results' });
  return new RedisResultCache({ redis, keepMs });
}
