import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { mergeEvents, type UserEvent, type UserState, type UserStateStore } from './user-state-store';

const StoredUser = z.strictObject({
  user: z.string(),
  /** [item, milliseconds since the epoch] */
  events: z.array(z.tuple([z.string(), z.number()])),
});

/** How long another process's change (a bulk load, an erasure) may go unnoticed. */
const CACHE_TTL_MS = 5000;

/** Stands for a user that has no file, so that asking for it again doesn't read the disk. */
const UNKNOWN = Symbol('unknown user');

export interface FileUserStateStoreOptions {
  /** Made when it is missing. */
  directory: string;
  /** Users kept in memory at most; 0 keeps none. */
  usersCached: number;
}

/**
 * Histories in a directory, one small file per customer, replaced whole by a rename. Memory is bounded by the number
 * of users cached. Made for one writing process at a time; another process's writes are seen within 5 seconds.
 */
export class FileUserStateStore implements UserStateStore {
  private readonly directory: string;
  private readonly cache: LRUCache<string, UserState | typeof UNKNOWN> | undefined;
  /** The last write of each user that is being written. */
  private readonly writes = new Map<string, Promise<unknown>>();
  /** Counts changes, so that a read that began before one isn't cached after it. */
  private changes = 0;

  constructor({ directory, usersCached }: FileUserStateStoreOptions) {
    this.directory = directory;
    this.cache = usersCached > 0 ? new LRUCache({ max: usersCached, ttl: CACHE_TTL_MS }) : undefined;
  }

  get(user: string): UserState | undefined | Promise<UserState | undefined> {
    const cached = this.cache?.get(user);
    if (cached) return cached === UNKNOWN ? undefined : cached;
    const { changes } = this;
    return this.read(user).then((state) => {
      if (changes === this.changes) this.cache?.set(user, state ?? UNKNOWN);
      return state;
    });
  }

  append(user: string, events: readonly UserEvent[]): Promise<void> {
    return this.exclusively(user, async () => {
      const known = (await this.read(user))?.events ?? [];
      const state: UserState = { user, events: mergeEvents(known, events) };
      const path = this.path(user);
      const temporary = `${path}.${randomUUID()}.tmp`;
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(temporary, JSON.stringify({ user, events: state.events.map(({ item, at }) => [item, at]) }));
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => undefined);
        // Node names no file when a disk is full.
        throw new Error(`can't write to ${this.directory}: ${(error as Error).message}`, { cause: error });
      }
      this.changes++;
      this.cache?.set(user, state);
    });
  }

  erase(user: string): Promise<boolean> {
    return this.exclusively(user, async () => {
      const path = this.path(user);
      const shard = dirname(path);
      // With what a crash in the middle of a write may have left.
      const files = (await entries(shard)).filter((file) => file.startsWith(basename(path)));
      for (const file of files) await rm(join(shard, file), { force: true });
      this.changes++;
      this.cache?.delete(user);
      return files.includes(basename(path));
    });
  }

  async list(limit: number): Promise<string[]> {
    const users: string[] = [];
    for (const shard of (await entries(this.directory)).sort()) {
      for (const file of (await entries(join(this.directory, shard))).sort()) {
        if (!file.endsWith('.json')) continue;
        // A broken file says so when its customer is asked for; it must not hide the others.
        const stored = await readStored(join(this.directory, shard, file)).catch(() => undefined);
        if (stored) users.push(stored.user);
        if (users.length >= limit) return users;
      }
    }
    return users;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.writes.values());
  }

  private async read(user: string): Promise<UserState | undefined> {
    const stored = await readStored(this.path(user));
    return stored && { user, events: stored.events.map(([item, at]) => ({ item, at })) };
  }

  /** Hashed, because an id may hold what a file name can't, and names are not case-sensitive everywhere. */
  private path(user: string): string {
    const name = createHash('sha256').update(user).digest('hex');
    return join(this.directory, name.slice(0, 2), `${name}.json`);
  }

  /** One change of a user after the other, so that none is lost. */
  private async exclusively<T>(user: string, change: () => Promise<T>): Promise<T> {
    const before = this.writes.get(user) ?? Promise.resolve();
    const result = before.then(change, change);
    this.writes.set(user, result);
    try {
      return await result;
    } finally {
      if (this.writes.get(user) === result) this.writes.delete(user);
    }
  }
}

async function readStored(path: string): Promise<z.infer<typeof StoredUser> | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return StoredUser.parse(JSON.parse(text));
  } catch (error) {
    const problem = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new Error(`${path} is not a customer's history: ${problem}; erase the customer, or restore the file`);
  }
}

async function entries(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
