import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { canonicalJson, sha256 } from './canonical-json';
import { ChannelPointers, type ChannelState, checkMove, type MoveOptions } from './channels';
import { corrupt, parseInput, parseStored, readDocuments } from './documents';
import { RegistryError, shortVersion } from './errors';
import { putImmutable } from './immutable';
import { checkModelName, checkVersion, isVersion, isVersionPrefix, layout } from './layout';
import { type Channel, Manifest, MODEL_FILES, type ModelFileName, TrainingRun } from './manifest';
import {
  checkModelVersion,
  difference,
  type FileFacts,
  type ModelFiles,
  type ModelVersion,
  mismatch,
} from './model-version';
import type { ObjectStore } from './object-store';
import { openObjectStore } from './open-object-store';
import { Rollouts } from './rollouts';

/** Opens a model's registry in a store; see {@link openObjectStore} for the URL. */
export async function openModelRegistry(url: string, model: string): Promise<ModelRegistry> {
  return new ModelRegistry(await openObjectStore(url), model);
}

/** The versions, channels, rollouts and training runs of one model in a store. Every failure is a {@link RegistryError}. */
export class ModelRegistry {
  /** How the clusters get on with what the channels point to. */
  readonly rollouts: Rollouts;
  private readonly pointers: ChannelPointers;

  constructor(
    readonly store: ObjectStore,
    readonly model: string,
  ) {
    checkModelName(model);
    this.pointers = new ChannelPointers(store, model);
    this.rollouts = new Rollouts(store, model);
  }

  /**
   * Publishes a version. The manifest is written last, so a version is visible only when it is whole; registering the
   * same again changes nothing, and completes what an earlier attempt left.
   *
   * @returns the version
   * @throws RegistryError `INVALID_ARGUMENT` when the files don't match the manifest, `IMMUTABLE` when the version
   *   exists with other bytes
   */
  async register(input: { readonly manifest: Manifest; readonly files: ModelFiles }): Promise<string> {
    const { manifest, files } = input;
    checkModelVersion(manifest, files);
    if (manifest.model !== this.model) {
      throw new RegistryError(
        'INVALID_ARGUMENT',
        `the manifest is of model "${manifest.model}", and this is the registry of "${this.model}"`,
        'Open the registry of that model.',
      );
    }
    const document = canonicalJson(manifest);
    const version = sha256(document);
    for (const name of MODEL_FILES) {
      await putImmutable(this.store, layout.file(this.model, version, name), files[name]);
    }
    await putImmutable(this.store, layout.manifest(this.model, version), document);
    return version;
  }

  /** Every whole version, sorted. */
  async versions(): Promise<string[]> {
    const prefix = layout.versions(this.model);
    const found: string[] = [];
    for await (const key of this.store.list(prefix)) {
      const [version, name, ...rest] = key.slice(prefix.length).split('/');
      if (version && isVersion(version) && name === 'manifest.json' && rest.length === 0) found.push(version);
    }
    return found.sort();
  }

  /**
   * A version's manifest, checked against the version.
   *
   * @throws RegistryError `VERSION_NOT_FOUND`, `CORRUPT`
   */
  async manifest(version: string): Promise<Manifest> {
    checkVersion(version);
    const key = layout.manifest(this.model, version);
    const object = await this.store.get(key);
    if (!object) throw this.versionNotFound(version);
    const actual = sha256(object.body);
    if (actual !== version) throw corrupt(this.store, key, `sha256 ${actual}, expected ${version}`);
    const manifest = parseStored(this.store, key, object.body, Manifest);
    // Else a copy, which is written from the parsed manifest, would have another version.
    if (!canonicalJson(manifest).equals(object.body)) throw corrupt(this.store, key, 'it is not canonical JSON');
    return manifest;
  }

  /**
   * One file of a version, checked against the manifest.
   *
   * @throws RegistryError `CORRUPT` when it is missing or has other bytes
   */
  async file(version: string, name: ModelFileName, expected: FileFacts): Promise<Buffer> {
    checkVersion(version);
    const key = layout.file(this.model, version, name);
    const object = await this.store.get(key);
    if (!object) throw corrupt(this.store, key, 'it is missing');
    const problem = mismatch(object.body, expected);
    if (problem) throw corrupt(this.store, key, problem);
    return object.body;
  }

  /**
   * Writes one file of a version to the disk as it comes, however large it is, and checks it against the manifest.
   * What is left when that fails is for the caller to remove.
   *
   * @param path of the new file; its directory must be there
   * @throws RegistryError `CORRUPT` when it is missing or has other bytes
   */
  async download(version: string, name: ModelFileName, expected: FileFacts, path: string): Promise<void> {
    checkVersion(version);
    const key = layout.file(this.model, version, name);
    const bytes = await this.store.stream(key);
    if (!bytes) throw corrupt(this.store, key, 'it is missing');
    const hash = createHash('sha256');
    let length = 0;
    const file = await open(path, 'wx');
    try {
      for await (const piece of bytes) {
        hash.update(piece);
        length += piece.length;
        // Nothing fills the disk with what can't be right any more.
        if (length > expected.bytes) break;
        await file.writeFile(piece);
      }
    } finally {
      await file.close();
    }
    const problem = difference({ sha256: hash.digest('hex'), bytes: length }, expected);
    if (problem) throw corrupt(this.store, key, problem);
  }

  /** The file on this machine's disk that holds a file of a version, unchecked; `undefined` for a store elsewhere. */
  localPath(version: string, name: ModelFileName): string | undefined {
    checkVersion(version);
    return this.store.localPath(layout.file(this.model, version, name));
  }

  /**
   * A version with all its bytes, every one checked.
   *
   * @throws RegistryError `VERSION_NOT_FOUND`, `CORRUPT`
   */
  async fetch(version: string): Promise<ModelVersion> {
    const manifest = await this.manifest(version);
    const files: Partial<Record<ModelFileName, Buffer>> = {};
    for (const name of MODEL_FILES) files[name] = await this.file(version, name, manifest.files[name]);
    return { version, manifest, files: files as ModelFiles };
  }

  /**
   * The version that a channel's name, a version, or the first 6 or more digits of one stands for.
   *
   * @throws RegistryError `CHANNEL_NOT_FOUND`, `VERSION_NOT_FOUND`, `AMBIGUOUS_VERSION`, `INVALID_ARGUMENT`
   */
  async resolve(reference: string): Promise<string> {
    if (isVersion(reference)) {
      await this.manifest(reference);
      return reference;
    }
    if (!isVersionPrefix(reference)) {
      const channel = await this.channel(reference);
      if (!channel) throw await this.channelNotFound(reference);
      return channel.version;
    }
    const matches = (await this.versions()).filter((version) => version.startsWith(reference));
    if (matches.length > 1) {
      throw new RegistryError(
        'AMBIGUOUS_VERSION',
        `"${reference}" fits ${matches.length} versions: ${matches.map(shortVersion).join(', ')}`,
        'Give more digits.',
      );
    }
    if (!matches[0]) throw this.versionNotFound(reference);
    return matches[0];
  }

  /**
   * Where a channel points; `undefined` when nothing was ever promoted to it.
   *
   * @param seen what was read before: it is given back if the channel didn't change, by one small request
   */
  async channel(name: string, seen?: ChannelState): Promise<ChannelState | undefined> {
    return this.pointers.get(name, seen);
  }

  /** Every channel by name. */
  async channels(): Promise<Map<string, Channel>> {
    return this.pointers.all();
  }

  /**
   * Points a channel to a version, after checking every byte of that version. Of two at once, one wins.
   *
   * @throws ConflictError naming both versions; the channel is then as the other left it
   * @throws RegistryError `VERSION_NOT_FOUND`, `CORRUPT`
   */
  async promote(channel: string, version: string, options: MoveOptions): Promise<ChannelState> {
    const seen = await this.channel(channel);
    checkMove(channel, seen, version, options);
    await this.fetch(version);
    return this.pointers.move(channel, seen, version, options.by);
  }

  /**
   * Points a channel back to its previous version. The version it leaves becomes the previous one, so a second
   * rollback undoes the first; give `expected` to be sure of what is undone.
   *
   * @throws ConflictError as in {@link promote}
   * @throws RegistryError `CHANNEL_NOT_FOUND`, `NO_PREVIOUS`, and `VERSION_NOT_FOUND` when the previous one is gone
   */
  async rollback(channel: string, options: MoveOptions): Promise<ChannelState> {
    const seen = await this.channel(channel);
    if (!seen) throw await this.channelNotFound(channel);
    if (!seen.previous) {
      throw new RegistryError(
        'NO_PREVIOUS',
        `channel "${channel}" has had no other version than ${shortVersion(seen.version)}`,
        'Promote the version that is wanted.',
      );
    }
    checkMove(channel, seen, seen.previous, options);
    await this.manifest(seen.previous);
    return this.pointers.move(channel, seen, seen.previous, options.by);
  }

  /**
   * Keeps the record of a training run, once.
   *
   * @throws RegistryError `VERSION_NOT_FOUND`, or `IMMUTABLE` when the id is taken by another record
   */
  async recordRun(run: TrainingRun): Promise<void> {
    const parsed = parseInput('run', TrainingRun, run);
    await this.manifest(parsed.version);
    await putImmutable(this.store, layout.run(this.model, parsed.id), canonicalJson(parsed));
  }

  /** Every training run, the newest first. */
  async runs(): Promise<TrainingRun[]> {
    const runs = [...(await readDocuments(this.store, layout.runs(this.model), TrainingRun)).values()];
    return runs.sort((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
  }

  private versionNotFound(reference: string): RegistryError {
    return new RegistryError(
      'VERSION_NOT_FOUND',
      `${this.store.url} has no version ${reference} of model "${this.model}"`,
      'List the versions; if it is in another store, sync it first.',
    );
  }

  private async channelNotFound(name: string): Promise<RegistryError> {
    const names = [...(await this.channels()).keys()];
    return new RegistryError(
      'CHANNEL_NOT_FOUND',
      `${this.store.url} has no channel "${name}" of model "${this.model}"`,
      names.length ? `There are: ${names.join(', ')}.` : 'Promote a version to it.',
    );
  }
}
