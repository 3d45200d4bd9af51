import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { LabelledHistogram } from './labelled-histogram';
import { type Outcome, RUNGS } from './ladder';
import { BATCH_BUCKETS, LABELS, LATENCY_BUCKETS, METRICS } from './metric-names';
import { RequestMetrics } from './request-metrics';
import type { ModelRun } from './telemetry/request-record';

export const PROMETHEUS_CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** The first 12 digits: enough to tell versions apart on a graph. */
const shortVersion = (version: string | null) => version?.slice(0, 12) ?? 'none';

/** How many versions keep their series, so that a server that swaps often doesn't grow. */
const VERSIONS_KEPT = 4;

/** What is only looked at when the metrics are read. */
export interface WatchedState {
  isReady(): boolean;
  /** Requests that wait for a model run. */
  queueDepth(): number;
}

/**
 * The server's metrics, on a registry of their own so that several servers fit in one process. What most requests
 * change is a number here, and becomes a metric when it is read: see {@link LabelledHistogram}.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly requests = new RequestMetrics(this.registry);
  private readonly registers = [this.registry];
  private watched: WatchedState | undefined;
  /** Answers by version, then in the order of {@link RUNGS}. */
  private readonly recommendations = new Map<string | null, number[]>();
  private readonly versions: string[] = [];

  private readonly fallbacks = new Counter({
    name: METRICS.fallbacks,
    help: 'Answers from a lower rung than asked for',
    labelNames: [LABELS.reason],
    registers: this.registers,
  });
  private readonly batchSize = new LabelledHistogram({
    name: METRICS.batchSize,
    help: 'Requests that shared a model run',
    buckets: BATCH_BUCKETS,
    registers: this.registers,
  }).add({});
  private readonly queueDuration = new LabelledHistogram({
    name: METRICS.queueDuration,
    help: 'Seconds that a request waited for its model run to begin',
    buckets: LATENCY_BUCKETS,
    registers: this.registers,
  }).add({});
  private readonly runDuration = new LabelledHistogram({
    name: METRICS.runDuration,
    help: 'Seconds of one model run',
    buckets: LATENCY_BUCKETS,
    registers: this.registers,
  }).add({});
  readonly modelLoads = new Counter({
    name: METRICS.modelLoads,
    help: 'Model versions loaded or refused',
    labelNames: [LABELS.result],
    registers: this.registers,
  });
  readonly traceSpans = new Counter({
    name: METRICS.traceSpans,
    help: 'Spans of kept traces: exported, failed to export, or dropped because too many waited for it',
    labelNames: [LABELS.result],
    registers: this.registers,
  });
  readonly logLinesDropped = new Counter({
    name: METRICS.logLinesDropped,
    help: 'Log lines dropped because what reads them is too slow',
    registers: this.registers,
  });
  readonly redisCircuitOpen = new Gauge({
    name: METRICS.redisCircuitOpen,
    help: '1 while Redis is not asked, because it did not answer',
    labelNames: [LABELS.use],
    registers: this.registers,
    aggregator: 'max',
  });
  readonly events = new Counter({
    name: METRICS.events,
    help: 'Events received, and those of them that were repetitions',
    labelNames: [LABELS.result],
    registers: this.registers,
  });
  private readonly modelInfo = new Gauge({
    name: METRICS.modelInfo,
    help: 'The model version that answers',
    labelNames: [LABELS.model, LABELS.modelVersion, LABELS.algorithm],
    registers: this.registers,
    aggregator: 'max',
  });
  private readonly modelSince = new Gauge({
    name: METRICS.modelSince,
    help: 'When the model version began to answer, seconds since the epoch',
    registers: this.registers,
    aggregator: 'max',
  });

  constructor() {
    const { registers } = this;
    const self = this;
    collectDefaultMetrics({ register: this.registry });
    new Counter({
      name: METRICS.recommendations,
      help: 'Answers with recommendations',
      labelNames: [LABELS.rung, LABELS.modelVersion],
      registers,
      collect() {
        this.reset();
        for (const [version, counts] of self.recommendations) {
          counts.forEach((count, i) => {
            const labels = { [LABELS.rung]: RUNGS[i], [LABELS.modelVersion]: shortVersion(version) };
            if (count > 0) this.inc(labels as Record<'rung' | 'model_version', string>, count);
          });
        }
      },
    });
    new Gauge({
      name: METRICS.ready,
      help: '1 while ready to answer',
      registers,
      // Of several processes that share a port, the one that is not ready is the one to know about.
      aggregator: 'min',
      collect() {
        this.set(self.watched?.isReady() ? 1 : 0);
      },
    });
    new Gauge({
      name: METRICS.queueDepth,
      help: 'Requests that wait for a model run',
      registers,
      collect() {
        this.set(self.watched?.queueDepth() ?? 0);
      },
    });
    let before = performance.eventLoopUtilization();
    new Gauge({
      name: METRICS.eventLoopUtilization,
      help: 'Share of the time since the last scrape that the event loop was busy, 0 to 1',
      registers,
      aggregator: 'average',
      collect() {
        const now = performance.eventLoopUtilization();
        this.set(performance.eventLoopUtilization(now, before).utilization);
        before = now;
      },
    });
  }

  /** All of them in Prometheus' text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** Says where to look when the metrics are read. */
  watch(state: WatchedState): void {
    this.watched = state;
  }

  countRun({ requests, startedAt, endedAt }: ModelRun): void {
    this.batchSize.observe(requests.length);
    this.runDuration.observe((endedAt - startedAt) / 1000);
    for (const { queuedAt } of requests) this.queueDuration.observe((startedAt - queuedAt) / 1000);
  }

  countRecommendation({ rung, modelVersion: version, fallback }: Outcome): void {
    if (fallback) this.fallbacks.inc({ reason: fallback });
    let counts = this.recommendations.get(version);
    if (!counts) {
      counts = RUNGS.map(() => 0);
      this.recommendations.set(version, counts);
    }
    (counts[RUNGS.indexOf(rung)] as number)++;
  }

  /** Says which version answers from now on, and forgets the series of versions long gone. */
  modelServes({ name, version, algorithm }: { name: string; version: string; algorithm: string }): void {
    this.modelInfo.reset();
    this.modelInfo.set(
      { [LABELS.model]: name, [LABELS.modelVersion]: shortVersion(version), [LABELS.algorithm]: algorithm },
      1,
    );
    this.modelSince.setToCurrentTime();
    if (this.versions.includes(version)) return;
    this.versions.push(version);
    if (this.versions.length > VERSIONS_KEPT) this.recommendations.delete(this.versions.shift() as string);
  }
}
