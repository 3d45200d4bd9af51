import { Counter, Gauge, type Registry } from 'prom-client';
import { LABELS, METRICS } from '../metric-names';

/** Metrics of how model versions come and run; `Metrics` has those of the version that answers. */
export class ModelMetrics {
  readonly cacheLookups: Counter;
  readonly warmUpP99: Gauge;
  readonly wanted: Gauge;

  constructor(registry: Registry, runningSeconds: () => number) {
    const registers = [registry];
    this.cacheLookups = new Counter({
      name: METRICS.modelCacheLookups,
      help: "Model versions looked up in this machine's cache",
      labelNames: [LABELS.result],
      registers,
    });
    this.warmUpP99 = new Gauge({
      name: METRICS.modelWarmUp,
      help: '99th percentile of the runs, in seconds, before the model version that answers was let at requests',
      registers,
    });
    this.wanted = new Gauge({
      name: METRICS.modelWanted,
      help: '1 while the model version that answers is the one that is to answer',
      registers,
      // Of several processes that share a port, the one without it is the one to know about.
      aggregator: 'min',
    });
    new Gauge({
      name: METRICS.runningSeconds,
      help: 'Seconds that the model run under way has taken so far',
      registers,
      collect() {
        this.set(runningSeconds());
      },
    });
  }
}
