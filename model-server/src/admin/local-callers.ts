import { isIP } from 'node:net';
import type { RequestHandler } from 'express';
import { Problem } from '../problem';

/**
 * Lets only programs on this machine through: whoever may look into the process has a shell beside it, or forwards the
 * port. A browser on it is refused too, because any page it shows could send it here.
 */
export const localCallers: RequestHandler = (request, _response, next) => {
  const { remoteAddress = '' } = request.socket;
  if (!isLoopback(remoteAddress)) throw new Problem('forbidden', '/debug answers callers on its own machine only');
  const fromPage = request.headers.origin !== undefined || request.headers['sec-fetch-site'] !== undefined;
  // A name that was made to lead here is how a page gets around what browsers keep apart.
  if (fromPage || !isLocalName(request.headers.host ?? '')) {
    throw new Problem('forbidden', '/debug does not answer web pages; call it by an address, or as localhost');
  }
  next();
};

function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/, '');
  return plain === '::1' || plain.startsWith('127.');
}

function isLocalName(host: string): boolean {
  const name = host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || isIP(name) !== 0;
}
