import type { ModelRegistry } from '@cdktf-recommender/model-registry';
import { Batcher } from '../batcher';
import { withDeadline } from '../deadline';
import type { Metrics } from '../metrics';
import type { RecommenderModel } from '../recommender-model';
import { RequestSamples } from './request-samples';
import type { WarmUpFigures } from './warm-up';

/** Longest wait for requests that a replaced version still answers; they have deadlines far below. */
const DRAIN_MS = 10_000;

/** Where a version came from. */
export interface ModelOrigin {
  readonly registry: ModelRegistry;
  readonly version: string;
  readonly source: 'store' | 'seed';
}

export interface ServedModelOptions {
  readonly model: RecommenderModel;
  readonly origin: ModelOrigin;
  readonly warmUp: WarmUpFigures;
  /** Requests in a run at most. */
  readonly batchSize: number;
  readonly metrics: Metrics;
}

/** A version that answers requests. */
export class ServedModel {
  readonly model: RecommenderModel;
  readonly origin: ModelOrigin;
  readonly warmUp: WarmUpFigures;
  /** Milliseconds since the epoch. */
  readonly since = Date.now();
  readonly samples = new RequestSamples();
  readonly scorer: Batcher;

  constructor({ model, origin, warmUp, batchSize, metrics }: ServedModelOptions) {
    this.model = model;
    this.origin = origin;
    this.warmUp = warmUp;
    this.scorer = new Batcher({
      run: (requests) => {
        this.samples.offer(requests);
        return model.run(requests);
      },
      batchSize,
      onRun: (run) => metrics.countRun(run),
    });
  }

  /** Frees the model once its requests are answered. A run that never ends is not waited for. */
  async retire(): Promise<void> {
    await withDeadline(this.scorer.drained(), performance.now() + DRAIN_MS).catch(() => undefined);
    await this.model.close();
  }
}
