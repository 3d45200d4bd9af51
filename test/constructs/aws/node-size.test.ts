import { App, TerraformStack } from 'cdktf';
import { amiType, nodeCount } from '../../../constructs/aws/cluster/node-size';
import { CapacityPlan } from '../../../src';

const scope = new TerraformStack(new App(), 'test');

test('10,000 users need two nodes at the fewest and 18 at 50 replicas', () => {
  expect(nodeCount({ capacity: new CapacityPlan(), instanceType: 't4g.large', zones: 2 }, scope)).toEqual({
    min: 2,
    max: 18,
  });
});

test('the fewest hold the replicas of the peak, because nothing adds nodes yet', () => {
  // 17 replicas, three to a node.
  expect(
    nodeCount({ capacity: new CapacityPlan({ concurrentUsers: 100_000 }), instanceType: 't4g.large', zones: 2 }, scope),
  ).toEqual({ min: 7, max: 18 });
});

// 3,049 and 2,917 MiB for pods: what runs once takes 3,260, so it shares two nodes.
test.each(['t4g.medium', 'c7g.large'])('%s is large enough for each part, though not for all of them', (type) => {
  expect(nodeCount({ capacity: new CapacityPlan(), instanceType: type, zones: 2 }, scope)).toEqual({ min: 3, max: 19 });
});

test('every zone has a node', () => {
  expect(nodeCount({ capacity: new CapacityPlan(), instanceType: 't4g.large', zones: 3 }, scope).min).toBe(3);
});

test('larger nodes are fewer', () => {
  expect(nodeCount({ capacity: new CapacityPlan(), instanceType: 'c7g.2xlarge', zones: 2 }, scope).max).toBe(5);
});

test('fails when the size of the instance type is not known', () => {
  expect(() => nodeCount({ capacity: new CapacityPlan(), instanceType: 'z9.mega', zones: 2 }, scope)).toThrow(
    "test: node.instanceType is z9.mega, whose node count can't be derived; give node.count, or use one of t4g.medium,",
  );
});

test.each([
  ['t4g.large', 'AL2023_ARM_64_STANDARD'],
  ['c7gn.xlarge', 'AL2023_ARM_64_STANDARD'],
  ['im4gn.large', 'AL2023_ARM_64_STANDARD'],
  ['m7i.large', 'AL2023_x86_64_STANDARD'],
  ['g5.xlarge', 'AL2023_x86_64_STANDARD'],
  ['m7a.large', 'AL2023_x86_64_STANDARD'],
])('%s runs %s', (instanceType, image) => {
  expect(amiType(instanceType)).toBe(image);
});
