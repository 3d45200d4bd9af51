import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import { Problem } from '../problem';

/**
 * The gRPC status of each problem, by the HTTP status of its kind.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
 */
export const STATUS_OF_HTTP: Readonly<Record<number, status>> = {
  400: status.INVALID_ARGUMENT,
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  404: status.NOT_FOUND,
  405: status.UNIMPLEMENTED,
  408: status.DEADLINE_EXCEEDED,
  409: status.ABORTED,
  413: status.RESOURCE_EXHAUSTED,
  414: status.INVALID_ARGUMENT,
  415: status.INVALID_ARGUMENT,
  417: status.FAILED_PRECONDITION,
  422: status.INVALID_ARGUMENT,
  429: status.RESOURCE_EXHAUSTED,
  431: status.RESOURCE_EXHAUSTED,
  500: status.INTERNAL,
  503: status.UNAVAILABLE,
  504: status.DEADLINE_EXCEEDED,
};

/** What the server, not the caller, did wrong. */
const SERVER_ERRORS = new Set([status.INTERNAL, status.UNAVAILABLE, status.UNKNOWN, status.DATA_LOSS]);
export const isServerError = (code: status): boolean => SERVER_ERRORS.has(code);

/** Names the kind of a problem in a call's trailing metadata: the `type` of the HTTP API's problem. */
export const PROBLEM_TYPE_KEY = 'problem-type';

/** The status that a problem ends a call with. */
export function statusOf(problem: Problem): Pick<ServiceError, 'code' | 'details' | 'metadata'> {
  const metadata = new Metadata();
  metadata.set(PROBLEM_TYPE_KEY, problem.toJSON().type);
  return { code: STATUS_OF_HTTP[problem.status] ?? status.UNKNOWN, details: problem.detail, metadata };
}

/** What is thrown as a status; what is not a {@link Problem} is logged whole and shown without its message. */
export function errorStatus(error: unknown, logger: Logger): ReturnType<typeof statusOf> {
  if (error instanceof Problem) return statusOf(error);
  logger.error({ err: error }, 'gRPC call failed');
  return statusOf(new Problem('internal-error', 'the failure was logged; try again'));
}
