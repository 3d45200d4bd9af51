import type { NextFunction, Request, RequestHandler, Response, Router } from 'express';
import { Problem } from '../problem';
import type { AccessControl } from './access-control';
import { foreignUser, hasScope, type Principal } from './principal';
import type { Quota } from './rate-limit';
import { type Scope, scopeOfRoute } from './scopes';

/** What RFC 6750 wants a client to hear of a protected resource. */
const CHALLENGE = 'Bearer realm="recommender"';

/** A route as Express' router keeps it: handlers for a method, or, without one, for all. */
export interface Route {
  readonly path: string;
  readonly stack: { readonly method?: string; readonly handle: RequestHandler }[];
  all(handler: RequestHandler): unknown;
}

/** The routes of a router, without those of routers inside it. */
export function routesOf(router: Router): Route[] {
  return router.stack.flatMap(({ route }) => (route ? [route as unknown as Route] : []));
}

/** The routes of a router by method, as `GET /v1/users/:user`. */
export function methodRoutesOf(router: Router): string[] {
  return routesOf(router).flatMap(({ path, stack }) =>
    stack.flatMap(({ method }) => (method ? [`${method.toUpperCase()} ${path}`] : [])),
  );
}

/**
 * Puts a check before the handlers of each route, and so before a body is read: the caller is known, has not asked too
 * often, and has the scope that the table of routes asks for. Does nothing when callers are not authenticated.
 *
 * @returns the same router
 */
export function guardRoutes(router: Router, access: AccessControl): Router {
  if (!access.authenticates) return router;
  for (const route of routesOf(router)) {
    const methods = route.stack.flatMap(({ method }) => (method ? [method.toUpperCase()] : []));
    if (methods.includes('GET')) methods.push('HEAD');
    route.all(guard(access, new Map(methods.map((method) => [method, scopeOfRoute(method, route.path)]))));
    // It was added last and has to be first.
    route.stack.unshift(...route.stack.splice(-1));
  }
  return router;
}

/** @param scopes by method; of any other method the route itself says that it is not allowed */
function guard(access: AccessControl, scopes: ReadonlyMap<string, Scope | 'open'>): RequestHandler {
  // Without a promise where nothing has to be waited for: a turn of the event loop costs more than the check.
  const authenticated = (
    caller: Principal | Problem | undefined,
    request: Request,
    response: Response,
    next: NextFunction,
  ) => {
    if (caller === undefined) next();
    else if (caller instanceof Problem) next(challenge(caller, response));
    else {
      response.locals.principal = caller;
      const quota = access.countCaller(caller);
      if (quota instanceof Promise) quota.then((left) => counted(left, caller, request, response, next)).catch(next);
      else counted(quota, caller, request, response, next);
    }
  };
  const counted = (
    quota: Quota | undefined,
    caller: Principal,
    request: Request,
    response: Response,
    next: NextFunction,
  ) => {
    const scope = scopes.get(request.method) as Scope | undefined;
    const problem =
      (quota && access.perCaller?.policy.apply(quota, response)) ??
      (scope && access.authorize(caller, { scope, user: request.params.user as string | undefined }));
    if (!problem) next();
    else {
      if (problem.kind === 'forbidden' && scope && !hasScope(caller, scope)) insufficient(scope, response);
      next(problem);
    }
  };
  // Of what everybody may read, everybody may hear which methods there are.
  const isOpen = [...scopes.values()].every((scope) => scope === 'open');
  return (request, response, next) => {
    // A browser asks with OPTIONS before it sends credentials.
    if (isOpen || scopes.get(request.method) === 'open' || request.method === 'OPTIONS') {
      next();
      return;
    }
    const caller = access.authenticate(request.headers);
    if (caller instanceof Promise) {
      caller.then((known) => authenticated(known, request, response, next)).catch(next);
    } else authenticated(caller, request, response, next);
  };
}

function challenge(problem: Problem, response: Response): Problem {
  if (problem.kind === 'unauthorized') response.setHeader('WWW-Authenticate', CHALLENGE);
  return problem;
}

function insufficient(scope: Scope, response: Response): void {
  response.setHeader('WWW-Authenticate', `${CHALLENGE}, error="insufficient_scope", scope="${scope}"`);
}

/**
 * Refuses a customer in a body whom the caller is not bound to; one in a path was compared before.
 *
 * @throws Problem `forbidden`
 */
export function checkOwnUser(response: Response, user: string): void {
  const principal: Principal | undefined = response.locals.principal;
  const problem = principal && foreignUser(principal, user, 'recommendations:read');
  if (problem) throw problem;
}
