import { LRUCache } from 'lru-cache';
import type { UserState } from './user-state-store';

/** How long another process's change may go unnoticed. */
const TTL_MS = 5000;
/**
 * From this age on, a state that is asked for is read anew while it answers, so that nobody waits for the disk because
 * of a customer who comes often, and many who came at once are not read at once.
 */
const REFRESH_MS = 2500;

/** Stands for a user of whom nothing is known, so that asking for it again doesn't read the store. */
const UNKNOWN = Symbol('unknown user');

/** Bytes of an entry without its texts, about: objects, map and list nodes. */
const ENTRY_BYTES = 300;
const EVENT_BYTES = 60;

export interface UserStateCacheOptions {
  /** Users kept at most; 0 keeps none. */
  readonly entries: number;
  /** Bytes kept at most, by estimate. */
  readonly bytes: number;
  /** Reads a user from the store. */
  readonly read: (user: string) => Promise<UserState | undefined>;
}

/** The states last asked for, in memory, for 5 seconds. Callers that ask at once for one user share a read. */
export class UserStateCache {
  private readonly cache: LRUCache<string, UserState | typeof UNKNOWN> | undefined;
  private readonly reads = new Map<string, Promise<UserState | undefined>>();

  constructor(private readonly options: UserStateCacheOptions) {
    const { entries: max, bytes: maxSize } = options;
    if (max > 0) this.cache = new LRUCache({ max, maxSize, sizeCalculation: bytesOf, ttl: TTL_MS, perf: performance });
  }

  get(user: string): UserState | undefined | Promise<UserState | undefined> {
    const cached = this.cache?.get(user);
    if (this.cache && cached) {
      // A read that fails leaves it for the rest of its time, and the next one says so.
      if (this.cache.getRemainingTTL(user) < TTL_MS - REFRESH_MS && !this.reads.has(user)) {
        this.read(user).catch(() => undefined);
      }
      return cached === UNKNOWN ? undefined : cached;
    }
    return this.reads.get(user) ?? this.read(user);
  }

  /** Takes a state that was just written. */
  put(user: string, state: UserState): void {
    this.keep(user, state);
  }

  private keep(user: string, state: UserState | typeof UNKNOWN): void {
    this.reads.delete(user);
    const known = this.cache?.peek(user);
    // The same object, because others keep what they worked out of it.
    this.cache?.set(user, known && isSame(known, state) ? known : state);
  }

  /** Forgets a user; also what is just being read of it, which may be older than the change. */
  forget(user: string): void {
    this.reads.delete(user);
    this.cache?.delete(user);
  }

  forgetAll(): void {
    this.reads.clear();
    this.cache?.clear();
  }

  private read(user: string): Promise<UserState | undefined> {
    const reading = this.options.read(user).then(
      (state) => {
        if (this.reads.get(user) === reading) this.keep(user, state ?? UNKNOWN);
        return state;
      },
      (error) => {
        if (this.reads.get(user) === reading) this.reads.delete(user);
        throw error;
      },
    );
    this.reads.set(user, reading);
    return reading;
  }
}

function isSame(a: UserState | typeof UNKNOWN, b: UserState | typeof UNKNOWN): boolean {
  if (a === UNKNOWN || b === UNKNOWN) return a === b;
  if (a.events.length !== b.events.length) return false;
  return a.events.every(({ item, at }, i) => item === b.events[i]?.item && at === b.events[i]?.at);
}

function bytesOf(state: UserState | typeof UNKNOWN): number {
  if (state === UNKNOWN) return ENTRY_BYTES;
  return state.events.reduce((bytes, { item }) => bytes + EVENT_BYTES + 2 * item.length, ENTRY_BYTES);
}
