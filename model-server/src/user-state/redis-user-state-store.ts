import { type RedisConnection, RedisScript } from '../redis/redis-connection';
import { UserStateCache } from './user-state-cache';
import {
  ID_MEMORY_MS,
  MAX_EVENTS_PER_USER,
  MAX_IDS_PER_USER,
  type NewUserEvent,
  newestFirst,
  type UserState,
  type UserStateStore,
} from './user-state-store';

export interface RedisUserStateStoreOptions {
  /** Opens the connection; `onChanged` hears of the keys that anyone changes. */
  readonly connect: (onChanged: (key: string | undefined) => void) => Promise<RedisConnection>;
  /** Milliseconds without an event after which a customer is forgotten. */
  readonly keepMs: number;
  /** Users kept in memory at most. */
  readonly usersCached: number;
  /** Bytes that they take at most. */
  readonly bytesCached: number;
}

/** Keys of one customer share a hash tag, so that a cluster keeps them on one server. */
const PREFIX = 'recommender:user:{';
const HISTORY = '}:history';
const SEEN = '}:seen';

/**
 * Adds events that were not seen yet, and forgets what is over the bounds. KEYS: a sorted set of items by their newest
 * time, and one of event ids by when they were seen. ARGV: the bounds, then id (may be empty), item and time of each.
 */
const APPEND = new RedisScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[4])
local accepted = 0
for i = 5, #ARGV, 3 do
  if ARGV[i] == '' or redis.call('ZADD', KEYS[2], 'NX', now, ARGV[i]) == 1 then
    redis.call('ZADD', KEYS[1], 'GT', ARGV[i + 2], ARGV[i + 1])
    accepted = accepted + 1
  end
end
if accepted > 0 then
  redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -(ARGV[1] + 1))
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -(ARGV[3] + 1))
  redis.call('PEXPIRE', KEYS[2], ARGV[4])
end
return accepted
`);

/** Keys that a step of a scan looks at, and steps of a list at most: it is for a look, not for an export. */
const SCAN_COUNT = '1000';
const SCAN_STEPS = 100;

/**
 * Histories in Redis 6.2 or newer, or what speaks its protocol, shared by all replicas. A change by another one is seen
 * when Redis tells of it, at the latest when the copy in memory expires. A customer is forgotten when nothing came for
 * `keepMs`.
 */
export class RedisUserStateStore implements UserStateStore {
  private readonly cache: UserStateCache;
  private readonly bounds: readonly string[];

  private constructor(
    private readonly redis: RedisConnection,
    { keepMs, usersCached, bytesCached }: RedisUserStateStoreOptions,
  ) {
    this.cache = new UserStateCache({ entries: usersCached, bytes: bytesCached, read: (user) => this.read(user) });
    this.bounds = [MAX_EVENTS_PER_USER, keepMs, MAX_IDS_PER_USER, ID_MEMORY_MS].map(String);
  }

  static async open(options: RedisUserStateStoreOptions): Promise<RedisUserStateStore> {
    // What changes before there is a store can't be in its memory.
    let store: RedisUserStateStore | undefined;
    const redis = await options.connect((key) => store?.changed(key));
    store = new RedisUserStateStore(redis, options);
    return store;
  }

  get(user: string): UserState | undefined | Promise<UserState | undefined> {
    return this.cache.get(user);
  }

  async append(user: string, events: readonly NewUserEvent[]): Promise<number> {
    let accepted = 0;
    try {
      for (let i = 0; i < events.length; i += MAX_EVENTS_PER_USER) {
        const some = events.slice(i, i + MAX_EVENTS_PER_USER);
        const args = some.flatMap(({ id = '', item, at }) => [id, item, String(at)]);
        accepted += await this.redis.run<number>(APPEND, keysOf(user), [...this.bounds, ...args]);
      }
    } finally {
      // Also after a failure: what got no answer in time may have been done all the same.
      this.cache.forget(user);
    }
    return accepted;
  }

  async erase(user: string): Promise<boolean> {
    const [history, seen] = keysOf(user);
    try {
      return (await this.redis.send<number>(history, false, ['DEL', history, seen])) > 0;
    } finally {
      this.cache.forget(user);
    }
  }

  async list(limit: number): Promise<string[]> {
    const users = new Set<string>();
    let cursor = '0';
    for (let step = 0; step < SCAN_STEPS && users.size < limit; step++) {
      const scan = ['SCAN', cursor, 'MATCH', `${PREFIX}*${HISTORY}`, 'COUNT', SCAN_COUNT];
      const [next, keys] = await this.redis.send<[string, string[]]>(undefined, true, scan);
      for (const key of keys) users.add(userOf(key));
      cursor = String(next);
      if (cursor === '0') break;
    }
    return [...users].slice(0, limit);
  }

  async close(): Promise<void> {
    this.redis.close();
  }

  private async read(user: string): Promise<UserState | undefined> {
    const [history] = keysOf(user);
    const pairs = await this.redis.send<[string, number][]>(history, true, [
      ...['ZRANGE', history, '0', '-1', 'REV', 'WITHSCORES'],
    ]);
    if (pairs.length === 0) return undefined;
    return { user, events: pairs.map(([item, at]) => ({ item, at })).sort(newestFirst) };
  }

  private changed(key: string | undefined): void {
    if (key === undefined) this.cache.forgetAll();
    else if (key.startsWith(PREFIX)) this.cache.forget(userOf(key));
  }
}

/** Encoded, because an id may hold braces, which mean something in a key. */
function keysOf(user: string): [history: string, seen: string] {
  const customer = PREFIX + encodeURIComponent(user);
  return [customer + HISTORY, customer + SEEN];
}

function userOf(key: string): string {
  return decodeURIComponent(key.slice(PREFIX.length, key.indexOf('}', PREFIX.length)));
}
