import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { AccessLog } from './access-log';
import type { ServerConfig } from './config';
import type { Lifecycle } from './lifecycle';
import type { Metrics } from './metrics';
import { RequestRecord } from './telemetry/request-record';
import type { Tracer } from './telemetry/tracer';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']);
/** Asked every few seconds by machines: counted, neither logged nor traced. */
const UNLOGGED = new Set(['/livez', '/ping', '/readyz', '/startupz', '/metrics']);

export interface RequestLogOptions {
  readonly config: Pick<ServerConfig, 'accessLogSample' | 'traceSlowMs'>;
  readonly metrics: Pick<Metrics, 'requests'>;
  readonly lifecycle: Lifecycle;
  readonly logger: Logger;
  /** `undefined`: nothing is traced. */
  readonly tracer?: Pick<Tracer, 'finish' | 'isSampled'>;
}

/**
 * Counts, times, logs and traces every request, in one listener. Logs, labels and spans carry the route, never the
 * path, which may name a customer or be anything at all.
 */
export function requestLog({ config, metrics, lifecycle, logger, tracer }: RequestLogOptions): RequestHandler {
  const { requests } = metrics;
  const accessLog = new AccessLog(logger);
  return (request, response, next) => {
    const record = new RequestRecord(request.rawHeaders);
    record.tracer = tracer;
    request.record = record;
    requests.inFlight++;
    // A draining server asks its clients to come back on another connection, which leads to another server.
    if (lifecycle.draining) response.setHeader('Connection', 'close');
    // A pipelined answer that waits behind another has no socket yet, and hears nothing of the connection's end.
    const queued = response.socket === null;
    const ended = () => {
      if (queued) {
        request.socket.off('close', ended);
        response.off('close', ended);
      }
      requests.inFlight--;
      const endedAt = performance.now();
      // Routers have no prefix of their own: an error on its way out of one would have lost it.
      const route: string = request.route?.path ?? 'other';
      const method = METHODS.has(request.method) ? request.method : 'other';
      const status = response.writableFinished ? response.statusCode : 499;
      const ms = endedAt - record.startedAt;
      requests.answered(route, method, status, ms / 1000);
      if (UNLOGGED.has(route)) return;
      if (tracer) tracer.finish(record, { route, method, status, endedAt });
      if (!accessLog.takes(status)) return;
      const dull = status < 300 && ms <= config.traceSlowMs;
      if (dull && config.accessLogSample < 1 && Math.random() >= config.accessLogSample) return;
      accessLog.write({ record, route, method, status, ms, traced: tracer !== undefined });
    };
    // Not `once`, whose wrapper costs more than what it wraps: a response closes once.
    response.on('close', ended);
    if (queued) request.socket.setMaxListeners(0).on('close', ended);
    next();
  };
}
