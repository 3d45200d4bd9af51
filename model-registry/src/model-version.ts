import { canonicalJson, sha256 } from './canonical-json';
import { invalidInput, parseInput } from './documents';
import { ItemCatalogue, Manifest, MODEL_FILES, type ModelFileName, PopularItems } from './manifest';

export type ModelFiles = Readonly<Record<ModelFileName, Buffer>>;

/** A version with its bytes, every one of them checked. */
export interface ModelVersion {
  readonly version: string;
  readonly manifest: Manifest;
  readonly files: ModelFiles;
}

/** The `files` entry of a manifest. */
export function describeFiles(files: ModelFiles): Manifest['files'] {
  const describe = (body: Buffer): FileFacts => ({ sha256: sha256(body), bytes: body.length });
  return Object.fromEntries(MODEL_FILES.map((name) => [name, describe(files[name])])) as Manifest['files'];
}

/** The version a manifest has: the SHA-256 of its canonical JSON. */
export function versionOf(manifest: Manifest): string {
  return sha256(canonicalJson(parseInput('manifest.json', Manifest, manifest)));
}

/**
 * Checks a version before it is published: the manifest's schema, the files against the manifest, and that the
 * catalogue and the popular items agree with the dataset's number of items.
 *
 * @throws RegistryError `INVALID_ARGUMENT`
 */
export function checkModelVersion(manifest: Manifest, files: ModelFiles): void {
  parseInput('manifest.json', Manifest, manifest);
  for (const name of MODEL_FILES) {
    if (!Buffer.isBuffer(files[name])) throw invalidInput(`${name} is missing`);
    const problem = mismatch(files[name], manifest.files[name]);
    if (problem) throw invalidInput(`${name} doesn't match its manifest: ${problem}`);
  }
  const items = parseInput('items.json', ItemCatalogue, json('items.json', files['items.json'])).length;
  if (items !== manifest.dataset.items) {
    throw invalidInput(`items.json has ${items} items, and the manifest says ${manifest.dataset.items}`);
  }
  const popular = parseInput('popular.json', PopularItems, json('popular.json', files['popular.json']));
  const stray = popular.items.find((item) => item.index >= items);
  if (stray) throw invalidInput(`popular.json names item ${stray.index}, and items.json has ${items} items`);
}

/** What a manifest says of a file. */
export type FileFacts = Manifest['files'][ModelFileName];

/** How bytes differ from what a manifest says of them; `undefined` when they don't. */
export function mismatch(body: Buffer, expected: FileFacts): string | undefined {
  return difference({ sha256: sha256(body), bytes: body.length }, expected);
}

/** The same for bytes that were counted and hashed as they came. */
export function difference(actual: FileFacts, expected: FileFacts): string | undefined {
  if (actual.sha256 === expected.sha256 && actual.bytes === expected.bytes) return undefined;
  return `sha256 ${actual.sha256} (${actual.bytes} bytes), expected ${expected.sha256} (${expected.bytes} bytes)`;
}

function json(name: string, body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw invalidInput(`${name} is not JSON: ${(error as Error).message}`);
  }
}
