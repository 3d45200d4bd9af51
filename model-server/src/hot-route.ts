import type { RequestListener } from 'node:http';
import type { ErrorRequestHandler, Express, NextFunction, Request, RequestHandler, Response, Router } from 'express';
import { routesOf } from './security/route-guard';

/** What an app keeps of a handler. */
interface Layer {
  readonly handle: RequestHandler | ErrorRequestHandler | Router;
  /** Whether it is for every path. */
  readonly slash: boolean;
}

/**
 * Answers GET requests of one route by the handlers that the app has for it, in the app's order, which it looks up once;
 * Express looks them up for each request. All other requests are the app's, and so are paths of this route that are not
 * written plainly: percent-encoded, with other capitals or a slash at the end. `X-Powered-By` is not set. Measured in
 * pairs, 500 connections, answers by the model: 153 µs of processor time a request instead of 163.
 *
 * @param path with one parameter between fixed parts, such as `/v1/users/:user/recommendations`
 * @throws Error when the app has no such route, or other routes come before it
 */
export function withHotRoute(app: Express, path: string): RequestListener {
  const [, before, name, after] = /^([\w/]+\/):(\w+)(\/[\w/]+)$/.exec(path) ?? [];
  if (!before || !name || !after) throw new Error(`${path} is no path with one parameter between fixed parts`);
  const pattern = new RegExp(`^${before}([\\w.~-]+)${after}(?:\\?|$)`);
  const stack = app.router.stack as unknown as readonly Layer[];
  const handlers = handlersOf(stack, path);
  const onError = stack.findLast(({ handle }) => handle.length === 4)?.handle as ErrorRequestHandler;
  return (incoming, outgoing) => {
    const value = incoming.method === 'GET' ? pattern.exec(incoming.url as string)?.[1] : undefined;
    if (value === undefined) {
      app(incoming, outgoing);
      return;
    }
    // Their prototypes are Express's already: those that the server makes them with.
    const request = incoming as Request;
    const response = outgoing as Response;
    request.res = response;
    // As `{ [name]: value }`, which V8 makes three times as slowly.
    request.params = {};
    request.params[name] = value;
    response.locals = {};
    handle(handlers, onError, request, response);
  };
}

/** The handlers of every path before the route, then those of its GET. */
function handlersOf(stack: readonly Layer[], path: string): RequestHandler[] {
  const handlers: RequestHandler[] = [];
  for (const { handle, slash } of stack) {
    if ('stack' in handle) {
      const route = routesOf(handle).find((one) => one.path === path);
      if (!route) break;
      const enter: RequestHandler = (request, _response, next) => {
        request.route = route;
        next();
      };
      const own = route.stack.filter(({ method }) => method === undefined || method === 'get');
      return [...handlers, enter, ...own.map((layer) => layer.handle)];
    }
    if (!slash) break;
    handlers.push(handle as RequestHandler);
  }
  throw new Error(`${path} is not among the app's first routes`);
}

/** One handler after the other, as Express calls them. */
function handle(handlers: RequestHandler[], onError: ErrorRequestHandler, request: Request, response: Response): void {
  let position = 0;
  const next: NextFunction = (error?: unknown) => {
    if (error) {
      onError(error, request, response, () => response.destroy());
      return;
    }
    try {
      const result: unknown = (handlers[position++] as RequestHandler)(request, response, next);
      if (result instanceof Promise) result.catch(next);
    } catch (thrown) {
      next(thrown);
    }
  };
  next();
}
