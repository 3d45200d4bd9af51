import { BasicPooledClientSideCache } from '@redis/client';

/**
 * Hears from Redis which of the keys read by this process were changed, by whomever. The client library tells its own
 * cache, alone or in cluster mode; this one caches nothing and passes the news on.
 *
 * @see https://redis.io/docs/latest/develop/reference/client-side-caching/
 */
export class Invalidations extends BasicPooledClientSideCache {
  /** @param onChanged called with a key, or without one when any may have changed: after a lost connection */
  constructor(private readonly onChanged: (key: string | undefined) => void) {
    super({ recordStats: false });
  }

  override invalidate(key: Buffer | null): void {
    this.onChanged(key === null ? undefined : key.toString());
  }

  override clear(): void {
    this.onChanged(undefined);
  }
}
