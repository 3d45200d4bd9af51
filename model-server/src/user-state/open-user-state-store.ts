import { RedisConnection, type RedisConnectionOptions } from '../redis/redis-connection';
import { isRedisUrl } from '../redis/redis-url';
import { FileUserStateStore, type UserChanges } from './file-user-state-store';
import { RedisUserStateStore } from './redis-user-state-store';
import type { UserStateStore } from './user-state-store';

export interface OpenUserStateStoreOptions extends Omit<RedisConnectionOptions, 'url' | 'use' | 'onChanged'> {
  /** A directory, or the URL of a Redis. */
  readonly users: string;
  /** Users kept in memory at most; 0 keeps none. */
  readonly usersCached: number;
  /** MiB that they take at most. */
  readonly usersCachedMegabytes: number;
  /** Days without an event after which Redis forgets a customer. */
  readonly historyDays: number;
  /** For a directory that processes share; a Redis tells them itself. */
  readonly changes?: UserChanges;
}

const DAY_MS = 86_400_000;

/**
 * The store that a setting names. A Redis that does not answer is waited for a second, and done without until it does.
 *
 * @throws Error when the URL, or the file of authorities, is not valid
 */
export async function openUserStateStore(options: OpenUserStateStoreOptions): Promise<UserStateStore> {
  const { users, usersCached, historyDays, changes, ...redis } = options;
  const bytesCached = options.usersCachedMegabytes * 2 ** 20;
  if (!isRedisUrl(users)) return new FileUserStateStore({ directory: users, usersCached, bytesCached, changes });
  return RedisUserStateStore.open({
    connect: (onChanged) => RedisConnection.open({ ...redis, url: users, use: 'users', onChanged }),
    keepMs: historyDays * DAY_MS,
    usersCached,
    bytesCached,
  });
}
