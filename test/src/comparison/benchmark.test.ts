import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CapacityPlan } from '../../../src';
import { BENCHMARK } from '../../../src/comparison/benchmark';

interface Run {
  readonly at: string;
  readonly conditions: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGb: number;
    readonly revision: string;
  };
  readonly scenarios: readonly {
    readonly figures: readonly { readonly id: string; readonly value: number }[];
    readonly curves?: readonly {
      readonly server: string;
      readonly points: readonly { readonly rate: number; readonly p50: number; readonly p99: number }[];
    }[];
  }[];
}

const runs = readFileSync(join(__dirname, '../../../docs/results/benchmark.jsonl'), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Run);
const run = runs.find(({ at }) => at === BENCHMARK.at);
const real = BENCHMARK.rates.find(({ histories }) => histories === 'as long as real ones');

test('what is called measured is what that run of the benchmark kept', () => {
  const { cpu, cores, memoryGb, revision } = run?.conditions ?? {};
  expect({ machine: `${cpu}, ${cores} cores, ${memoryGb} GB`, revision }).toEqual({
    machine: BENCHMARK.machine,
    revision: BENCHMARK.revision,
  });
  const points = run?.scenarios
    .flatMap(({ curves = [] }) => curves)
    .find(({ server }) => server === 'our server')?.points;
  for (const { requestsPerSecond: rate, p50Ms: p50, p99Ms: p99 } of BENCHMARK.rates.filter((one) => one !== real)) {
    expect(points).toContainEqual({ rate, p50, p99 });
  }
  const figures = new Map(run?.scenarios.flatMap((one) => one.figures).map(({ id, value }) => [id, value]));
  expect([figures.get('capacity.ours.real'), figures.get('capacity.ours.real.p99')]).toEqual([
    real?.requestsPerSecond,
    real?.p99Ms,
  ]);
});

test('a plan counts on the rate that was measured with histories as long as real ones', () => {
  expect(new CapacityPlan().requestsPerSecondPerCore).toBe(real?.requestsPerSecond);
});
