import { type Attributes, type Link, type SpanContext, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { TraceState } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_URL_SCHEME,
} from '@opentelemetry/semantic-conventions';
import { randomHex } from './random-ids';
import type { ModelRun, RequestRecord } from './request-record';

/** Names of the spans, and of the attributes that the semantic conventions don't have. */
export const SPANS = {
  userState: 'user-state',
  cache: 'cache',
  queue: 'queue',
  run: 'run',
  rank: 'rank',
  batch: 'batch',
} as const;
export const SPAN_ATTRIBUTES = {
  modelVersion: 'recommender.model_version',
  rung: 'recommender.rung',
  fallback: 'recommender.fallback',
  requestId: 'recommender.request_id',
  cacheHit: 'recommender.cache.hit',
  batchSize: 'recommender.batch.size',
} as const;

/** How a request ended. */
export interface RequestEnd {
  readonly route: string;
  readonly method: string;
  readonly status: number;
  /** Of a gRPC call: its status; the route is then its service and method. */
  readonly rpcCode?: number;
  /** `performance.now()` */
  readonly endedAt: number;
}

type Times = readonly [from: number, to: number];

/** Makes spans of what was noted of requests. */
export class SpanFactory {
  /** Milliseconds of the epoch at `performance.now() === 0`, now: `timeOrigin` doesn't follow a clock that is set. */
  private origin = 0;
  /** The runs whose span was made already. */
  private readonly batches = new WeakMap<ModelRun, SpanContext>();

  constructor(
    private readonly resource: Resource,
    private readonly scope: ReadableSpan['instrumentationScope'],
  ) {}

  /**
   * The spans of a request: the server's, and under it those of what happened. That of the model run is a trace of its
   * own, since several requests share it; it is among those of the first of them that is kept, and links all of them.
   */
  of(record: RequestRecord, end: RequestEnd): ReadableSpan[] {
    this.origin = Date.now() - performance.now();
    const server = contextOf(record);
    const child = (name: string, times: Times, attributes: Attributes = {}, links: Link[] = []) =>
      this.span(name, SpanKind.INTERNAL, inTrace(record.traceId), server, times, attributes, links);
    const spans = [this.server(record, end, server)];
    const { run } = record;
    if (record.userStateAt) spans.push(child(SPANS.userState, [record.userStateAt, record.userStateEndedAt]));
    if (record.cacheAt) {
      const hit = { [SPAN_ATTRIBUTES.cacheHit]: record.cacheHit };
      spans.push(child(SPANS.cache, [record.cacheAt, record.cacheEndedAt], hit));
    }
    if (record.queuedAt) spans.push(child(SPANS.queue, [record.queuedAt, run?.startedAt || end.endedAt]));
    if (run) {
      const known = this.batches.get(run);
      const batch = known ?? inTrace(randomHex(32));
      if (!known) spans.push(this.batch(run, batch, end.endedAt, record.modelVersion));
      spans.push(child(SPANS.run, [run.startedAt, run.endedAt || end.endedAt], {}, [{ context: batch }]));
      if (record.rankedAt && run.endedAt) spans.push(child(SPANS.rank, [run.endedAt, record.rankedAt]));
    }
    return spans;
  }

  private server(record: RequestRecord, end: RequestEnd, context: SpanContext) {
    const { route, method, status, rpcCode, endedAt } = end;
    const attributes: Attributes = {
      ...(rpcCode === undefined ? httpAttributes(end) : rpcAttributes(route, rpcCode)),
      [SPAN_ATTRIBUTES.requestId]: record.id,
    };
    if (record.modelVersion) attributes[SPAN_ATTRIBUTES.modelVersion] = record.modelVersion;
    if (record.rung) attributes[SPAN_ATTRIBUTES.rung] = record.rung;
    if (record.fallback) attributes[SPAN_ATTRIBUTES.fallback] = record.fallback;
    if (status >= 500) attributes[ATTR_ERROR_TYPE] = `${rpcCode ?? status}`;
    const parent = record.parentSpanId && { ...context, spanId: record.parentSpanId, isRemote: true };
    const name = rpcCode === undefined ? `${method} ${route}` : route;
    const span = this.span(
      name,
      SpanKind.SERVER,
      context,
      parent || undefined,
      [record.startedAt, endedAt],
      attributes,
    );
    return status >= 500 ? { ...span, status: { code: SpanStatusCode.ERROR } } : span;
  }

  private batch(run: ModelRun, context: SpanContext, until: number, version: string | null): ReadableSpan {
    this.batches.set(run, context);
    const links = run.requests.flatMap(({ record }) => (record ? [{ context: contextOf(record) }] : []));
    const attributes: Attributes = { [SPAN_ATTRIBUTES.batchSize]: run.requests.length };
    if (version) attributes[SPAN_ATTRIBUTES.modelVersion] = version;
    const times: Times = [run.startedAt, run.endedAt || until];
    return this.span(SPANS.batch, SpanKind.INTERNAL, context, undefined, times, attributes, links);
  }

  private span(
    name: string,
    kind: SpanKind,
    context: SpanContext,
    parentSpanContext: SpanContext | undefined,
    [from, to]: Times,
    attributes: Attributes,
    links: Link[] = [],
  ): ReadableSpan {
    const ended = Math.max(from, to);
    return {
      name,
      kind,
      spanContext: () => context,
      parentSpanContext,
      startTime: toHrTime(this.origin + from),
      endTime: toHrTime(this.origin + ended),
      duration: toHrTime(ended - from),
      status: { code: SpanStatusCode.UNSET },
      attributes,
      links,
      events: [],
      ended: true,
      resource: this.resource,
      instrumentationScope: this.scope,
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    };
  }
}

function httpAttributes({ method, route, status }: RequestEnd): Attributes {
  return {
    [ATTR_HTTP_REQUEST_METHOD]: method,
    [ATTR_HTTP_ROUTE]: route,
    [ATTR_HTTP_RESPONSE_STATUS_CODE]: status,
    [ATTR_URL_SCHEME]: 'http',
  };
}

/** By the semantic conventions for gRPC, which their package has among the unstable ones. */
function rpcAttributes(route: string, code: number): Attributes {
  const [service = '', method = ''] = route.split('/');
  return { 'rpc.system': 'grpc', 'rpc.service': service, 'rpc.method': method, 'rpc.grpc.status_code': code };
}

/** What is exported counts as sampled, whoever decided it and when. */
function inTrace(traceId: string, spanId = randomHex(16)): SpanContext {
  return { traceId, spanId, traceFlags: TraceFlags.SAMPLED };
}

function contextOf({ traceId, spanId, traceState }: RequestRecord): SpanContext {
  return { ...inTrace(traceId, spanId), ...(traceState !== undefined && { traceState: new TraceState(traceState) }) };
}

/** Seconds and nanoseconds. */
function toHrTime(milliseconds: number): [number, number] {
  const seconds = Math.floor(milliseconds / 1000);
  return [seconds, Math.round((milliseconds - seconds * 1000) * 1e6)];
}
