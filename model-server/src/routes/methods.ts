import type { RequestHandler } from 'express';
import { Problem } from '../problem';

/** Refuses every method that the route before it did not take. */
export function allowOnly(...methods: ('GET' | 'POST' | 'PUT' | 'DELETE')[]): RequestHandler {
  const allowed = [...methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : method)), 'OPTIONS'].join(', ');
  return (request, response) => {
    response.setHeader('Allow', allowed);
    if (request.method === 'OPTIONS') {
      response.status(204).end();
      return;
    }
    throw new Problem('method-not-allowed', `${request.method} is not allowed here; allowed are ${allowed}`);
  };
}
