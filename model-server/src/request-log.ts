import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Lifecycle } from './lifecycle';
import type { Metrics } from './metrics';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']);
/** Asked every few seconds by machines: counted, not logged. */
const UNLOGGED = new Set(['/livez', '/readyz', '/startupz', '/metrics']);

/**
 * Counts, times and logs every request, in one listener. Logs and labels carry the route, never the path, which
 * may name a customer or be anything at all.
 */
export function requestLog(metrics: Metrics, lifecycle: Lifecycle, logger: Logger): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    metrics.requests.inFlight++;
    // A draining server asks its clients to come back on another connection, which leads to another server.
    if (lifecycle.draining) response.setHeader('Connection', 'close');
    // A pipelined answer that waits behind another has no socket yet, and hears nothing of the connection's end.
    const queued = response.socket === null;
    const ended = () => {
      if (queued) request.socket.off('close', ended);
      response.off('close', ended);
      metrics.requests.inFlight--;
      const seconds = (performance.now() - started) / 1000;
      // Routers have no prefix of their own: an error on its way out of one would have lost it.
      const route = request.route?.path ?? 'other';
      const method = METHODS.has(request.method) ? request.method : 'other';
      const status = response.writableFinished ? response.statusCode : 499;
      const labels = { route, method, status };
      metrics.requests.answered(route, method, status, seconds);
      const level = status >= 500 ? 'error' : 'info';
      if (UNLOGGED.has(route) || !logger.isLevelEnabled(level)) return;
      logger[level](
        {
          ...labels,
          ms: Math.round(seconds * 1e5) / 100,
          modelVersion: response.getHeader('x-model-version'),
          rung: response.getHeader('x-recommendation-rung'),
        },
        'request',
      );
    };
    response.once('close', ended);
    if (queued) request.socket.setMaxListeners(0).once('close', ended);
    next();
  };
}
