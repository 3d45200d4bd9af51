import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  canonicalJson,
  DirectoryObjectStore,
  type Manifest,
  MODEL_FILES,
  ModelRegistry,
  RegistryError,
  type RegistryErrorCode,
} from '@cdktf-recommender/model-registry';
import type { Logger } from 'pino';
import { type LocalVersion, readLocalVersion } from './local-version';

/** `corrupt`: it was there, damaged, and was fetched again. */
export type LookupResult = 'hit' | 'miss' | 'corrupt';

export interface ModelCacheOptions {
  readonly directory: string;
  /** Bytes of all versions together. */
  readonly bytes: number;
  readonly logger: Logger;
  onLookup?(result: LookupResult): void;
}

/** Times that a version is loaded: fetched again when it was damaged, or crowded out by other processes. */
const ATTEMPTS = 3;
/** What the registry says of a version of which something is damaged or gone. */
const DAMAGE: readonly RegistryErrorCode[] = ['CORRUPT', 'VERSION_NOT_FOUND'];
const TEMPORARY = '.tmp';
/** No download takes so long: what is older was left by a process that died. */
const ABANDONED_MS = 3_600_000;

/**
 * Model versions on this machine's disk, so that a model is never whole in this process's memory, and a restart doesn't
 * fetch it again. Several processes may share the directory: a version appears whole by a rename, and whoever finds it
 * gone or damaged fetches it again. It is laid out as a model store, by model and version, and so its bytes are checked
 * like any store's, each time they are used. The versions used longest ago make room for a new one.
 */
export class ModelCache {
  private readonly root: string;

  constructor(private readonly options: ModelCacheOptions) {
    this.root = resolve(options.directory);
  }

  /**
   * Loads a version: where it is when its store is on this machine, else by way of the cache.
   *
   * @param load throws RegistryError `CORRUPT` when model.onnx proves damaged; called again with a new copy if it was the
   *   cache's
   * @throws RegistryError `CORRUPT` when the store's own bytes are damaged; others as the store throws them
   */
  async load<T>(registry: ModelRegistry, version: string, load: (files: LocalVersion) => Promise<T>): Promise<T> {
    if (registry.localPath(version, 'model.onnx') !== undefined) return load(await readLocalVersion(registry, version));
    const copies = new ModelRegistry(new DirectoryObjectStore(this.root), registry.model);
    const path = this.pathOf(registry.model, version);
    let result: LookupResult = 'hit';
    try {
      for (let attempt = 1; ; attempt++) {
        if (!(await touch(path))) {
          if (result === 'hit') result = 'miss';
          await this.explain(() => this.download(registry, version, path));
        }
        try {
          return await load(await readLocalVersion(copies, version));
        } catch (error) {
          if (attempt === ATTEMPTS || !(await this.isDamaged(path, error))) throw error;
          // Or another process took it away to make room, since it was found.
          if (!(await touch(path))) continue;
          result = 'corrupt';
          this.options.logger.warn({ err: error }, 'a cached model version is damaged: it is fetched again');
          await this.remove(path);
        }
      }
    } finally {
      this.options.onLookup?.(result);
    }
  }

  private async isDamaged(path: string, error: unknown): Promise<boolean> {
    if (error instanceof RegistryError && DAMAGE.includes(error.code)) return true;
    return (await facts(join(path, 'model.onnx'))) === undefined;
  }

  private async download(registry: ModelRegistry, version: string, path: string): Promise<void> {
    const manifest = await registry.manifest(version);
    await this.makeRoom(manifest);
    const temporary = join(this.root, TEMPORARY, randomUUID());
    await mkdir(temporary, { recursive: true });
    try {
      for (const name of MODEL_FILES) {
        await registry.download(version, name, manifest.files[name], join(temporary, name));
      }
      await writeFile(join(temporary, 'manifest.json'), canonicalJson(manifest));
      await mkdir(dirname(path), { recursive: true });
      await rename(temporary, path).catch((error) => {
        // Another process was faster.
        if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code)) throw error;
      });
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  }

  private async makeRoom(manifest: Manifest): Promise<void> {
    const needed = MODEL_FILES.reduce((sum, name) => sum + manifest.files[name].bytes, 0);
    const { bytes } = this.options;
    if (needed > bytes) {
      throw new RegistryError(
        'INVALID_ARGUMENT',
        `the version has ${needed} bytes, and the model cache holds ${bytes}`,
        'Raise modelCacheMegabytes (RECOMMENDER_MODEL_CACHE_MEGABYTES).',
      );
    }
    await this.sweep();
    const kept = await this.entries();
    let total = kept.reduce((sum, entry) => sum + entry.bytes, 0);
    for (const { path, bytes: freed } of kept.sort((a, b) => a.usedAt - b.usedAt)) {
      if (total + needed <= bytes) break;
      await this.remove(path);
      total -= freed;
    }
  }

  private async entries(): Promise<{ path: string; bytes: number; usedAt: number }[]> {
    const found: { path: string; bytes: number; usedAt: number }[] = [];
    for (const model of await names(this.root)) {
      if (model === TEMPORARY) continue;
      for (const version of await names(dirname(this.pathOf(model, 'version')))) {
        const path = this.pathOf(model, version);
        const sizes = await Promise.all((await names(path)).map(async (name) => (await facts(join(path, name)))?.size));
        const usedAt = (await facts(path))?.mtimeMs ?? 0;
        found.push({ path, bytes: sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0), usedAt });
      }
    }
    return found;
  }

  /** At once for whoever looks for it, however long its files take. */
  private async remove(path: string): Promise<void> {
    const trash = join(this.root, TEMPORARY, randomUUID());
    await mkdir(dirname(trash), { recursive: true });
    await rename(path, trash).catch(ignoreMissing);
    await rm(trash, { recursive: true, force: true });
  }

  private async sweep(): Promise<void> {
    for (const name of await names(join(this.root, TEMPORARY))) {
      const path = join(this.root, TEMPORARY, name);
      const since = (await facts(path))?.mtimeMs ?? Date.now();
      if (Date.now() - since > ABANDONED_MS) await rm(path, { recursive: true, force: true });
    }
  }

  private pathOf(model: string, version: string): string {
    return join(this.root, model, 'versions', version);
  }

  private async explain(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (error instanceof RegistryError || code === undefined) throw error;
      throw new RegistryError(
        'STORE_UNAVAILABLE',
        `can't use the model cache ${this.root}: ${message}`,
        'Set modelCache (RECOMMENDER_MODEL_CACHE) to a directory with room that this user may write.',
        { cause: error },
      );
    }
  }
}

/** Marks a version as used now; false when there is none. */
async function touch(path: string): Promise<boolean> {
  const now = new Date();
  try {
    await utimes(path, now, now);
    return true;
  } catch (error) {
    // One that another user's process made, or on a read-only disk, can be read all the same.
    return !MISSING.includes((error as NodeJS.ErrnoException).code ?? '');
  }
}

const MISSING = ['ENOENT', 'ENOTDIR'];

async function names(directory: string): Promise<string[]> {
  return (await readdir(directory).catch(ignoreMissing)) ?? [];
}

async function facts(path: string) {
  return stat(path).catch(ignoreMissing);
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (!MISSING.includes(error.code ?? '')) throw error;
}
