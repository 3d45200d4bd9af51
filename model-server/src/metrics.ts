import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { RUNGS } from './ladder';
import { BATCH_BUCKETS, LABELS, LATENCY_BUCKETS, METRICS } from './metric-names';

/** The first 12 digits: enough to tell versions apart on a graph. */
const shortVersion = (version: string) => version.slice(0, 12);

/** How many versions keep their series, so that a server that swaps often doesn't grow. */
const VERSIONS_KEPT = 4;

/** The server's metrics, on a registry of their own so that several servers fit in one process. */
export class Metrics {
  readonly registry = new Registry();
  private readonly versions: string[] = [];

  readonly requests = new Counter({
    name: METRICS.requests,
    help: 'HTTP requests answered',
    labelNames: [LABELS.route, LABELS.method, LABELS.status],
    registers: [this.registry],
  });
  readonly requestDuration = new Histogram({
    name: METRICS.requestDuration,
    help: 'Seconds from the request head to the last byte of the answer',
    labelNames: [LABELS.route, LABELS.method, LABELS.status],
    buckets: [...LATENCY_BUCKETS],
    registers: [this.registry],
  });
  readonly requestsInFlight = new Gauge({
    name: METRICS.requestsInFlight,
    help: 'HTTP requests being answered',
    registers: [this.registry],
  });
  readonly fallbacks = new Counter({
    name: METRICS.fallbacks,
    help: 'Answers from a lower rung than asked for',
    labelNames: [LABELS.reason],
    registers: [this.registry],
  });
  readonly batchSize = new Histogram({
    name: METRICS.batchSize,
    help: 'Requests that shared a model run',
    buckets: [...BATCH_BUCKETS],
    registers: [this.registry],
  });
  readonly runDuration = new Histogram({
    name: METRICS.runDuration,
    help: 'Seconds of one model run',
    buckets: [...LATENCY_BUCKETS],
    registers: [this.registry],
  });
  readonly modelLoads = new Counter({
    name: METRICS.modelLoads,
    help: 'Model versions loaded or refused',
    labelNames: [LABELS.result],
    registers: [this.registry],
  });
  readonly ready = new Gauge({ name: METRICS.ready, help: '1 while ready to answer', registers: [this.registry] });
  private readonly recommendations = new Counter({
    name: METRICS.recommendations,
    help: 'Answers with recommendations',
    labelNames: [LABELS.rung, LABELS.modelVersion],
    registers: [this.registry],
  });
  private readonly modelInfo = new Gauge({
    name: METRICS.modelInfo,
    help: 'The model version that answers',
    labelNames: [LABELS.model, LABELS.modelVersion, LABELS.algorithm],
    registers: [this.registry],
  });
  private readonly modelSince = new Gauge({
    name: METRICS.modelSince,
    help: 'When the model version began to answer, seconds since the epoch',
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  countRecommendation(rung: string, version: string | null): void {
    this.recommendations.inc({ [LABELS.rung]: rung, [LABELS.modelVersion]: version ? shortVersion(version) : 'none' });
  }

  /** Says which version answers from now on, and forgets the series of versions long gone. */
  modelServes(model: { name: string; version: string; algorithm: string }): void {
    const version = shortVersion(model.version);
    this.modelInfo.reset();
    this.modelInfo.set(
      { [LABELS.model]: model.name, [LABELS.modelVersion]: version, [LABELS.algorithm]: model.algorithm },
      1,
    );
    this.modelSince.setToCurrentTime();
    if (this.versions.includes(version)) return;
    this.versions.push(version);
    if (this.versions.length > VERSIONS_KEPT) this.forget(this.versions.shift() as string);
  }

  private forget(version: string): void {
    for (const rung of RUNGS) {
      this.recommendations.remove({ [LABELS.rung]: rung, [LABELS.modelVersion]: version });
    }
  }
}
