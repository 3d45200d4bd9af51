/** What a caller says of its trace. */
export interface TraceParent {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** The caller's span, 16 hexadecimal digits. */
  readonly spanId: string;
  readonly sampled: boolean;
}

/** Version, trace, span, flags. Later versions may add more after the flags; version ff is none. */
const TRACE_PARENT = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}(-.*)?$/;
const LENGTH = 55;

/**
 * Reads a `traceparent` header; `undefined` for one that is missing or not valid, which starts a new trace.
 *
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function parseTraceParent(header: string | undefined): TraceParent | undefined {
  if (header === undefined || !TRACE_PARENT.test(header)) return undefined;
  if (header.startsWith('00') && header.length !== LENGTH) return undefined;
  const sampled = (Number.parseInt(header.slice(53, 55), 16) & 1) === 1;
  return { traceId: header.slice(3, 35), spanId: header.slice(36, 52), sampled };
}

/** The header for those who are called on behalf of a trace. */
export function formatTraceParent({ traceId, spanId, sampled }: TraceParent): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}
