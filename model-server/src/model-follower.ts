import { RegistryError } from '@cdktf-recommender/model-registry';
import type { Logger } from 'pino';
import type { ServerConfig } from './config';
import type { Metrics } from './metrics';
import { ModelCache } from './models/model-cache';
import { ModelMetrics } from './models/model-metrics';
import { ModelSource, type SourceConfig } from './models/model-source';
import { type ModelOrigin, ServedModel } from './models/served-model';
import { type WarmUpFigures, warmUp } from './models/warm-up';
import { RecommenderModel, UnservableModelError } from './recommender-model';

export type { ServedModel } from './models/served-model';

/** What the routes ask about models. */
export interface ServedModels {
  /** The version that answers; `undefined` until one is loaded. */
  readonly current: ServedModel | undefined;
  /** The version that answered before it; `undefined` when there was none. */
  readonly previous: string | undefined;
  /** Why the newest attempt to load a version failed, or what is wrong with the one that answers, in one line. */
  readonly problem: string | undefined;
  /** Why the version that answers can't run any more: popular items are all it has until another takes its place. */
  readonly failure: string | undefined;
  /** That a run takes longer than any does, in one line; `undefined` when none does. */
  readonly hang: string | undefined;
}

export type FollowerConfig = SourceConfig &
  Pick<
    ServerConfig,
    | 'pollSeconds'
    | 'batchSize'
    | 'modelCache'
    | 'modelCacheMegabytes'
    | 'warmUpTargetMs'
    | 'warmUpSeconds'
    | 'hungRunSeconds'
  >;

interface Refusal {
  readonly reference: string;
  readonly message: string;
  readonly attempts: number;
  /** Milliseconds since the epoch. */
  readonly retryAt: number;
}

/** Longest pause before a version that was refused is tried again. */
const MAX_RETRY_SECONDS = 300;
/** A version whose thread ends sooner is not loaded again at once. */
const STABLE_SECONDS = 60;
/** Share of `pollSeconds` by which a pause is longer or shorter, so that replicas don't ask the store in step. */
const JITTER = 0.1;

/**
 * Keeps the model that answers at the version the channel points to. A version is loaded and warmed beside the one
 * that answers, and takes its place only when it is sound and fast; a version that is refused changes nothing.
 */
export class ModelFollower implements ServedModels {
  private served: ServedModel | undefined;
  private before: ModelOrigin | undefined;
  private refused: Refusal | undefined;
  private failed: Error | undefined;
  /** Times in a row that a version's thread ended soon after it was loaded. */
  private crashes = { version: '', count: 0 };
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private readonly stopping = new AbortController();
  private readonly source: ModelSource;
  private readonly cache: ModelCache;
  private readonly modelMetrics: ModelMetrics;

  constructor(
    private readonly config: FollowerConfig,
    private readonly metrics: Metrics,
    private readonly logger: Logger,
  ) {
    this.source = new ModelSource(config);
    const runningSeconds = () => (this.served?.model.backend.runningMs() ?? 0) / 1000;
    this.modelMetrics = new ModelMetrics(metrics.registry, runningSeconds);
    this.cache = new ModelCache({
      directory: config.modelCache,
      bytes: config.modelCacheMegabytes * 2 ** 20,
      logger,
      onLookup: (result) => this.modelMetrics.cacheLookups.inc({ result }),
    });
  }

  get current(): ServedModel | undefined {
    return this.served;
  }

  get previous(): string | undefined {
    return this.before?.version;
  }

  get problem(): string | undefined {
    return this.failure ?? this.refused?.message ?? (this.served && slowness(this.served.warmUp));
  }

  get failure(): string | undefined {
    return this.failed?.message;
  }

  get hang(): string | undefined {
    const seconds = (this.served?.model.backend.runningMs() ?? 0) / 1000;
    const { hungRunSeconds } = this.config;
    if (seconds <= hungRunSeconds) return undefined;
    return `a model run has not ended for ${Math.floor(seconds)} s, allowed ${hungRunSeconds} s`;
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
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.looking;
    const served = this.served;
    this.served = undefined;
    await served?.retire();
  }

  private schedule(): void {
    if (this.stopping.signal.aborted) return;
    const seconds = this.config.pollSeconds * (1 - JITTER + 2 * JITTER * Math.random());
    this.timer = setTimeout(() => void this.look().then(() => this.schedule()), seconds * 1000);
    this.timer.unref();
  }

  private async follow(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    let reference = this.source.reference;
    try {
      const wanted = await this.source.wanted();
      reference = wanted.version;
      if (reference === this.served?.model.version && !this.failed) this.refused = undefined;
      else if (this.isDue(reference)) {
        await this.serve(wanted);
        this.refused = undefined;
      }
      this.tellWhetherWanted(reference);
    } catch (error) {
      if (this.stopping.signal.aborted) return;
      const { seed } = this.config;
      if (seed !== undefined && (await this.source.awaitsFirstVersion(error))) {
        await this.serveSeed(seed);
        this.tellWhetherWanted(this.config.version ?? this.served?.model.version);
        return;
      }
      this.tellWhetherWanted(undefined);
      this.refuse(reference, error);
      // A store that can't be reached must not keep a new server from answering at all.
      if (seed !== undefined && isUnreachable(error)) await this.serveSeed(seed);
    }
    if (this.failed) await this.recover();
  }

  private tellWhetherWanted(version: string | undefined): void {
    const answers = this.failed ? undefined : this.served?.model.version;
    this.modelMetrics.wanted.set(answers !== undefined && answers === version ? 1 : 0);
  }

  private async serveSeed(seed: string): Promise<void> {
    // Also when a store that had versions is emptied: what is loaded is newer than the seed.
    if ((this.served && !this.failed) || !this.isDue(seed)) return;
    try {
      await this.serve(await this.source.seed(seed));
    } catch (error) {
      this.refuse(seed, error);
    }
  }

  /** Loads the version that can't run again, unless that is to wait, or else the one before it. */
  private async recover(): Promise<void> {
    for (const origin of [this.served?.origin, this.before]) {
      if (!origin || !this.isDue(this.referenceOf(origin))) continue;
      try {
        await this.serve(origin);
        return;
      } catch (error) {
        this.logger.error({ err: error, modelVersion: origin.version }, 'a version that served does not load again');
      }
    }
  }

  /** By what a version is known when it is refused: the seed is not looked into while it is to wait. */
  private referenceOf({ source, version }: ModelOrigin): string {
    return source === 'seed' ? (this.config.seed as string) : version;
  }

  private isDue(reference: string): boolean {
    return this.refused?.reference !== reference || Date.now() >= this.refused.retryAt;
  }

  /** Loads a version, warms it, and lets it take the place of the one that answers. */
  private async serve(origin: ModelOrigin): Promise<void> {
    const { registry, version } = origin;
    let ended: Error | undefined;
    let next: ServedModel | undefined;
    const onFailure = (error: Error) => {
      ended = error;
      if (next && next === this.served) this.fail(next, error);
    };
    const model = await this.cache.load(registry, version, (files) => RecommenderModel.load(files, { onFailure }));
    try {
      next = await this.warm(model, origin);
      if (ended) throw ended;
    } catch (error) {
      await model.close();
      throw error;
    }
    await this.replace(next);
  }

  private async warm(model: RecommenderModel, origin: ModelOrigin): Promise<ServedModel> {
    const { batchSize, warmUpTargetMs: targetMs, warmUpSeconds: seconds, hungRunSeconds } = this.config;
    const { served, metrics } = this;
    const samples = served?.samples.for(model, served.model) ?? [];
    const { signal } = this.stopping;
    const beside = served !== undefined;
    const figures = await warmUp(model, { samples, batchSize, targetMs, seconds, hungRunSeconds, beside, signal });
    const slow = slowness(figures);
    // Slow is better than nothing: each request's deadline holds, and lower rungs need a model too.
    if (slow !== undefined && served && !this.failed) throw new UnservableModelError(slow);
    if (slow !== undefined) this.logger.warn({ modelVersion: model.version, warmUp: figures }, slow);
    return new ServedModel({ model, origin, warmUp: figures, batchSize, metrics });
  }

  private async replace(next: ServedModel): Promise<void> {
    const { model, warmUp: figures } = next;
    const { source } = next.origin;
    const { served } = this;
    this.served = next;
    this.failed = undefined;
    if (served && served.model.version !== model.version) this.before = served.origin;
    this.metrics.modelLoads.inc({ result: 'loaded' });
    this.metrics.modelServes({ name: model.name, version: model.version, algorithm: model.manifest.algorithm.name });
    this.modelMetrics.warmUpP99.set(figures.p99Ms / 1000);
    this.logger.info(
      { modelVersion: model.version, previousVersion: served?.model.version, source, warmUp: figures },
      'model version serves',
    );
    await served?.retire();
  }

  /** The thread of the version that answers has ended: it is loaded again, once, before the one before comes back. */
  private fail({ origin, since }: ServedModel, error: Error): void {
    const { version } = origin;
    this.failed = error;
    const again = this.crashes.version === version && Date.now() - since < STABLE_SECONDS * 1000;
    this.crashes = { version, count: again ? this.crashes.count + 1 : 1 };
    this.metrics.modelLoads.inc({ result: 'failed' });
    this.logger.error({ err: error, modelVersion: version }, 'the model failed: popular items answer until it is back');
    if (again) this.refuse(this.referenceOf(origin), error, this.crashes.count - 2);
    void this.look();
  }

  private refuse(reference: string, error: unknown, attempts = this.attemptsOf(reference)): void {
    const { message } = error as Error;
    const known = this.refused?.reference === reference && this.refused.message === message;
    const seconds = Math.min(this.config.pollSeconds * 2 ** attempts, MAX_RETRY_SECONDS);
    this.refused = { reference, message, attempts, retryAt: Date.now() + seconds * 1000 };
    this.metrics.modelLoads.inc({ result: 'refused' });
    if (known) return;
    const hint = error instanceof RegistryError ? error.hint : undefined;
    const instead =
      this.served && !this.failed
        ? `version ${this.served.model.version.slice(0, 12)} goes on serving`
        : 'no model serves';
    this.logger.error({ reference, hint }, `model not loaded: ${message}; ${instead}`);
  }

  private attemptsOf(reference: string): number {
    return this.refused?.reference === reference ? this.refused.attempts + 1 : 0;
  }
}

function isUnreachable(error: unknown): boolean {
  return error instanceof RegistryError && error.code === 'STORE_UNAVAILABLE';
}

/** What is wrong with a model that ran too slowly, in one line. */
function slowness({ met, runs, seconds, p99Ms, targetMs }: WarmUpFigures): string | undefined {
  if (met) return undefined;
  return `too slow: p99 of its runs ${p99Ms} ms, allowed ${targetMs} ms, after ${runs} runs in ${seconds.toFixed(1)} s`;
}
