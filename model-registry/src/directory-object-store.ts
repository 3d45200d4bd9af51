import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sha256 } from './canonical-json';
import { PreconditionFailed, RegistryError } from './errors';
import { acquireFileLock } from './file-lock';
import {
  checkedStream,
  checkKey,
  checkPrefix,
  type ObjectBytes,
  type ObjectStore,
  type StoredObject,
  type WriteCondition,
  type WrittenObject,
} from './object-store';

const TEMPORARY = '.tmp';
const ABANDONED_MS = 24 * 3_600_000;

/**
 * An object store in a directory, made at the first write, that several processes may share.
 *
 * An object is written to a temporary file, synced to disk and moved into place, so a crash leaves the old object or
 * the new one. A new object appears by a hard link, which fails when the name is taken; a replacement compares and
 * renames under a lock. What a crash leaves in `.tmp` is removed after a day.
 */
export class DirectoryObjectStore implements ObjectStore {
  readonly url: string;
  /** Absolute. */
  readonly root: string;
  private swept = false;

  constructor(directory: string) {
    this.root = resolve(directory);
    this.url = pathToFileURL(this.root).href;
  }

  async get(key: string): Promise<StoredObject | undefined> {
    checkKey(key);
    return this.explain(key, async () => {
      const body = await readFile(join(this.root, key)).catch(undefinedIfMissing);
      return body && storedObject(body);
    });
  }

  async getIfChanged(key: string, etag: string): Promise<StoredObject | 'unchanged' | undefined> {
    const object = await this.get(key);
    return object?.etag === etag ? 'unchanged' : object;
  }

  async stream(key: string): Promise<ObjectBytes | undefined> {
    checkKey(key);
    // Opened here, so that a missing object shows before its first byte is asked for.
    const file = await this.explain(key, () => open(join(this.root, key)).catch(undefinedIfMissing));
    return file && checkedStream(file.createReadStream(), (error) => this.explained(key, error));
  }

  localPath(key: string): string | undefined {
    checkKey(key);
    return join(this.root, key);
  }

  async put(key: string, body: Buffer, condition: WriteCondition): Promise<WrittenObject> {
    checkKey(key);
    return this.explain(key, async () => {
      const path = join(this.root, key);
      await makeDirectory(dirname(path));
      const temporary = await this.writeTemporary(body);
      try {
        if ('ifMatch' in condition) await this.replace(temporary, path, key, condition.ifMatch);
        else await this.create(temporary, path, key);
        await syncDirectory(dirname(path));
        return storedObject(body);
      } finally {
        await rm(temporary, { force: true });
      }
    });
  }

  async *list(prefix: string): AsyncGenerator<string> {
    checkPrefix(prefix);
    const isStore = await stat(this.root).catch(undefinedIfMissing);
    if (!isStore) {
      throw new RegistryError(
        'STORE_NOT_FOUND',
        `there is no model store at ${this.root}`,
        'Check the path; a store is made when the first model is registered.',
      );
    }
    yield* this.walk(prefix);
  }

  private async *walk(prefix: string): AsyncGenerator<string> {
    const entries = await this.explain(prefix, () =>
      readdir(join(this.root, prefix), { withFileTypes: true }).catch(undefinedIfMissing),
    );
    for (const entry of entries ?? []) {
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) yield* this.walk(`${prefix}${entry.name}/`);
      else yield `${prefix}${entry.name}`;
    }
  }

  private async create(temporary: string, path: string, key: string): Promise<void> {
    await link(temporary, path).catch((error) => {
      throw codeOf(error) === 'EEXIST' ? new PreconditionFailed(`${this.url}/${key}`, { cause: error }) : error;
    });
  }

  private async replace(temporary: string, path: string, key: string, etag: string): Promise<void> {
    const lock = await acquireFileLock(join(dirname(path), `.${basename(path)}.lock`), temporary);
    try {
      const current = await readFile(path).catch(undefinedIfMissing);
      const unchanged = current && storedObject(current).etag === etag;
      if (!unchanged || !lock.held()) throw new PreconditionFailed(`${this.url}/${key}`);
      await rename(temporary, path);
    } finally {
      await lock.release();
    }
  }

  private async writeTemporary(body: Buffer): Promise<string> {
    const directory = join(this.root, TEMPORARY);
    await mkdir(directory, { recursive: true });
    await this.sweep(directory);
    const path = join(directory, randomUUID());
    const file = await open(path, 'wx');
    try {
      await file.writeFile(body);
      await file.sync();
    } finally {
      await file.close();
    }
    return path;
  }

  private async sweep(directory: string): Promise<void> {
    if (this.swept) return;
    this.swept = true;
    for (const name of await readdir(directory)) {
      const path = join(directory, name);
      const info = await stat(path).catch(undefinedIfMissing);
      if (info && Date.now() - info.mtimeMs > ABANDONED_MS) await rm(path, { force: true });
    }
  }

  private async explain<T>(key: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.explained(key, error);
    }
  }

  private explained(key: string, error: unknown): Error {
    const code = codeOf(error);
    if (error instanceof RegistryError || !code) return error as Error;
    return new RegistryError(
      'STORE_UNAVAILABLE',
      `can't use ${join(this.root, key)}: ${(error as Error).message}`,
      HINTS[code] ?? 'Check that the directory is on a local disk that this user may write.',
      { cause: error },
    );
  }
}

const HINTS: Record<string, string> = {
  ENOSPC: 'Free some space on the disk.',
  EACCES: 'Give this user permission on the store, or use another directory.',
  EROFS: 'The disk is mounted read-only: use another directory.',
  ENOTDIR: 'A part of the path is a file: use another directory.',
  EISDIR: 'There is a directory where a file belongs: the store was not written by this program.',
  EPERM: 'The file system must allow hard links: use a local disk.',
  ENOTSUP: 'The file system must allow hard links: use a local disk.',
  ELOCKED: 'Another process holds the lock beside the file; if none is running, delete the lock.',
};

function storedObject(body: Buffer): StoredObject {
  return {
    body,
    // Only a write that follows a read needs it, and hashing a model takes a while.
    get etag() {
      return sha256(body);
    },
  };
}

/** Makes a directory, and the entries that lead to it durable. */
async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (!first) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made));
}

async function syncDirectory(path: string): Promise<void> {
  // Windows can't open a directory, and doesn't need to.
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function undefinedIfMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
  return undefined;
}
