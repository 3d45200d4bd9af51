import type { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { ec2Node } from '../../../src/capacity/ec2-nodes';
import type { NodeGroupsProps, SpotNodes } from './cluster-compute';
import { NodeGroup, type NodeGroupProps } from './node-group';
import { architecture, type NodeCount } from './node-size';

/** Label of nodes in a cluster that has both: `on-demand` or `spot`. */
export const NODE_CAPACITY_LABEL = 'recommender/capacity';

export interface NodeGroupsOf {
  readonly choice: NodeGroupsProps;
  /** Of all nodes together. */
  readonly count: NodeCount;
  readonly zones: number;
  /** What the groups have in common. */
  readonly common: Pick<
    NodeGroupProps,
    'namePrefix' | 'clusterName' | 'kubernetesVersion' | 'subnetIds' | 'tags' | 'dependsOn'
  >;
}

export const DEFAULT_INSTANCE_TYPE = 't4g.large';

/** Adds the group that AWS can't take back to `scope` as `NodeGroup`, and `SpotNodeGroup` beside it. */
export function addNodeGroups(
  scope: Construct,
  { choice, count, zones, common }: NodeGroupsOf,
): [NodeGroup, ...NodeGroup[]] {
  const { instanceType = DEFAULT_INSTANCE_TYPE, image = 'amazon-linux-2023', spot } = choice;
  const base = { ...common, image, instanceTypes: [instanceType], capacity: 'on-demand' } as const;
  if (!spot) return [new NodeGroup(scope, 'NodeGroup', { ...base, count })];

  const floor = spot.onDemandFloor ?? zones;
  checkSpot(scope, choice, spot, floor, count);
  const [first = instanceType, ...others] = spot.instanceTypes;
  const onDemand = new NodeGroup(scope, 'NodeGroup', {
    ...base,
    labels: { [NODE_CAPACITY_LABEL]: 'on-demand' },
    count: { min: floor, max: floor },
  });
  const spotNodes = new NodeGroup(scope, 'SpotNodeGroup', {
    ...base,
    instanceTypes: [first, ...others],
    capacity: 'spot',
    labels: { [NODE_CAPACITY_LABEL]: 'spot' },
    nodeRole: onDemand.nodeRole,
    count: { min: Math.max(0, count.min - floor), max: count.max - floor },
  });
  return [onDemand, spotNodes];
}

function checkSpot(
  scope: Construct,
  { instanceType = DEFAULT_INSTANCE_TYPE, count: given }: NodeGroupsProps,
  { instanceTypes }: SpotNodes,
  floor: number,
  count: NodeCount,
): void {
  const types = instanceTypes.join(', ');
  if (new Set(instanceTypes).size < 2) {
    throw new ConfigError(
      `spot.instanceTypes is ${types || 'empty'}; name at least two different ones, so that when AWS takes one back another is to be had.`,
      scope,
    );
  }
  if (new Set(instanceTypes.map(architecture)).size > 1) {
    throw new ConfigError(
      `spot.instanceTypes is ${types}, of two processor architectures; a group has one image, so name Graviton types only, or none.`,
      scope,
    );
  }
  if (!Number.isInteger(floor) || floor < 1 || floor >= count.max) {
    throw new ConfigError(
      `spot.onDemandFloor is ${floor}; it must be a whole number from 1 to ${count.max - 1}, one below the most nodes.`,
      scope,
    );
  }
  const smaller = given === undefined && instanceTypes.find((type) => isSmaller(type, instanceType));
  if (smaller) {
    throw new ConfigError(
      `spot.instanceTypes has ${smaller}, which holds less than ${instanceType}, or can't be compared; the count is derived from ${instanceType}, so name types that hold as much, or give count.`,
      scope,
    );
  }
}

function isSmaller(instanceType: string, than: string): boolean {
  const [one, other] = [ec2Node(instanceType), ec2Node(than)];
  return !one || !other || one.cpuMillis < other.cpuMillis || one.memoryMib < other.memoryMib;
}
