import { Counter, Gauge, type Registry } from 'prom-client';
import { type HistogramSeries, LabelledHistogram } from './labelled-histogram';
import { LABELS, LATENCY_BUCKETS, METRICS } from './metric-names';

const BY = [LABELS.route, LABELS.method, LABELS.status] as const;

/** Counts and times HTTP requests. The labels are the routes', methods' and statuses that the server itself has. */
export class RequestMetrics {
  inFlight = 0;
  private readonly duration: LabelledHistogram<(typeof BY)[number]>;
  private readonly routes = new Map<string, Map<string, Map<number, HistogramSeries>>>();

  constructor(registry: Registry) {
    const registers = [registry];
    const self = this;
    new Counter({
      name: METRICS.requests,
      help: 'HTTP requests answered',
      labelNames: BY,
      registers,
      collect() {
        this.reset();
        for (const { labels, count } of self.duration.series) this.inc(labels, count);
      },
    });
    this.duration = new LabelledHistogram({
      name: METRICS.requestDuration,
      help: 'Seconds from the request head to the last byte of the answer',
      buckets: LATENCY_BUCKETS,
      registers,
    });
    new Gauge({
      name: METRICS.requestsInFlight,
      help: 'HTTP requests being answered',
      registers,
      collect() {
        this.set(self.inFlight);
      },
    });
  }

  /** Counts a request that is over. */
  answered(route: string, method: string, status: number, seconds: number): void {
    const known = this.routes.get(route)?.get(method)?.get(status);
    (known ?? this.add(route, method, status)).observe(seconds);
  }

  private add(route: string, method: string, status: number): HistogramSeries {
    const series = this.duration.add({ route, method, status });
    const methods = this.routes.get(route) ?? new Map<string, Map<number, HistogramSeries>>();
    this.routes.set(route, methods);
    const statuses = methods.get(method) ?? new Map<number, HistogramSeries>();
    methods.set(method, statuses);
    statuses.set(status, series);
    return series;
  }
}
