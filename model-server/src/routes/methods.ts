import type { RequestHandler } from 'express';
import { Problem } from '../problem';

/** Refuses every method that the route before it did not take. */
export function allowOnly(method: 'GET' | 'POST'): RequestHandler {
  const allowed = method === 'GET' ? 'GET, HEAD, OPTIONS' : 'POST, OPTIONS';
  return (request, response) => {
    response.setHeader('Allow', allowed);
    if (request.method === 'OPTIONS') {
      response.status(204).end();
      return;
    }
    throw new Problem('method-not-allowed', `${request.method} is not allowed here; allowed are ${allowed}`);
  };
}
