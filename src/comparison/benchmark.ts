/** A rate that one core was asked at in an open loop, with what 50 % and 99 % of the answers stayed under. */
export interface MeasuredRate {
  readonly histories: 'short' | 'as long as real ones';
  readonly requestsPerSecond: number;
  readonly p50Ms?: number;
  readonly p99Ms: number;
}

/** What the benchmark measured of the model server, and where: a run of docs/results/benchmark.jsonl. */
export const BENCHMARK: {
  readonly at: string;
  readonly machine: string;
  readonly revision: string;
  readonly rates: readonly MeasuredRate[];
} = {
  at: '2026-11-22T03:55:05.037Z',
  machine: 'AMD EPYC, 4 cores, 24 GB',
  revision: '90b2026b7b67',
  rates: [
    { histories: 'short', requestsPerSecond: 1950, p50Ms: 0.36, p99Ms: 4.727 },
    { histories: 'short', requestsPerSecond: 3900, p50Ms: 0.724, p99Ms: 9.119 },
    { histories: 'short', requestsPerSecond: 5800, p50Ms: 0.807, p99Ms: 9.263 },
    { histories: 'short', requestsPerSecond: 7750, p50Ms: 0.96, p99Ms: 13.119 },
    { histories: 'as long as real ones', requestsPerSecond: 4500, p99Ms: 25.343 },
  ],
};
