import { IncomingMessage, type ServerOptions, ServerResponse } from 'node:http';
import type { Express } from 'express';

/**
 * Makes a server's requests and responses with the prototypes that Express gives them anyway. Express sets the
 * prototypes of each request's two objects, which V8 answers by taking every place that touches them out of its fast
 * paths; setting a prototype that is there already costs nothing.
 *
 * @returns options for `createServer`, for this app alone
 */
export function expressPrototypes(app: Express): Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'> {
  return {
    IncomingMessage: withPrototype(IncomingMessage, app.request),
    ServerResponse: withPrototype(ServerResponse, app.response),
  };
}

/** A constructor of `base` whose objects have another prototype, which inherits from that of `base`. */
function withPrototype<T extends typeof IncomingMessage | typeof ServerResponse>(base: T, prototype: object): T {
  function Constructed(this: object, ...args: unknown[]): void {
    // Node's constructors are functions, so that they can set up an object that another one made.
    (base as unknown as (this: object, ...args: unknown[]) => void).apply(this, args);
  }
  Constructed.prototype = prototype;
  return Constructed as unknown as T;
}
