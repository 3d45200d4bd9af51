import type { FallbackReason, Outcome, Rung } from '../ladder';
import { randomHex } from './random-ids';
import { formatTraceParent, parseTraceParent } from './trace-parent';

/** Callers choose their ids, and ours end up in logs: what is longer or has other characters is replaced. */
const REQUEST_ID = /^[\w.:/+=@-]{1,128}$/;
/** The bound that W3C trace context asks for at least. */
const TRACE_STATE_LENGTH = 512;

/** One run of the model, and the requests that share it. Times are those of `performance.now()`. */
export interface ModelRun {
  readonly startedAt: number;
  /** 0 until it is over. */
  endedAt: number;
  readonly requests: readonly { readonly queuedAt: number; readonly record?: RequestRecord }[];
}

/**
 * What is noted of a request under way, for its log line and, should it be kept, its trace. Times are milliseconds of
 * `performance.now()`, 0 for what did not happen; spans are made of them when the request is over, and only for those
 * few that are kept.
 */
export class RequestRecord {
  readonly startedAt = performance.now();
  readonly traceId: string;
  readonly spanId: string;
  /** The caller's span. */
  readonly parentSpanId: string | undefined;
  /** What the caller decided about sampling; `undefined` when there is no caller's trace. */
  readonly parentSampled: boolean | undefined;
  readonly traceState: string | undefined;
  /** `x-request-id`: the caller's, or the trace's id. */
  readonly id: string;

  /** Decides about the trace; `undefined` when nothing is traced here. */
  tracer: { isSampled(record: RequestRecord): boolean } | undefined;
  modelVersion: string | null = null;
  rung: Rung | null = null;
  fallback: FallbackReason | null = null;
  userStateAt = 0;
  userStateEndedAt = 0;
  cacheAt = 0;
  cacheEndedAt = 0;
  cacheHit = false;
  queuedAt = 0;
  run: ModelRun | null = null;
  /** When the answer was there as bytes. */
  rankedAt = 0;

  /** @param rawHeaders names and values in turn: making Node's object of them would cost more than all the rest. */
  constructor(rawHeaders: readonly string[]) {
    let traceParent: string | undefined;
    let traceState: string | undefined;
    let requestId: string | undefined;
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const name = rawHeaders[i] as string;
      if (name.length < 10 || name.length > 12) continue;
      const value = rawHeaders[i + 1] as string;
      const lower = name.toLowerCase();
      if (lower === 'traceparent') traceParent = joined(traceParent, value);
      else if (lower === 'tracestate') traceState = joined(traceState, value);
      else if (lower === 'x-request-id') requestId = joined(requestId, value);
    }
    const parent = parseTraceParent(traceParent);
    this.traceId = parent?.traceId ?? randomHex(32);
    this.spanId = randomHex(16);
    this.parentSpanId = parent?.spanId;
    this.parentSampled = parent?.sampled;
    this.traceState = parent && traceState && traceState.length <= TRACE_STATE_LENGTH ? traceState : undefined;
    this.id = requestId !== undefined && REQUEST_ID.test(requestId) ? requestId : this.traceId;
  }

  /** Notes how the answer came about, when it is there. */
  ranked({ modelVersion, rung, fallback }: Outcome): void {
    this.modelVersion = modelVersion;
    this.rung = rung;
    this.fallback = fallback;
    this.rankedAt = performance.now();
  }

  /** The trace as others are to go on with it; a caller's own where nothing is traced here; `undefined` without either. */
  traceHeaders(): TraceHeaders | undefined {
    const { traceId, tracer, traceState: tracestate } = this;
    const spanId = tracer ? this.spanId : this.parentSpanId;
    if (spanId === undefined) return undefined;
    const sampled = tracer?.isSampled(this) ?? this.parentSampled === true;
    const traceparent = formatTraceParent({ traceId, spanId, sampled });
    return tracestate === undefined ? { traceparent } : { traceparent, tracestate };
  }
}

/** For those who are called on a request's behalf. */
export interface TraceHeaders {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/** As HTTP joins repeated headers; only of a `tracestate` does that make a valid one. */
function joined(before: string | undefined, value: string): string {
  return before === undefined ? value : `${before},${value}`;
}

declare global {
  namespace Express {
    interface Request {
      /** Set by the request log, ahead of every route. */
      record: RequestRecord;
    }
  }
}
