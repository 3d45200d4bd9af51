import { LRUCache } from 'lru-cache';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { type RedisConnection, RedisScript } from '../redis/redis-connection';

/** What is left of a caller's or an address's share after a request. */
export interface Quota {
  readonly allowed: boolean;
  /** Requests left in this window. */
  readonly remaining: number;
  /** Seconds until the next window, at least 1. */
  readonly resetSeconds: number;
}

/** Requests by key in windows of a fixed length, which begin with a key's first request. */
export interface RateLimit {
  /** Counts a request. It never fails: what can't be counted together is counted here. */
  take(key: string): Quota | Promise<Quota>;
}

export interface RateLimitOptions {
  /** Requests of a key in a window. */
  readonly requests: number;
  readonly seconds: number;
}

/** Keys that are counted at most. A flood of more evicts the longest idle ones, which then begin anew. */
const KEYS_COUNTED = 100_000;

/**
 * Counts in this process. (The library's own limiter in memory has a timer for each key, a promise for each request and
 * no bound.)
 */
export class MemoryRateLimit implements RateLimit {
  private readonly windows: LRUCache<string, { count: number; readonly ends: number }>;

  constructor(
    private readonly options: RateLimitOptions,
    keysCounted = KEYS_COUNTED,
  ) {
    this.windows = new LRUCache({ max: keysCounted });
  }

  /** Keys counted now. */
  get size(): number {
    return this.windows.size;
  }

  take(key: string): Quota {
    const now = Date.now();
    let window = this.windows.get(key);
    if (!window || window.ends <= now) {
      window = { count: 0, ends: now + this.options.seconds * 1000 };
      this.windows.set(key, window);
    }
    window.count++;
    return quota(this.options.requests, window.count, window.ends - now);
  }
}

/** Counts in Redis, for all servers together; in this process alone while Redis can't be asked. */
export class RedisRateLimit implements RateLimit {
  private readonly shared: RateLimiterRedis;
  private readonly insurance: MemoryRateLimit;

  /** @param name of what is counted, a part of the keys in Redis */
  constructor(
    name: string,
    options: RateLimitOptions,
    private readonly redis: Pick<RedisConnection, 'isAvailable' | 'run'>,
  ) {
    this.insurance = new MemoryRateLimit(options);
    this.shared = new RateLimiterRedis({
      storeClient: scriptRunner(redis),
      useRedisPackage: true,
      keyPrefix: `recommender:limit:${name}`,
      points: options.requests,
      duration: options.seconds,
      // Whoever is over the limit is not asked about again until the window ends.
      inMemoryBlockOnConsumed: options.requests + 1,
    });
  }

  take(key: string): Quota | Promise<Quota> {
    return this.redis.isAvailable ? this.takeShared(key) : this.insurance.take(key);
  }

  private async takeShared(key: string): Promise<Quota> {
    try {
      return this.quotaOf(await this.shared.consume(key));
    } catch (error) {
      // The library rejects with the same class for a key over its limit, and with an error when Redis fails.
      return error instanceof RateLimiterRes ? this.quotaOf(error, false) : this.insurance.take(key);
    }
  }

  private quotaOf({ remainingPoints, msBeforeNext }: RateLimiterRes, allowed = true): Quota {
    return { allowed, remaining: remainingPoints, resetSeconds: secondsLeft(msBeforeNext) };
  }
}

/** The one call that the library makes of a client, by way of a connection with a circuit. */
function scriptRunner(redis: Pick<RedisConnection, 'run'>): object {
  let script: RedisScript | undefined;
  return {
    eval: (source: string, options: { keys: string[]; arguments: string[] }) => {
      if (script?.source !== source) script = new RedisScript(source);
      return redis.run(script, options.keys, options.arguments);
    },
  };
}

function quota(requests: number, count: number, msLeft: number): Quota {
  return { allowed: count <= requests, remaining: Math.max(0, requests - count), resetSeconds: secondsLeft(msLeft) };
}

function secondsLeft(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}
