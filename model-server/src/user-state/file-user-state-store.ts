import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { acquireFileLock } from '@cdktf-recommender/model-registry';
import { z } from 'zod';
import { UserStateCache } from './user-state-cache';
import {
  ID_MEMORY_MS,
  MAX_IDS_PER_USER,
  mergeEvents,
  type NewUserEvent,
  type UserState,
  type UserStateStore,
} from './user-state-store';

const StoredUser = z.strictObject({
  user: z.string(),
  /** [item, milliseconds since the epoch] */
  events: z.array(z.tuple([z.string(), z.number()])),
  /** [event id, when it was seen], the oldest first */
  ids: z.array(z.tuple([z.string(), z.number()])).optional(),
});
type StoredUser = z.infer<typeof StoredUser>;

export interface FileUserStateStoreOptions {
  /** Made when it is missing. */
  directory: string;
  /** Users kept in memory at most; 0 keeps none. */
  usersCached: number;
  /** Bytes that they take at most. Default 64 MiB. */
  bytesCached?: number;
  /** Spares the processes that share it the 5 seconds. */
  changes?: UserChanges;
}

/** Tells processes that share a directory which customer changed. */
export interface UserChanges {
  /** Tells the others. */
  shareUser(user: string): void;
  /** Hears the others. */
  onUser(listener: (user: string) => void): void;
}

/**
 * Histories in a directory, one small file per customer, replaced whole by a rename. Processes of one machine may share
 * it: they write a customer in turn, and see each other's writes within 5 seconds, or at once by `changes`. Nothing is
 * forgotten by itself.
 */
export class FileUserStateStore implements UserStateStore {
  private readonly directory: string;
  private readonly cache: UserStateCache;
  /** The last write of each user that is being written. */
  private readonly writes = new Map<string, Promise<unknown>>();

  private readonly changes: UserChanges | undefined;

  constructor({ directory, usersCached, bytesCached = 64 * 2 ** 20, changes }: FileUserStateStoreOptions) {
    this.directory = directory;
    this.changes = changes;
    changes?.onUser((user) => this.cache.forget(user));
    this.cache = new UserStateCache({ entries: usersCached, bytes: bytesCached, read: (user) => this.read(user) });
  }

  get(user: string): UserState | undefined | Promise<UserState | undefined> {
    return this.cache.get(user);
  }

  async append(user: string, events: readonly NewUserEvent[]): Promise<number> {
    if (events.length === 0) return 0;
    return this.exclusively(user, async (path, temporary) => {
      const known = await readStored(path);
      const now = Date.now();
      const ids = new Map(known?.ids?.filter(([, seen]) => seen > now - ID_MEMORY_MS));
      const added = events.filter(({ id }) => {
        if (id === undefined) return true;
        if (ids.has(id)) return false;
        return ids.set(id, now);
      });
      if (added.length === 0) return 0;
      const state = { user, events: mergeEvents(stateOf(known)?.events ?? [], added) };
      const stored: StoredUser = { user, events: state.events.map(({ item, at }) => [item, at]) };
      if (ids.size > 0) stored.ids = [...ids].slice(-MAX_IDS_PER_USER);
      await writeFile(temporary, JSON.stringify(stored));
      await rename(temporary, path);
      this.cache.put(user, state);
      this.changes?.shareUser(user);
      return added.length;
    });
  }

  erase(user: string): Promise<boolean> {
    return this.exclusively(user, async (path, temporary) => {
      const shard = dirname(path);
      // With what a crash in the middle of a write may have left.
      const files = (await entries(shard)).filter((file) => file.startsWith(basename(path)));
      const left = files.filter((file) => file !== basename(lockOf(path)) && !file.startsWith(basename(temporary)));
      for (const file of left) await rm(join(shard, file), { force: true });
      this.cache.forget(user);
      this.changes?.shareUser(user);
      return left.includes(basename(path));
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
    return stateOf(await readStored(this.path(user)));
  }

  /** Hashed, because an id may hold what a file name can't, and names are not case-sensitive everywhere. */
  private path(user: string): string {
    const name = createHash('sha256').update(user).digest('hex');
    return join(this.directory, name.slice(0, 2), `${name}.json`);
  }

  /** One change of a user after the other, so that none is lost; of this process's own, and of all processes'. */
  private async exclusively<T>(user: string, change: (path: string, temporary: string) => Promise<T>): Promise<T> {
    const before = this.writes.get(user) ?? Promise.resolve();
    const locked = () => this.locked(this.path(user), change);
    const result = before.then(locked, locked);
    this.writes.set(user, result);
    try {
      return await result;
    } finally {
      if (this.writes.get(user) === result) this.writes.delete(user);
    }
  }

  private async locked<T>(path: string, change: (path: string, temporary: string) => Promise<T>): Promise<T> {
    const temporary = `${path}.${randomUUID()}.tmp`;
    // Not the temporary file itself: the lock is a link to it, and would outlive a crash with a customer's data.
    const token = `${temporary}.lock`;
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(token, '');
      const lock = await acquireFileLock(lockOf(path), token);
      try {
        return await change(path, temporary);
      } finally {
        await lock.release();
      }
    } catch (error) {
      if (error instanceof BrokenHistoryError) throw error;
      // Node names no file when a disk is full.
      throw new Error(`can't write to ${this.directory}: ${(error as Error).message}`, { cause: error });
    } finally {
      await Promise.all([temporary, token].map((file) => rm(file, { force: true }).catch(() => undefined)));
    }
  }
}

/** A file that is there and makes no sense. */
class BrokenHistoryError extends Error {}

function lockOf(path: string): string {
  return `${path}.lock`;
}

function stateOf(stored: StoredUser | undefined): UserState | undefined {
  return stored && { user: stored.user, events: stored.events.map(([item, at]) => ({ item, at })) };
}

async function readStored(path: string): Promise<StoredUser | undefined> {
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
    throw new BrokenHistoryError(
      `${path} is not a customer's history: ${problem}; erase the customer, or restore the file`,
    );
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
