import { Construct } from 'constructs';
import { nodeCountFor } from '../../../constructs/azure/node-pool-size';
import { CapacityPlan, type CapacityPlanProps } from '../../../src';

const nodes = (vmSize: string, plan: CapacityPlanProps = {}) =>
  nodeCountFor({ capacity: new CapacityPlan(plan), vmSize }, new Construct(undefined as never, ''));

test.each([
  // 1,600m and 5,942 MiB for pods: 3 replicas of 500m and 768 MiB.
  ['Standard_D2ps_v6', { min: 2, max: 18 }],
  // 1,600m and 2,446 MiB: 3 by CPU, 3 by memory.
  ['Standard_D2pls_v6', { min: 3, max: 19 }],
  // 3,560m: 7 replicas.
  ['Standard_D4ps_v6', { min: 2, max: 9 }],
  ['Standard_D4pls_v6', { min: 2, max: 9 }],
  ['Standard_D2s_v5', { min: 2, max: 18 }],
  ['Standard_D2pds_v6', { min: 2, max: 18 }],
  ['Standard_B2pls_v2', { min: 3, max: 19 }],
  ['Standard_E2as_v6', { min: 2, max: 18 }],
])('%s holds the default plan on %j nodes', (vmSize, count) => {
  expect(nodes(vmSize)).toEqual(count);
});

test('there are never fewer than two nodes', () => {
  expect(nodes('Standard_D8ps_v6', { concurrentUsers: 1000, minReplicas: 1, maxReplicas: 1 })).toEqual({
    min: 2,
    max: 2,
  });
});

test('one node more than the replicas need is for what else runs in the cluster', () => {
  expect(nodes('Standard_D2ps_v6', { minReplicas: 9, maxReplicas: 30 })).toEqual({ min: 4, max: 11 });
});

test.each(['Standard_DS2_v2', 'Standard_B2ts_v2', 'Standard_NC24ads_A100_v4', 't4g.large'])(
  'fails when the size is %s',
  (vmSize) => {
    expect(() => nodes(vmSize)).toThrow(
      `vmSize is ${vmSize}, whose CPU and memory can't be told from its name; give nodeCount as well`,
    );
  },
);
