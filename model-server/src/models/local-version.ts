import {
  type FileFacts,
  ItemCatalogue,
  type Manifest,
  type ModelRegistry,
  PopularItems,
  RegistryError,
} from '@cdktf-recommender/model-registry';

/** A version whose files are on this machine's disk. */
export interface LocalVersion {
  readonly version: string;
  /** Checked, as are `items` and `popular`. */
  readonly manifest: Manifest;
  readonly items: ItemCatalogue;
  /** Item indices, most popular first, with their number of customers. */
  readonly popular: PopularItems['items'];
  /** The path of model.onnx. Its bytes are checked where they are loaded. */
  readonly graph: string;
}

/**
 * Reads what is small of a version in a store on this machine.
 *
 * @throws RegistryError `VERSION_NOT_FOUND`, `CORRUPT`
 */
export async function readLocalVersion(registry: ModelRegistry, version: string): Promise<LocalVersion> {
  const graph = registry.localPath(version, 'model.onnx');
  if (graph === undefined) throw new Error(`${registry.store.url} is not on this machine`);
  const manifest = await registry.manifest(version);
  const [items, popular] = await Promise.all([
    registry.file(version, 'items.json', manifest.files['items.json']),
    registry.file(version, 'popular.json', manifest.files['popular.json']),
  ]);
  return {
    version,
    manifest,
    items: ItemCatalogue.parse(JSON.parse(items.toString('utf8'))),
    popular: PopularItems.parse(JSON.parse(popular.toString('utf8'))).items,
    graph,
  };
}

/** A file that is not what the manifest says, told like the registry's own finds. */
export function corruptFile(path: string, actual: FileFacts, expected: FileFacts): RegistryError {
  return new RegistryError(
    'CORRUPT',
    `${path} is corrupt: sha256 ${actual.sha256} (${actual.bytes} bytes), expected ${expected.sha256} (${expected.bytes} bytes)`,
    'Restore the file from a copy of the store, or register the version again in a new one.',
  );
}
