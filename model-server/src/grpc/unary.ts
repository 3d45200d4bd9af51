import { type handleUnaryCall, type Metadata, status } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import { RequestRecord } from '../telemetry/request-record';
import type { Tracer } from '../telemetry/tracer';
import { errorStatus, isServerError } from './status';

export interface CallOptions {
  readonly logger: Logger;
  /** `undefined`: nothing is traced. */
  readonly tracer?: Pick<Tracer, 'finish' | 'isSampled'> | undefined;
}

/** What is known of a call beside its message. */
export interface CallContext {
  /** Milliseconds until the caller's deadline; Infinity when it has none. */
  readonly timeLeftMs: number;
  /** Told what happens on the way to the answer. */
  readonly record: RequestRecord;
}

/** A call with one request and one answer, whose errors become statuses, and which is traced as HTTP's requests are. */
export function unary<Request, Response>(
  { logger, tracer }: CallOptions,
  handle: (request: Request, context: CallContext) => Promise<Response> | Response,
): handleUnaryCall<Request, Response> {
  return async (call, callback) => {
    const record = new RequestRecord(contextHeaders(call.metadata));
    record.tracer = tracer;
    const finish = (code: status) =>
      tracer?.finish(record, {
        route: call.getPath().slice(1),
        method: 'POST',
        status: isServerError(code) ? 500 : 200,
        rpcCode: code,
        endedAt: performance.now(),
      });
    try {
      callback(null, await handle(call.request, { timeLeftMs: Number(call.getDeadline()) - Date.now(), record }));
      finish(status.OK);
    } catch (error) {
      const failed = errorStatus(error, logger);
      callback(failed);
      finish(failed.code);
    }
  };
}

/** Names and values in turn, of what a trace goes on with. */
function contextHeaders(metadata: Metadata): string[] {
  return ['traceparent', 'tracestate', 'x-request-id'].flatMap((name) =>
    metadata.get(name).flatMap((value) => [name, String(value)]),
  );
}
