import type { handleUnaryCall } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import { errorStatus } from './status';

/** Milliseconds until the caller's deadline; Infinity when it has none. */
export type TimeLeft = number;

/** A call with one request and one answer, whose errors become statuses. */
export function unary<Request, Response>(
  logger: Logger,
  handle: (request: Request, timeLeftMs: TimeLeft) => Promise<Response> | Response,
): handleUnaryCall<Request, Response> {
  return async (call, callback) => {
    try {
      callback(null, await handle(call.request, Number(call.getDeadline()) - Date.now()));
    } catch (error) {
      callback(errorStatus(error, logger));
    }
  };
}
