import fc from 'fast-check';
import { CapacityPlan } from '../../src';
import { quantilesOf } from '../../src/sizing/quantiles';
import { type ContainerUsage, recommendedSize, SIZING_RULE, type SizeBounds } from '../../src/sizing/recommended-size';

const flat = (value: number) => ({ p50: value, p90: value, p99: value, max: value });
const USAGE: ContainerUsage = {
  namespace: 'shop',
  workload: 'Deployment/cart',
  container: 'cart',
  pods: 1,
  requested: { cpuMillis: 100, memoryMib: 128 },
  cpuMillis: flat(50),
  memoryMib: flat(60),
  hours: 48,
  outOfMemory: false,
  scaledByCpu: false,
};

describe('quantiles', () => {
  test('are the nearest rank of samples in any order', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(quantilesOf(hundred)).toEqual({ p50: 50, p90: 90, p99: 99, max: 100 });
    expect(quantilesOf([7])).toEqual(flat(7));
    expect(quantilesOf([10, 9])).toEqual({ p50: 9, p90: 10, p99: 10, max: 10 });
  });

  test('are none of no samples', () => {
    expect(quantilesOf([])).toBeUndefined();
  });
});

describe('a recommended size', () => {
  test.each<[string, Partial<ContainerUsage>, SizeBounds, number | undefined, number | undefined]>([
    // 57.5 and 69.
    ['is the 90th percentile of CPU and the most memory, with 15 %', {}, {}, 60, 80],
    ['takes no percentile but the 90th of CPU', { cpuMillis: { p50: 1, p90: 50, p99: 900, max: 999 } }, {}, 60, 80],
    ['takes the most memory, however rare', { memoryMib: { p50: 1, p90: 1, p99: 1, max: 60 } }, {}, 60, 80],
    ['may be more than was requested', { cpuMillis: flat(200), memoryMib: flat(200) }, {}, 230, 240],
    // 96.6 and 115 to 128.
    ['is as requested where it is within a tenth', { cpuMillis: flat(84), memoryMib: flat(100) }, {}, 100, 128],
    ['is never nothing', { cpuMillis: flat(0), memoryMib: flat(0) }, {}, 10, 32],
    ['is told for what has no request', { requested: {} }, {}, 60, 80],
    ['is as requested where less than a day is known', { hours: 23.9 }, {}, 100, 128],
    [
      'is nothing where nothing is known or requested',
      { requested: {}, cpuMillis: undefined, memoryMib: undefined },
      {},
      undefined,
      undefined,
    ],
    ['keeps the CPU that an autoscaler goes by', { scaledByCpu: true }, {}, 100, 80],
    ['keeps memory that is filled whatever it is', {}, { fillsMemory: true }, 60, 128],
    ['holds the CPU that is planned for', {}, { leastCpuMillis: 77 }, 80, 80],
    // 128 and 100; 600 and a fifth.
    ['gives 100 MiB more to what was killed for its memory', { outOfMemory: true }, {}, 60, 240],
    [
      'gives a fifth more to it where that is more',
      { outOfMemory: true, requested: { cpuMillis: 100, memoryMib: 600 } },
      {},
      60,
      720,
    ],
    ['gives it to what fills its memory, too', { outOfMemory: true }, { fillsMemory: true }, 60, 240],
  ])('%s', (_, usage, bounds, cpuMillis, memoryMib) => {
    const { notes: __, ...size } = recommendedSize({ ...USAGE, ...usage }, bounds);
    expect({ cpuMillis: undefined, memoryMib: undefined, ...size }).toEqual({ cpuMillis, memoryMib });
  });

  test('holds what was used, and changes by a tenth or not at all', () => {
    const used = fc.double({ min: 0, max: 10_000, noNaN: true });
    const asked = fc.integer({ min: 1, max: 10_000 });
    fc.assert(
      fc.property(used, used, asked, asked, (cpu, memory, cpuMillis, memoryMib) => {
        const requested = { cpuMillis, memoryMib };
        const size = recommendedSize({ ...USAGE, requested, cpuMillis: flat(cpu), memoryMib: flat(memory) });
        expect(size.cpuMillis).toBeGreaterThanOrEqual(cpu);
        expect(size.memoryMib).toBeGreaterThanOrEqual(memory);
        for (const what of ['cpuMillis', 'memoryMib'] as const) {
          const change = Math.abs((size[what] as number) - requested[what]);
          expect(change === 0 || change >= requested[what] * SIZING_RULE.leastChange).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

test('a replica of the model server needs the CPU that its planned requests take, at 60 % of what was measured', () => {
  expect(new CapacityPlan({ requestsPerSecondPerReplica: 270, requestsPerSecondPerCore: 4500 }).leastCpuMillis).toBe(
    100,
  );
});
