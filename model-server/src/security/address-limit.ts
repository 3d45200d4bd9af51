import type { NextFunction, RequestHandler, Response } from 'express';
import type { Limit } from './access-control';
import { addressGroup, type ClientAddress } from './client-address';
import type { Quota } from './rate-limit';
import { ROUTE_SCOPES } from './scopes';

/** A limit that stops those who watch over a server would have it restarted when it has most to do. */
const UNLIMITED: ReadonlySet<string> = new Set(
  Object.entries(ROUTE_SCOPES).flatMap(([route, scope]) => (scope === 'open' ? [route.split(' ')[1] as string] : [])),
);

/** Limits the requests of each address, those for nothing included; health is always answered. */
export function addressLimit(limit: Limit, addressOf: ClientAddress): RequestHandler {
  const decide = (quota: Quota, response: Response, next: NextFunction) => {
    const exceeded = limit.policy.apply(quota, response);
    if (exceeded) next(exceeded);
    else next();
  };
  return (request, response, next) => {
    if (UNLIMITED.has(request.path)) {
      next();
      return;
    }
    const quota = limit.limit.take(addressGroup(addressOf(request)));
    if (quota instanceof Promise) quota.then((left) => decide(left, response, next)).catch(next);
    else decide(quota, response, next);
  };
}
