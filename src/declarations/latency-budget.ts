import { ConfigError } from '../errors';

/** Upper bounds of the server's latency histogram, in milliseconds. */
export const LATENCY_BUCKETS_MS = [5, 10, 25, 50, 75, 100, 150, 250, 500, 1000, 2500] as const;

/** What a request passes through, in its order. */
export const LATENCY_PARTS = ['dns', 'edge', 'gateway', 'pod', 'cache', 'model'] as const;
export type LatencyPart = (typeof LATENCY_PARTS)[number];

/** Milliseconds at the 99th percentile that each part of the way may take. */
export interface LatencyBudgetProps {
  /**
   * Name resolution, where the caller has no connection open.
   * @default - 5 % of `slo.latencyP99Ms`
   */
  readonly dnsMs?: number;
  /**
   * What is nearest to the caller, and the way from there.
   * @default - 5 % of `slo.latencyP99Ms`
   */
  readonly edgeMs?: number;
  /**
   * Load balancer and gateway: TLS, authentication, a rate limit.
   * @default - 5 % of `slo.latencyP99Ms`
   */
  readonly gatewayMs?: number;
  /**
   * HTTP in the model server, and waiting for its event loop.
   * @default - 5 % of `slo.latencyP99Ms`
   */
  readonly podMs?: number;
  /**
   * A customer's history or an answer out of what replicas share.
   * @default - 20 % of `slo.latencyP99Ms`
   */
  readonly cacheMs?: number;
  /**
   * A run of the model, and waiting for it.
   * @default - 60 % of `slo.latencyP99Ms`
   */
  readonly modelMs?: number;
}

const SHARES: Readonly<Record<LatencyPart, number>> = {
  dns: 0.05,
  edge: 0.05,
  gateway: 0.05,
  pod: 0.05,
  cache: 0.2,
  model: 0.6,
};

/** How much longer than everything together may take a gateway waits: past that nobody answers any more. */
const PATIENCE = 10;

/** How often readiness is asked for. */
const MOST_PROBE_SECONDS = 5;

/** How the objective's latency is spent on the way. Timeouts, alerts, gates and the load test's threshold derive from it. */
export class LatencyBudget {
  /** Milliseconds of each part. */
  readonly parts: Readonly<Record<LatencyPart, number>>;

  /**
   * @param promisedMs `latencyP99Ms` of the objective
   * @throws ConfigError naming each part, when they are more together
   */
  constructor(
    readonly promisedMs: number,
    props: LatencyBudgetProps = {},
  ) {
    const parts = LATENCY_PARTS.map(
      (part) => [part, props[`${part}Ms`] ?? rounded(SHARES[part] * promisedMs)] as const,
    );
    for (const [part, ms] of parts) {
      if (!(ms >= 0 && Number.isFinite(ms))) {
        throw new ConfigError(`latency.${part}Ms is ${ms}; it must be a number of milliseconds from 0.`);
      }
    }
    this.parts = Object.fromEntries(parts) as Record<LatencyPart, number>;
    if (this.parts.model === 0)
      throw new ConfigError('latency.modelMs is 0; it must be above 0: the model has to run.');
    if (this.totalMs > promisedMs) {
      const named = parts.map(([part, ms]) => `${part}Ms ${ms}`).join(' + ');
      const over = rounded(this.totalMs - promisedMs);
      throw new ConfigError(
        `latency.${named} are ${this.totalMs} ms, ${over} ms more than slo.latencyP99Ms, ${promisedMs}; the largest is ${this.largest}Ms. Lower it, or promise more milliseconds.`,
      );
    }
  }

  /** All parts together: on the safe side, unless they are slow for the same requests. */
  get totalMs(): number {
    return this.sum(LATENCY_PARTS);
  }

  get largest(): LatencyPart {
    return LATENCY_PARTS.reduce((largest, part) => (this.parts[part] > this.parts[largest] ? part : largest));
  }

  /** From the head of a request to the last byte of its answer, as the model server measures it. */
  get serverMs(): number {
    return this.sum(['pod', 'cache', 'model']);
  }

  /** The same as the histogram can prove it: what alerts, gates and traces hold the server to. */
  get serverThresholdMs(): number {
    return LATENCY_BUCKETS_MS.find((bucket) => bucket >= this.serverMs) ?? this.promisedMs;
  }

  /** What the server has for history and model together, before a lower rung answers: a whole number. */
  get deadlineMs(): number {
    return wholeMs(this.sum(['cache', 'model']));
  }

  /** What a client of the cache waits for one answer: a whole number. */
  get cacheTimeoutMs(): number {
    return wholeMs(this.parts.cache);
  }

  /** After how long a gateway gives a request up: a whole number. */
  get requestTimeoutMs(): number {
    return wholeMs(this.totalMs * PATIENCE);
  }

  /** A probe waits twice as long as any request, so that slowness alone has no server restarted, and 5 s at most. */
  get probeTimeoutSeconds(): number {
    return Math.min(MOST_PROBE_SECONDS, Math.ceil((2 * this.requestTimeoutMs) / 1000));
  }

  /** For reports. */
  toJSON() {
    const { promisedMs, totalMs, parts, largest, serverMs } = this;
    const { serverThresholdMs, deadlineMs, cacheTimeoutMs, requestTimeoutMs, probeTimeoutSeconds } = this;
    const derived = { serverThresholdMs, deadlineMs, cacheTimeoutMs, requestTimeoutMs, probeTimeoutSeconds };
    return { promisedMs, totalMs, spareMs: rounded(promisedMs - totalMs), parts, largest, serverMs, derived };
  }

  private sum(parts: readonly LatencyPart[]): number {
    return rounded(parts.reduce((sum, part) => sum + this.parts[part], 0));
  }
}

/** Without what floating point adds: 0.05 × 250 + 0.6 × 250 is no 162.50000000000003. */
const rounded = (ms: number) => Number(ms.toFixed(6));
const wholeMs = (ms: number) => Math.max(1, Math.floor(ms));
