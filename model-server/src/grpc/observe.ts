import { ServerInterceptingCall, type ServerInterceptor, ServerListenerBuilder, status } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import { Counter, Histogram, type Registry } from 'prom-client';
import { LABELS, LATENCY_BUCKETS, METRICS } from '../metric-names';
import { isServerError } from './status';

/** Asked every few seconds by machines: counted, not logged. */
const BY_MACHINES = /^\/grpc\.(health|reflection)\./;
export const isAskedByMachines = (method: string) => BY_MACHINES.test(method);

/** Counts, times and logs every call by its method, as the HTTP API's are; never what it says. */
export class CallObserver {
  private readonly calls: Counter;
  private readonly duration: Histogram;
  private open = 0;
  private onIdle: (() => void)[] = [];

  constructor(
    registry: Registry,
    private readonly logger: Logger,
  ) {
    this.calls = new Counter({
      name: METRICS.grpcCalls,
      help: 'gRPC calls answered',
      labelNames: [LABELS.method, LABELS.code],
      registers: [registry],
    });
    this.duration = new Histogram({
      name: METRICS.grpcCallDuration,
      help: 'Seconds from the head of a gRPC call to its status',
      labelNames: [LABELS.method],
      buckets: [...LATENCY_BUCKETS],
      registers: [registry],
    });
  }

  /** Resolves when every call is answered, but for those that last as long as who makes them wants: health, reflection. */
  async idle(): Promise<void> {
    if (this.open > 0) await new Promise<void>((resolve) => this.onIdle.push(resolve));
  }

  readonly interceptor: ServerInterceptor = ({ path: method }, call) => {
    const started = performance.now();
    const isAsked = !isAskedByMachines(method);
    let isOpen = true;
    if (isAsked) this.open++;
    const ended = (code: status) => {
      if (!isOpen) return;
      isOpen = false;
      this.ended(method, code, (performance.now() - started) / 1000);
      if (isAsked && --this.open === 0) for (const resolve of this.onIdle.splice(0)) resolve();
    };
    const isLate = () => Number(call.getDeadline()) <= Date.now();
    const onCancel = () => ended(isLate() ? status.DEADLINE_EXCEEDED : status.CANCELLED);
    return new ServerInterceptingCall(call, {
      start: (next) => next(new ServerListenerBuilder().withOnCancel(onCancel).build()),
      sendStatus(sent, next) {
        next(sent);
        ended(sent.code ?? status.UNKNOWN);
      },
    });
  };

  private ended(method: string, code: status, seconds: number): void {
    const name = status[code];
    this.calls.inc({ method, code: name });
    this.duration.observe({ method }, seconds);
    if (isAskedByMachines(method)) return;
    const level = isServerError(code) ? 'error' : 'info';
    this.logger[level]({ method, code: name, ms: Math.round(seconds * 1e5) / 100 }, 'call');
  }
}
