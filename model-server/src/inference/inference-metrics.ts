import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { LABELS, LATENCY_BUCKETS, METRICS } from '../metric-names';
import type { InferenceModel } from './inference-model';

/** Metrics of the models served by name. Their names come from the configuration, which bounds the label. */
export class InferenceMetrics {
  /** `result` is `ok` or the kind of the problem that was answered. */
  readonly requests: Counter;
  readonly duration: Histogram;

  constructor(registry: Registry, models: readonly InferenceModel[]) {
    const registers = [registry];
    this.requests = new Counter({
      name: METRICS.inferenceRequests,
      help: 'Inference requests for a model by its name',
      labelNames: [LABELS.model, LABELS.result],
      registers,
    });
    this.duration = new Histogram({
      name: METRICS.inferenceDuration,
      help: "Seconds from an inference request's tensors to the model's outputs",
      labelNames: [LABELS.model],
      buckets: [...LATENCY_BUCKETS],
      registers,
    });
    new Gauge({
      name: METRICS.inferenceAvailable,
      help: '1 while a model that is served by name is available',
      labelNames: [LABELS.model],
      // A model is available when it is so in every worker.
      aggregator: 'min',
      registers,
      collect() {
        for (const { name, backend } of models) this.set({ [LABELS.model]: name }, backend ? 1 : 0);
      },
    });
  }
}
