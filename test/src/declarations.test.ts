import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Budget, CapacityPlan, LATENCY_BUCKETS_MS, ServiceLevelObjective } from '../../src';

describe('ServiceLevelObjective', () => {
  test('promises 99.9 % and a 99th percentile of 100 ms over 30 days by default', () => {
    expect(new ServiceLevelObjective()).toMatchObject({ availabilityPercent: 99.9, latencyP99Ms: 100, windowDays: 30 });
  });

  test.each([
    [99.9, 0.001, 43.2],
    [99.99, 0.0001, 4.32],
    [99, 0.01, 432],
    [90, 0.1, 4320],
  ])('%d % leaves a budget of %d, %d minutes in 30 days', (availabilityPercent, share, minutes) => {
    const slo = new ServiceLevelObjective({ availabilityPercent });
    expect(slo.errorBudget).toBe(share);
    expect(slo.errorBudgetMinutes).toBeCloseTo(minutes, 9);
  });

  test('each burn rate spends the share of the budget that the Workbook gives it', () => {
    const hours: Record<string, number> = { '1h': 1, '6h': 6, '3d': 72 };
    const spent = new ServiceLevelObjective().burnRateAlerts.map(
      ({ factor, longWindow }) => (factor * (hours[longWindow] ?? Number.NaN)) / (30 * 24),
    );
    expect(spent.map((share) => share.toFixed(2))).toEqual(['0.02', '0.05', '0.10']);
  });

  test.each([
    [{ availabilityPercent: 100 }, 'slo.availabilityPercent is 100; allowed is 90 up to, but not including, 100.'],
    [{ availabilityPercent: 89.9 }, 'slo.availabilityPercent is 89.9; allowed is'],
    [{ availabilityPercent: Number.NaN }, 'slo.availabilityPercent is NaN; allowed is'],
    [
      { latencyP99Ms: 80 },
      `slo.latencyP99Ms is 80; allowed are the histogram's buckets: ${LATENCY_BUCKETS_MS.join(', ')}.`,
    ],
    [{ windowDays: 6 }, 'slo.windowDays is 6; allowed are whole days from 7 to 90.'],
    [{ windowDays: 30.5 }, 'slo.windowDays is 30.5; allowed are whole days from 7 to 90.'],
  ])('fails with %j', (props, message) => {
    expect(() => new ServiceLevelObjective(props)).toThrow(message);
  });
});

describe('CapacityPlan', () => {
  test('is 10,000 people on 2 to 50 replicas by default, who need 2 at their peak', () => {
    const plan = new CapacityPlan();
    expect(plan).toMatchObject({ concurrentUsers: 10_000, minReplicas: 2, maxReplicas: 50 });
    expect([plan.peakRequestsPerSecond, plan.replicasAtPeak]).toEqual([1000, 2]);
  });

  test('a peak of twice the average asks for twice the requests', () => {
    const plan = new CapacityPlan({ peakFactor: 2 });
    expect([plan.peakRequestsPerSecond, plan.replicasAtPeak]).toEqual([2000, 4]);
  });

  test('one replica of half a core answers the peak when there are no more, by 60 % of what the benchmark measured', () => {
    const plan = new CapacityPlan();
    expect([plan.requestsPerSecondOf({ cpuMillis: 500 }), plan.leastReplicas({ cpuMillis: 500 })]).toEqual([1350, 1]);
    const page = readFileSync(join(__dirname, '../../docs/benchmark.md'), 'utf8');
    const [, measured = ''] = /histories as long as real ones \| ([\d,]+) requests\/s/.exec(page) ?? [];
    expect(plan.requestsPerSecondPerCore).toBeLessThanOrEqual(Number(measured.replaceAll(',', '')));
  });

  test.each([
    [{}, 2],
    [{ concurrentUsers: 100_000 }, 17],
    [{ minReplicas: 5 }, 5],
  ])('starts with what the peak needs, and no fewer than may be: %j with %d replicas', (props, replicas) => {
    expect(new CapacityPlan(props).initialReplicas).toBe(replicas);
  });

  test.each([
    ['CPU', { cpuMillis: 500, memoryMib: 128 }, 17],
    ['memory', { cpuMillis: 100, memoryMib: 3072 }, 25],
  ])('50 replicas whose scarcer need is %s take %3$d nodes', (_, replica, nodes) => {
    expect(new CapacityPlan().nodesFor(50, replica, { cpuMillis: 1900, memoryMib: 6600 })).toBe(nodes);
  });

  test('fails when a replica fits no node', () => {
    const fit = () =>
      new CapacityPlan().nodesFor(2, { cpuMillis: 2000, memoryMib: 512 }, { cpuMillis: 1900, memoryMib: 6600 });
    expect(fit).toThrow(
      'a replica of 2000m CPU and 512 MiB does not fit a node that offers 1900m and 6600 MiB; choose a larger node size.',
    );
  });

  test.each([
    [{ concurrentUsers: 0 }, 'capacity.concurrentUsers is 0; it must be a number above 0.'],
    [
      { thinkTimeSeconds: Number.POSITIVE_INFINITY },
      'capacity.thinkTimeSeconds is Infinity; it must be a number above 0.',
    ],
    [{ minReplicas: 1.5 }, 'capacity.minReplicas is 1.5; it must be a whole number from 1.'],
    [{ minReplicas: 0 }, 'capacity.minReplicas is 0; it must be a whole number from 1.'],
    [
      { minReplicas: 3, maxReplicas: 2 },
      'capacity.maxReplicas is 2; it must be a whole number from minReplicas (3) to 1000.',
    ],
    [{ peakFactor: 0.5 }, 'capacity.peakFactor is 0.5; it must be a number from 1.'],
    [{ requestsPerSecondPerCore: -1 }, 'capacity.requestsPerSecondPerCore is -1; it must be a number above 0.'],
    [
      { concurrentUsers: 1_000_000 },
      'capacity.maxReplicas is 50, and the peak of 100000 requests a second needs 167 replicas of capacity.requestsPerSecondPerReplica, 600; raise one of them, or plan for less.',
    ],
    [{ maxReplicas: 1001 }, 'capacity.maxReplicas is 1001; it must be a whole number from minReplicas (2) to 1000.'],
  ])('fails with %j', (props, message) => {
    expect(() => new CapacityPlan(props)).toThrow(message);
  });
});

describe('Budget', () => {
  const notify = ['oncall@shop.test'];

  test('is 500 USD a month, told of at 50, 80 and 100 %, by default', () => {
    expect(new Budget({ notify })).toMatchObject({ monthlyUsd: 500, thresholdsPercent: [50, 80, 100] });
  });

  test.each([
    [500, 2, 250],
    [100, 3, 33.33],
  ])('%d USD for %d clouds are %d each, never more than the whole', (monthlyUsd, clouds, share) => {
    expect(new Budget({ notify, monthlyUsd }).shareUsd(clouds)).toBe(share);
  });

  test.each([
    [{ notify: [] }, 'budget.notify is empty; name at least one e-mail address'],
    [{ notify, monthlyUsd: 0 }, 'budget.monthlyUsd is 0; it must be an amount in USD above 0.'],
    [{ notify, thresholdsPercent: [50, 0] }, 'budget.thresholdsPercent has 0; allowed is above 0 up to 1000.'],
  ])('fails with %j', (props, message) => {
    expect(() => new Budget(props)).toThrow(message);
  });
});
