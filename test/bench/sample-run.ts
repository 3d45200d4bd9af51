import type { Figure } from '../../bench/figures';
import type { BenchRun } from '../../bench/history';

/** A run with these figures; the rest is made up. */
export function sampleRun(figures: readonly Figure[], conditions: Partial<BenchRun['conditions']> = {}): BenchRun {
  return {
    at: '2026-11-21T12:00:00.000Z',
    conditions: {
      cpu: 'Example 9000',
      cores: 4,
      memoryGb: 16,
      kernel: '6.1.0',
      node: '20.20.2',
      versions: { express: '5.3.0' },
      compiler: 'cc 12.2.0',
      revision: 'abcdef123456',
      loadBefore: 0.1,
      serverCores: [1, 2, 3],
      generatorCore: 0,
      histories: { short: { customers: 200, mean: 22.4, median: 22, max: 40 } },
      ...conditions,
    },
    scenarios: [
      {
        name: 'capacity',
        title: 'Highest rate',
        figures,
        curves: [{ server: 'our server', points: [{ rate: 1000, p50: 0.5, p99: 2 }] }],
      },
      { name: 'cluster', title: 'Two workers', figures: [], missing: 'the server has no setting workers' },
    ],
  };
}

export function capacity(value: number, spread?: number): Figure {
  return {
    id: 'capacity.ours',
    title: 'our server',
    unit: 'requests/s',
    value,
    spread,
    better: 'higher',
    bar: { atLeast: 8000 },
  };
}
