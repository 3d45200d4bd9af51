import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CapacityPlan, ServiceLevelObjective } from '../../src';

const read = (name: string) => readFileSync(join(__dirname, '../../loadtest', name), 'utf8');
const plan = JSON.parse(read('plan.json'));
/** Requests, and pauses, of one visitor's session. */
const STEPS = 4;
const peak = (scenario: string) =>
  Math.max(...plan.scenarios[scenario].stages.map(({ target }: { target: number }) => target));

describe('the load test', () => {
  it('is held against the service level objective', () => {
    const { errorBudget, latency } = new ServiceLevelObjective();
    expect(plan.objective).toEqual({ errorBudget, latencyP99Ms: latency.totalMs });
  });

  it('has the users and the pauses that the capacity is planned for', () => {
    const { concurrentUsers, thinkTimeSeconds, peakRequestsPerSecond } = new CapacityPlan();
    expect([plan.thinkSeconds, peak('visitors')]).toEqual([thinkTimeSeconds, concurrentUsers]);
    expect(peak('sessions') * STEPS).toBe(peakRequestsPerSecond);
  });

  it('makes sessions of that many steps', () => {
    const [, steps = ''] = /const steps = \[(.*)\];/.exec(read('shop.mjs')) ?? [];
    expect(steps.split(',')).toHaveLength(STEPS);
  });
});
