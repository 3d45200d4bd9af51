import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { PROBLEM_TYPE, Problem } from './problem';
import { bounded } from './request-schemas';
import { setApiHeaders } from './security/api-headers';

/** Answers what no route took. */
export const unknownRoute: RequestHandler = (request) => {
  throw new Problem('not-found', `there is no ${bounded(request.path)}`);
};

/** Answers every error as problem+json. What is not a {@link Problem} is logged whole and shown without detail. */
export function errorResponses(logger: Logger): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const problem = toProblem(error);
    if (problem.kind === 'internal-error') logger.error({ err: error, requestId: request.record.id }, 'request failed');
    setApiHeaders(response);
    response.setHeader('x-request-id', request.record.id);
    if (problem.status === 503) response.setHeader('Retry-After', '5');
    response
      .status(problem.status)
      .type(PROBLEM_TYPE)
      .end(JSON.stringify(forCallers(problem, request.path)));
  };
}

/** The Open Inference Protocol has the message in `error`, where its clients look for it. */
function forCallers(problem: Problem, path: string): object {
  return /^\/v2(\/|$)/.test(path) ? { ...problem.toJSON(), error: problem.detail } : problem;
}

/** Express and its body parser mark what the caller did wrong with a 4xx status and a type. */
function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { type, status, limit } = error as { type?: string; status?: number; limit?: number };
  if (type === 'entity.too.large') return new Problem('body-too-large', `a body has at most ${limit} bytes`);
  if (type === 'entity.parse.failed') return new Problem('malformed-request', 'the body is not valid JSON');
  if (status === 415) return new Problem('unsupported-media-type', 'send UTF-8 JSON, plain or compressed by gzip');
  if (error instanceof URIError) return new Problem('malformed-request', 'the path has a broken percent-encoding');
  if (status && status >= 400 && status < 500) return new Problem('malformed-request', 'the body can not be read');
  return new Problem('internal-error', 'the failure was logged; try again');
}
