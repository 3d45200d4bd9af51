import { canonicalJson } from './canonical-json';
import { RegistryError, type RegistryErrorCode } from './errors';
import { putImmutable } from './immutable';
import { layout } from './layout';
import { MODEL_FILES } from './manifest';
import { mismatch } from './model-version';
import type { ObjectStore } from './object-store';
import { ModelRegistry } from './registry';

export interface SyncOptions {
  readonly source: ObjectStore;
  readonly destination: ObjectStore;
  readonly model: string;
  /** Told of each version that the destination lacked, when it is done. */
  readonly onVersion?: (outcome: VersionOutcome) => void;
}

export type VersionOutcome =
  | {
      readonly version: string;
      readonly outcome: 'copied';
      /** What was written, without the manifest: less than the version's size when an earlier run was interrupted. */
      readonly bytes: number;
      readonly seconds: number;
    }
  | {
      readonly version: string;
      readonly outcome: 'refused';
      readonly code: RegistryErrorCode;
      readonly message: string;
      readonly hint: string;
    };

export interface SyncSummary {
  readonly model: string;
  readonly source: string;
  readonly destination: string;
  /** Versions in the source. */
  readonly versions: number;
  /** Those of them that the destination had. */
  readonly present: number;
  readonly copied: number;
  /** Those whose bytes are not what their manifest says, on either side. */
  readonly refused: number;
  readonly bytes: number;
  readonly seconds: number;
}

const REFUSALS: readonly RegistryErrorCode[] = ['CORRUPT', 'IMMUTABLE'];

/**
 * Copies the versions that the destination lacks. Each file is checked when read and read back when written, and the
 * manifest follows last, so an interrupted run leaves no version that looks whole; the next run goes on where it
 * stopped. Nothing is deleted or replaced, and channels stay as they are. A version that is corrupt is refused, and the
 * others are copied. Holds at most two copies of one file in memory.
 *
 * @throws RegistryError when a store can't be used
 */
export async function syncVersions(options: SyncOptions): Promise<SyncSummary> {
  const started = performance.now();
  const source = new ModelRegistry(options.source, options.model);
  const destination = new ModelRegistry(options.destination, options.model);
  const versions = await source.versions();
  const there = new Set(await versionsOrNone(destination));
  const missing = versions.filter((version) => !there.has(version));
  let copied = 0;
  let bytes = 0;
  for (const version of missing) {
    const outcome = await copyOrRefuse(source, destination, version);
    if (outcome.outcome === 'copied') {
      copied++;
      bytes += outcome.bytes;
    }
    options.onVersion?.(outcome);
  }
  return {
    model: options.model,
    source: options.source.url,
    destination: options.destination.url,
    versions: versions.length,
    present: versions.length - missing.length,
    copied,
    refused: missing.length - copied,
    bytes,
    seconds: secondsSince(started),
  };
}

async function copyOrRefuse(
  source: ModelRegistry,
  destination: ModelRegistry,
  version: string,
): Promise<VersionOutcome> {
  const started = performance.now();
  try {
    const bytes = await copy(source, destination, version);
    return { version, outcome: 'copied', bytes, seconds: secondsSince(started) };
  } catch (error) {
    if (!(error instanceof RegistryError) || !REFUSALS.includes(error.code)) throw error;
    return { version, outcome: 'refused', code: error.code, message: error.message, hint: error.hint };
  }
}

async function copy(source: ModelRegistry, destination: ModelRegistry, version: string): Promise<number> {
  const manifest = await source.manifest(version);
  let bytes = 0;
  for (const name of MODEL_FILES) {
    const expected = manifest.files[name];
    const key = layout.file(source.model, version, name);
    const present = await destination.store.get(key);
    if (present && !mismatch(present.body, expected)) continue;
    const body = await source.file(version, name, expected);
    await putImmutable(destination.store, key, body);
    await destination.file(version, name, expected);
    bytes += body.length;
  }
  await putImmutable(destination.store, layout.manifest(source.model, version), canonicalJson(manifest));
  await destination.manifest(version);
  return bytes;
}

/** A directory that isn't there yet is made by the first write; a missing bucket or container fails that write. */
async function versionsOrNone(registry: ModelRegistry): Promise<string[]> {
  try {
    return await registry.versions();
  } catch (error) {
    if (error instanceof RegistryError && error.code === 'STORE_NOT_FOUND') return [];
    throw error;
  }
}

function secondsSince(started: number): number {
  return Math.round(performance.now() - started) / 1000;
}
