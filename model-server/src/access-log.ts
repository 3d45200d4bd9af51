import pino, { type Logger } from 'pino';
import type { RequestRecord } from './telemetry/request-record';

/** An answered request, in terms that name no customer. */
export interface AccessLogEntry {
  readonly record: RequestRecord;
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly ms: number;
  /** Whether this server traces, so that its span exists. */
  readonly traced: boolean;
}

interface Bindings {
  /** What a logger says in every line: `,"pid":1,"hostname":"..."`. */
  readonly [pino.symbols.chindingsSym]: string;
  readonly [pino.symbols.streamSym]: { write(line: string): unknown };
}

/**
 * Writes a line for each request, as pino would: the same fields to the same destination. Every field here is known and
 * has a fixed alphabet, so that nothing has to be looked for or escaped. Measured in a loop: 0.6 µs a line, 2.1 by pino;
 * in a busy server, whose caches hold other things, 3 times as long both.
 */
export class AccessLog {
  private readonly common: string;
  private readonly destination: { write(line: string): unknown };
  private readonly info: number;
  private readonly error: number;

  constructor(private readonly logger: Logger) {
    const { [pino.symbols.chindingsSym]: common, [pino.symbols.streamSym]: destination } = logger as Logger & Bindings;
    this.common = common;
    this.destination = destination;
    this.info = logger.levels.values.info as number;
    this.error = logger.levels.values.error as number;
  }

  /** Whether an answer of this status is logged at all. */
  takes(status: number): boolean {
    return this.logger.isLevelEnabled(status >= 500 ? 'error' : 'info');
  }

  write({ record, route, method, status, ms, traced }: AccessLogEntry): void {
    const { id, traceId, spanId, parentSpanId, modelVersion, rung, fallback } = record;
    const level = status >= 500 ? this.error : this.info;
    let line = `{"level":${level},"time":${Date.now()}${this.common},"requestId":"${id}"`;
    // Names that OpenTelemetry gives them in logs. Without a tracer only a caller's trace is one that exists.
    if (traced || parentSpanId) line += `,"trace_id":"${traceId}"`;
    if (traced) line += `,"span_id":"${spanId}"`;
    line += `,"route":"${route}","method":"${method}","status":${status},"ms":${Math.round(ms * 100) / 100}`;
    if (modelVersion) line += `,"modelVersion":"${modelVersion}"`;
    if (rung) line += `,"rung":"${rung}"`;
    if (fallback) line += `,"fallback":"${fallback}"`;
    this.destination.write(`${line},"msg":"request"}\n`);
  }
}
