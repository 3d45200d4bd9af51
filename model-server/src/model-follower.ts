import {
  type ModelRegistry,
  type ModelVersion,
  openModelRegistry,
  RegistryError,
} from '@cdktf-recommender/model-registry';
import type { Logger } from 'pino';
import { Batcher, type Scorer } from './batcher';
import type { ServerConfig } from './config';
import type { Metrics } from './metrics';
import { RecommenderModel } from './recommender-model';

/** A version that answers requests. */
export interface ServedModel {
  readonly model: RecommenderModel;
  readonly scorer: Scorer;
  /** Where it came from. */
  readonly source: 'store' | 'seed';
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** What the routes ask about models. */
export interface ServedModels {
  /** The version that answers; `undefined` until one is loaded. */
  readonly current: ServedModel | undefined;
  /** Why the newest attempt to load a version failed, in one line; `undefined` when it did not. */
  readonly problem: string | undefined;
}

export type FollowerConfig = Pick<
  ServerConfig,
  'store' | 'model' | 'channel' | 'version' | 'seed' | 'pollSeconds' | 'batchSize'
>;

/** Longest pause before a version that was refused is tried again. */
const MAX_RETRY_SECONDS = 300;

/**
 * Keeps the model that answers at the version the channel points to. A version is loaded and warmed beside the one
 * that answers, and takes its place only when it is sound; a version that is refused changes nothing.
 */
export class ModelFollower implements ServedModels {
  private served: ServedModel | undefined;
  private refused: { reference: string; message: string; attempts: number; retryAt: number } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly config: FollowerConfig,
    private readonly metrics: Metrics,
    private readonly logger: Logger,
  ) {}

  get current(): ServedModel | undefined {
    return this.served;
  }

  get problem(): string | undefined {
    return this.refused?.message;
  }

  /** Loads the first version, or logs why there is none, and goes on to follow the channel. */
  async start(): Promise<void> {
    await this.look();
    this.schedule();
  }

  /** Looks at the channel now, and changes the version if need be. Never rejects. */
  look(): Promise<void> {
    this.looking = this.looking.then(() => this.follow());
    return this.looking;
  }

  /** Stops following and frees the model once its requests are answered. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
    const served = this.served;
    this.served = undefined;
    if (served) await retire(served);
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.look().then(() => this.schedule()), this.config.pollSeconds * 1000);
    this.timer.unref();
  }

  private async follow(): Promise<void> {
    if (this.stopped) return;
    const { store, model, channel, version } = this.config;
    let wanted = version ?? channel;
    try {
      const registry = await openModelRegistry(store, model);
      const resolved = await this.resolve(registry);
      if (!resolved) {
        await this.followSeed(this.config.seed as string);
        return;
      }
      wanted = resolved;
      if (wanted === this.served?.model.version) this.refused = undefined;
      else if (this.isDue(wanted)) await this.serve(await registry.fetch(wanted), 'store');
    } catch (error) {
      // A store that can't be reached must not keep a new server from answering at all.
      const unreachable = error instanceof RegistryError && error.code === 'STORE_UNAVAILABLE';
      if (unreachable && this.config.seed) await this.followSeed(this.config.seed);
      this.refuse(wanted, error);
    }
  }

  /** The version to serve; `undefined` when the store has none yet and there is a seed to serve until then. */
  private async resolve(registry: ModelRegistry): Promise<string | undefined> {
    const { channel, version, seed } = this.config;
    try {
      return await registry.resolve(version ?? channel);
    } catch (error) {
      if (!seed || !(error instanceof RegistryError)) throw error;
      if (error.code === 'STORE_NOT_FOUND' || error.code === 'CHANNEL_NOT_FOUND') return undefined;
      if (error.code === 'VERSION_NOT_FOUND' && (await registry.versions()).length === 0) return undefined;
      throw error;
    }
  }

  private async followSeed(seed: string): Promise<void> {
    // Also when a store that had versions is emptied: what is loaded is newer than the seed.
    if (this.served || !this.isDue(seed)) return;
    try {
      await this.serve(await onlyVersion(await openModelRegistry(seed, this.config.model)), 'seed');
    } catch (error) {
      this.refuse(seed, error);
    }
  }

  private isDue(reference: string): boolean {
    return this.refused?.reference !== reference || Date.now() >= this.refused.retryAt;
  }

  private async serve(version: ModelVersion, source: ServedModel['source']): Promise<void> {
    const { batchSize } = this.config;
    const model = await RecommenderModel.load(version, batchSize);
    const scorer = new Batcher({
      run: (requests) => model.run(requests),
      batchSize,
      onRun: (requests, seconds) => {
        this.metrics.batchSize.observe(requests);
        this.metrics.runDuration.observe(seconds);
      },
    });
    const before = this.served;
    this.served = { model, scorer, source, since: Date.now() };
    this.refused = undefined;
    this.metrics.modelLoads.inc({ result: 'loaded' });
    this.metrics.modelServes({ name: model.name, version: model.version, algorithm: model.manifest.algorithm.name });
    this.logger.info(
      { modelVersion: model.version, previousVersion: before?.model.version, source },
      'model version serves',
    );
    if (before) await retire(before);
  }

  private refuse(reference: string, error: unknown): void {
    const { message } = error as Error;
    const attempts = this.refused?.reference === reference ? this.refused.attempts + 1 : 0;
    const known = this.refused?.reference === reference && this.refused.message === message;
    const seconds = Math.min(this.config.pollSeconds * 2 ** attempts, MAX_RETRY_SECONDS);
    this.refused = { reference, message, attempts, retryAt: Date.now() + seconds * 1000 };
    this.metrics.modelLoads.inc({ result: 'refused' });
    if (known) return;
    const hint = error instanceof RegistryError ? error.hint : undefined;
    const instead = this.served
      ? `version ${this.served.model.version.slice(0, 12)} goes on serving`
      : 'no model serves';
    this.logger.error({ reference, hint }, `model not loaded: ${message}; ${instead}`);
  }
}

async function retire({ model, scorer }: ServedModel): Promise<void> {
  await scorer.drained();
  await model.close();
}

async function onlyVersion(registry: ModelRegistry): Promise<ModelVersion> {
  const versions = await registry.versions();
  const [version] = versions;
  if (version === undefined || versions.length > 1) {
    throw new Error(
      `the seed ${registry.store.url} holds ${versions.length} versions of "${registry.model}"; it must hold exactly one`,
    );
  }
  return registry.fetch(version);
}
