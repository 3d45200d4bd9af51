import type { Construct } from 'constructs';
import { type CapacityPlan, ConfigError } from '../../../src';
import { EC2_INSTANCE_SIZES, EKS_SYSTEM, ec2Node } from '../../../src/capacity/ec2-nodes';
import { nodesForWorkloads, type RunningContainers } from '../../kubernetes/cluster-load';
import { containerSizesIn } from '../../kubernetes/container-sizes';

export interface NodeCount {
  readonly min: number;
  readonly max: number;
}

interface NodeCountProps {
  readonly capacity: CapacityPlan;
  readonly instanceType: string;
  readonly zones: number;
  /** What runs beside the model server. */
  readonly running?: readonly RunningContainers[];
}

/**
 * Fewest and most nodes for a plan: what the model server's replicas and what runs once in the cluster need, and no
 * fewer than `zones`, so that a volume finds a node in its zone. Nothing adds nodes yet when pods wait for one, so the
 * fewest hold the replicas of the plan's peak.
 */
export function nodeCount({ capacity, instanceType, zones, running }: NodeCountProps, scope: Construct): NodeCount {
  const node = ec2Node(instanceType);
  if (!node) {
    throw new ConfigError(
      `node.instanceType is ${instanceType}, whose node count can't be derived; give node.count, or use one of ${Object.keys(EC2_INSTANCE_SIZES).join(', ')}.`,
      scope,
    );
  }
  const sizes = containerSizesIn(scope);
  const nodes = (replicas: number) =>
    Math.max(zones, nodesForWorkloads({ capacity, replicas, node, running, sizes, system: EKS_SYSTEM }));
  return { min: nodes(capacity.initialReplicas), max: nodes(capacity.maxReplicas) };
}

/** What nodes run, in the version that EKS keeps current. */
export type NodeImage = 'amazon-linux-2023' | 'bottlerocket';

export type Architecture = 'arm64' | 'x86-64';

/** Graviton families have a g after their generation: t4g, c7gn. */
export function architecture(instanceType: string): Architecture {
  return /^[a-z]+\d+g/.test(instanceType) ? 'arm64' : 'x86-64';
}

const AMI_TYPES = {
  'amazon-linux-2023': { arm64: 'AL2023_ARM_64_STANDARD', 'x86-64': 'AL2023_x86_64_STANDARD' },
  bottlerocket: { arm64: 'BOTTLEROCKET_ARM_64', 'x86-64': 'BOTTLEROCKET_x86_64' },
} as const;

/** EKS's image for an instance type. */
export function amiType(instanceType: string, image: NodeImage = 'amazon-linux-2023') {
  return AMI_TYPES[image][architecture(instanceType)];
}
