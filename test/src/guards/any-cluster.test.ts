import fc from 'fast-check';
import { CapacityPlan } from '../../../src';
import { availabilityOf } from '../../../src/availability/availability-of';
import { requestPath } from '../../../src/availability/request-path';
import { capacityReport } from '../../../src/capacity/capacity-report';
import { aks, type ClusterOptions, eks } from './clusters';

const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const RUNS = { seed: SEED, numRuns: 10_000 };
/** Of sums of products of floating-point numbers. */
const ROUNDING = 1e-9;

const clusters = fc.record({
  cluster: fc.constantFrom(eks, aks),
  zones: fc.integer({ min: 1, max: 3 }),
  each: fc.integer({ min: 1, max: 3 }),
  maxReplicas: fc.integer({ min: 2, max: 200 }),
  cpu: fc.integer({ min: 1, max: 2000 }).map((millis) => `${millis}m`),
  users: fc.integer({ min: 1, max: 100_000 }),
  more: fc.integer({ min: 1, max: 100_000 }),
});
type Cluster = typeof clusters extends fc.Arbitrary<infer Value> ? Value : never;

const planOf = (concurrentUsers: number) => new CapacityPlan({ concurrentUsers, maxReplicas: 1000 });

function capacity({ cluster, zones, each, users, ...options }: Cluster, changes: ClusterOptions = {}) {
  const stack = cluster({ zones, min: zones * each, max: zones * each + 10, ...options, more: {}, ...changes });
  const report = capacityReport(stack, planOf(users));
  if (!report) throw new Error('the cluster has no model server');
  const { replicas, nodes, requestsPerSecondPerReplica } = report;
  return { ...replicas, nodes, answers: Math.min(replicas.most, replicas.held) * requestsPerSecondPerReplica };
}

function availability({ cluster, zones, each, cpu, users }: Cluster): number {
  const path = requestPath(cluster({ zones, min: zones * each, cpu }), { capacity: planOf(users) });
  if (!path) throw new Error('the cluster answers nobody');
  return availabilityOf(path.graph);
}

/** Few enough for one node: what needs all zones is the worse for each. */
const FEW = 1;

describe(`for any cluster (SEED=${SEED})`, () => {
  test('a replica more never lowers the capacity, and a zone more never what is left without one', () => {
    fc.assert(
      fc.property(clusters, (one) => {
        const now = capacity(one);
        return (
          capacity(one, { maxReplicas: one.maxReplicas + 1 }).answers >= now.answers &&
          capacity(one, { zones: one.zones + 1 }).heldWithoutZone >= now.heldWithoutZone
        );
      }),
      RUNS,
    );
  });

  test('more people never need fewer replicas, and more replicas never fewer nodes', () => {
    fc.assert(
      fc.property(clusters, (one) => {
        const now = capacity(one);
        const busier = capacity({ ...one, users: one.users + one.more });
        const larger = capacity(one, { maxReplicas: one.maxReplicas + one.more });
        return busier.planned >= now.planned && busier.least >= now.least && larger.nodes.needed >= now.nodes.needed;
      }),
      RUNS,
    );
  });

  test('a node more in each zone, or a zone more with its nodes, never lowers the availability', () => {
    fc.assert(
      fc.property(clusters, (one) => {
        const few = { ...one, users: FEW };
        const now = availability(few);
        return (
          availability({ ...few, each: one.each + 1 }) >= now - ROUNDING &&
          availability({ ...few, zones: one.zones + 1 }) >= now - ROUNDING
        );
      }),
      RUNS,
    );
  });

  test('more people never raise the availability', () => {
    fc.assert(
      fc.property(
        clusters,
        (one) => availability({ ...one, users: one.users + one.more }) <= availability(one) + ROUNDING,
      ),
      RUNS,
    );
  });
});
