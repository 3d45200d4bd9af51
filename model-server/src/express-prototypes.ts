import { IncomingMessage, type ServerOptions, ServerResponse } from 'node:http';
import type { Express } from 'express';

/**
 * Makes a server's requests and responses with the prototypes that Express gives them anyway. Express sets the
 * prototypes of each request's two objects, which V8 answers by taking every place that touches them out of its fast
 * paths; setting a prototype that is there already costs nothing.
 *
 * The prototypes must be those of classes, so that V8 lays their objects out like Node's own. Measured in one run, a
 * route that answers 1,200 bytes, processor time per request: 18–22 µs; with functions for classes 25–34, as Express is
 * 101–133, Node without Express 17.
 *
 * @returns options for `createServer`, for this app alone, whose `request` and `response` are replaced by copies
 */
export function expressPrototypes(app: Express): Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'> {
  class Request extends IncomingMessage {}
  class Response extends ServerResponse {}
  app.request = become(app.request, Request.prototype);
  app.response = become(app.response, Response.prototype);
  return { IncomingMessage: Request, ServerResponse: Response as typeof ServerResponse };
}

/** Gives an object, which inherits from the same class, all that another one has and inherits. */
function become<T extends object>(model: T, object: object): T {
  Object.defineProperties(object, Object.getOwnPropertyDescriptors(model));
  return Object.setPrototypeOf(object, Object.getPrototypeOf(model)) as T;
}
