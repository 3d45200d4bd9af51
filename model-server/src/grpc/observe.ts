import { ServerInterceptingCall, type ServerInterceptor, ServerListenerBuilder, status } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import { Counter, Histogram, type Registry } from 'prom-client';
import { LABELS, LATENCY_BUCKETS, METRICS } from '../metric-names';

/** Asked every few seconds by machines: counted, not logged. */
const UNLOGGED = /^\/grpc\.(health|reflection)\./;
/** What the server, not the caller, did wrong. */
const SERVER_ERRORS = new Set([status.INTERNAL, status.UNAVAILABLE, status.UNKNOWN, status.DATA_LOSS]);

/** Counts, times and logs every call by its method, as the HTTP API's are; never what it says. */
export function observe(registry: Registry, logger: Logger): ServerInterceptor {
  const calls = new Counter({
    name: METRICS.grpcCalls,
    help: 'gRPC calls answered',
    labelNames: [LABELS.method, LABELS.code],
    registers: [registry],
  });
  const duration = new Histogram({
    name: METRICS.grpcCallDuration,
    help: 'Seconds from the head of a gRPC call to its status',
    labelNames: [LABELS.method],
    buckets: [...LATENCY_BUCKETS],
    registers: [registry],
  });
  return ({ path: method }, call) => {
    const started = performance.now();
    let isOpen = true;
    const ended = (code: status) => {
      if (!isOpen) return;
      isOpen = false;
      const seconds = (performance.now() - started) / 1000;
      const name = status[code];
      calls.inc({ method, code: name });
      duration.observe({ method }, seconds);
      const level = SERVER_ERRORS.has(code) ? 'error' : 'info';
      if (UNLOGGED.test(method)) return;
      logger[level]({ method, code: name, ms: Math.round(seconds * 1e5) / 100 }, 'call');
    };
    const isLate = () => Number(call.getDeadline()) <= Date.now();
    const onCancel = () => ended(isLate() ? status.DEADLINE_EXCEEDED : status.CANCELLED);
    return new ServerInterceptingCall(call, {
      start: (next) => next(new ServerListenerBuilder().withOnCancel(onCancel).build()),
      sendStatus(sent, next) {
        ended(sent.code ?? status.UNKNOWN);
        next(sent);
      },
    });
  };
}
