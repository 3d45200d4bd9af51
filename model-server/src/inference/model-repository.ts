import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { ServerConfigError } from '../config';
import type { InferenceBackend } from './backend';
import { BackendSettings } from './backend-settings';
import { type InferenceModel, ONNX_PLATFORM } from './inference-model';
import { OnnxBackend } from './onnx-backend';
import { OpenInferenceBackend } from './open-inference-backend';
import { TensorFlowServingBackend } from './tensorflow-serving-backend';

/** Each model has metric series and, when it is ONNX, a thread of its own. */
const MAX_MODELS = 100;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
/** The version of a model that lies in its folder without one. */
const ONLY_VERSION = '1';
/** Milliseconds until a server that was not reached is tried again, the first time; then twice as long each time. */
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 60_000;

export interface RepositoryOptions {
  readonly directory: string;
  /** Names that folders can't have. */
  readonly taken: readonly string[];
  /** For what another server runs: see {@link HttpClientOptions}. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly logger: Logger;
}

/**
 * A directory of models: `<name>/model.onnx`, `<name>/<number>/model.onnx` of which the highest number is served, or
 * `<name>/backend.json` for what another server runs. A model that can't be had is listed with the reason and keeps no
 * other one from being served; one
 * that another server runs, or whose thread ended, is tried again until it is there.
 */
export class ModelRepository {
  private constructor(private readonly entries: readonly Entry[]) {}

  /**
   * Finds the models; {@link load} loads them.
   *
   * @throws ServerConfigError when the directory can't be read, or holds too many folders
   */
  static async open(options: RepositoryOptions): Promise<ModelRepository> {
    const { directory, taken, logger } = options;
    const problem = (text: string) => new ServerConfigError([`models: ${directory} ${text}`]);
    const found = await readdir(directory, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      throw problem(`can't be read: ${error.code ?? error.message}; it must be a directory of models`);
    });
    const names = found.filter((entry) => !entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => name);
    if (names.length > MAX_MODELS) throw problem(`holds ${names.length} folders; at most ${MAX_MODELS} are allowed`);
    const served = names.sort().filter((name) => {
      const reason = taken.includes(name) ? "is the recommender's own name" : 'must be 1 to 128 letters, digits, ._-';
      const usable = NAME.test(name) && !taken.includes(name);
      if (!usable) logger.error({ model: name }, `model not served: ${join(directory, name)}: the name ${reason}`);
      return usable;
    });
    return new ModelRepository(served.map((name) => new Entry(name, join(directory, name), options)));
  }

  get models(): readonly InferenceModel[] {
    return this.entries;
  }

  /** Loads every model, or logs why it can't. Never rejects. */
  async load(): Promise<void> {
    await Promise.all(this.entries.map((entry) => entry.load()));
  }

  async close(): Promise<void> {
    await Promise.all(this.entries.map((entry) => entry.close()));
  }
}

interface Loaded {
  readonly backend: InferenceBackend;
  readonly version: string | undefined;
  readonly platform: string;
  readonly sha256: string | undefined;
}

class Entry implements InferenceModel {
  platform: string = ONNX_PLATFORM;
  version: string | undefined;
  sha256: string | undefined;
  backend: InferenceBackend | undefined;
  problem: string | undefined = 'it is being loaded';
  private retry: NodeJS.Timeout | undefined;
  private attempts = 0;
  private loading: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(
    readonly name: string,
    private readonly folder: string,
    private readonly options: RepositoryOptions,
  ) {}

  load(): Promise<void> {
    this.loading = this.tryLoading();
    return this.loading;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    await this.loading;
    await this.backend?.close();
  }

  private async tryLoading(): Promise<void> {
    const { name, folder } = this;
    const { logger } = this.options;
    const settings = join(folder, 'backend.json');
    const remote = existsSync(settings);
    try {
      const { backend, ...facts } = remote
        ? await this.connect(settings)
        : await loadOnnx(name, folder, (error) => this.failed(error));
      if (this.closed) {
        await backend.close();
        return;
      }
      Object.assign(this, facts);
      this.backend = backend;
      this.problem = undefined;
      logger.info({ model: name, ...facts }, 'model loaded');
    } catch (error) {
      const problem = (error as Error).message.replace(/\s+/g, ' ');
      if (problem !== this.problem) logger.error({ model: name }, `model not loaded: ${folder}: ${problem}`);
      this.problem = problem;
      if (remote && !this.closed) this.retryLater();
    }
  }

  /** What ran it has ended by itself, as it does when a run takes more memory than there is. */
  private failed({ message }: Error): void {
    this.backend = undefined;
    this.problem = `${message}; it is being loaded again`;
    this.options.logger.error({ model: this.name }, `model not available: ${this.problem}`);
    if (!this.closed) this.retryLater();
  }

  private retryLater(): void {
    const pause = Math.min(FIRST_RETRY_MS * 2 ** this.attempts++, LONGEST_RETRY_MS);
    this.retry = setTimeout(() => void this.load(), pause).unref();
  }

  private async connect(path: string): Promise<Loaded> {
    const settings = parseSettings(await readFile(path, 'utf8'));
    const { timeoutMs, maxBytes } = this.options;
    const remote = { ...settings, model: settings.model ?? this.name, timeoutMs, maxBytes };
    if (remote.backend === 'tensorflow-serving') {
      const backend = await TensorFlowServingBackend.connect(remote);
      return { backend, version: backend.version, platform: 'tensorflow_savedmodel', sha256: undefined };
    }
    const backend = await OpenInferenceBackend.connect(remote);
    const version = settings.version ?? backend.versions.at(-1);
    return { backend, version, platform: backend.platform, sha256: undefined };
  }
}

function parseSettings(text: string): BackendSettings {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`backend.json is not JSON: ${(error as Error).message}`);
  }
  const result = BackendSettings.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'the whole'} ${message}`);
  throw new Error(`backend.json: ${problems.join('; ')}`);
}

async function loadOnnx(name: string, folder: string, onFailure: (error: Error) => void): Promise<Loaded> {
  const numbers = (await readdir(folder)).filter((entry) => /^[1-9]\d{0,15}$/.test(entry)).map(Number);
  const version = existsSync(join(folder, 'model.onnx')) ? undefined : numbers.sort((a, b) => a - b).at(-1);
  const path = join(folder, String(version ?? ''), 'model.onnx');
  if (!existsSync(path)) throw new Error('there is neither model.onnx, nor <number>/model.onnx, nor backend.json');
  const backend = await OnnxBackend.load(path, { name, onFailure });
  const { sha256 } = backend.file;
  return { backend, version: String(version ?? ONLY_VERSION), platform: ONNX_PLATFORM, sha256 };
}
