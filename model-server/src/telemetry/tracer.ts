import { randomUUID } from 'node:crypto';
import { ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_INSTANCE_ID, ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import type { Logger } from 'pino';
import type { Metrics } from '../metrics';
import type { RequestRecord } from './request-record';
import { type RequestEnd, SpanFactory } from './spans';

/** Spans that wait for their export at most, a few megabytes; what comes on top is dropped and counted. */
const MAX_PENDING = 4096;
const EXPORT_EVERY_MS = 1000;
const EXPORT_TIMEOUT_MS = 5000;
/** Slow or failed requests that are kept a second at most: in an outage all are, and a few tell as much. */
const UNSAMPLED_PER_SECOND = 20;
/** A trace id's last 48 bits decide, so that whoever samples by the same rule keeps the same traces. */
const RANDOM_DIGITS = 12;
const RANDOM_RANGE = 2 ** 48;

export interface TracerOptions {
  readonly exporter: SpanExporter;
  /** Share of the requests without a caller's decision that are sampled, 0 to 1. */
  readonly sampleRatio: number;
  /** Requests that take longer are kept, sampled or not; milliseconds. */
  readonly slowMs: number;
  readonly metrics: Pick<Metrics, 'traceSpans'>;
  readonly logger: Logger;
}

/**
 * Decides which requests' traces are kept, when they are over: the sampled ones, the slow ones and the failed ones. Only
 * those become spans. They are exported in the background; a collector that is slow or gone costs their spans, no more.
 */
export class Tracer {
  private readonly processor: BatchSpanProcessor;
  private readonly spans: SpanFactory;
  private pending = 0;
  /** The second that {@link unsampledKept} counts. */
  private second = 0;
  private unsampledKept = 0;

  constructor(private readonly options: TracerOptions) {
    const { version } = require('../../package.json') as { version: string };
    const resource = resourceFromAttributes({
      [ATTR_SERVICE_NAME]: 'model-server',
      [ATTR_SERVICE_VERSION]: version,
      [ATTR_SERVICE_INSTANCE_ID]: randomUUID(),
    });
    this.spans = new SpanFactory(resource, { name: '@cdktf-recommender/model-server', version });
    this.processor = new BatchSpanProcessor({
      exporter: this.counted(options.exporter),
      maxQueueSize: MAX_PENDING,
      scheduledDelayMillis: EXPORT_EVERY_MS,
      exportTimeoutMillis: EXPORT_TIMEOUT_MS + 1000,
    });
  }

  /** Keeps the request's trace if it is worth it. */
  finish(record: RequestRecord, end: RequestEnd): void {
    if (!this.isSampled(record)) {
      const slow = end.endedAt - record.startedAt > this.options.slowMs;
      if ((!slow && end.status < 500) || !this.mayKeepUnsampled(end.endedAt)) return;
    }
    const spans = this.spans.of(record, end);
    if (this.pending + spans.length > MAX_PENDING) {
      this.options.metrics.traceSpans.inc({ result: 'dropped' }, spans.length);
      return;
    }
    this.pending += spans.length;
    for (const span of spans) this.processor.onEnd(span);
  }

  /** Whether the trace is kept whatever becomes of the request, which those who are called on its behalf are told. */
  isSampled({ parentSampled, traceId }: RequestRecord): boolean {
    if (parentSampled !== undefined) return parentSampled;
    const { sampleRatio } = this.options;
    if (sampleRatio === 0 || sampleRatio === 1) return sampleRatio === 1;
    return Number.parseInt(traceId.slice(-RANDOM_DIGITS), 16) >= (1 - sampleRatio) * RANDOM_RANGE;
  }

  /** Exports what waits, and ends. Never rejects. */
  async close(): Promise<void> {
    await this.processor.shutdown().catch(() => undefined);
  }

  private mayKeepUnsampled(now: number): boolean {
    const second = Math.floor(now / 1000);
    if (second !== this.second) {
      this.second = second;
      this.unsampledKept = 0;
    }
    return ++this.unsampledKept <= UNSAMPLED_PER_SECOND;
  }

  private counted(exporter: SpanExporter): SpanExporter {
    const { metrics, logger } = this.options;
    let failing = false;
    return {
      export: (spans: ReadableSpan[], done) =>
        exporter.export(spans, (result) => {
          this.pending -= spans.length;
          const failed = result.code === ExportResultCode.FAILED;
          metrics.traceSpans.inc({ result: failed ? 'failed' : 'exported' }, spans.length);
          if (failed && !failing) logger.warn({ reason: result.error?.message }, 'traces can not be exported');
          if (!failed && failing) logger.info('traces are exported again');
          failing = failed;
          done(result);
        }),
      shutdown: () => exporter.shutdown(),
    };
  }
}

/** @param endpoint base address of a collector that takes OTLP over HTTP: `http://localhost:4318` */
export function otlpExporter(endpoint: string): SpanExporter {
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  return new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS });
}
