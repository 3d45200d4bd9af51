import type { Construct } from 'constructs';
import { type CapacityPlan, ConfigError, type NodeSize, type ReplicaSize } from '../../../src';
import { nodesForWorkloads, type RunningContainers } from '../../kubernetes/cluster-load';

interface InstanceSize {
  readonly vcpus: number;
  readonly memoryGib: number;
  /** Most pods the VPC CNI has addresses for: network interfaces × (addresses each − 1) + 2. */
  readonly maxPods: number;
}

/** Instance types whose node count can be derived. Source: EC2 instance types and their network interfaces. */
const INSTANCE_SIZES: Readonly<Record<string, InstanceSize>> = {
  't4g.medium': { vcpus: 2, memoryGib: 4, maxPods: 17 },
  't4g.large': { vcpus: 2, memoryGib: 8, maxPods: 35 },
  't4g.xlarge': { vcpus: 4, memoryGib: 16, maxPods: 58 },
  'm7g.large': { vcpus: 2, memoryGib: 8, maxPods: 29 },
  'm7g.xlarge': { vcpus: 4, memoryGib: 16, maxPods: 58 },
  'c7g.large': { vcpus: 2, memoryGib: 4, maxPods: 29 },
  'c7g.xlarge': { vcpus: 4, memoryGib: 8, maxPods: 58 },
  'c7g.2xlarge': { vcpus: 8, memoryGib: 16, maxPods: 58 },
};

/** Add-ons on every node: vpc-cni 50m, kube-proxy 100m, ebs-csi-node 30m; memory as planned for. */
const EACH_NODE: ReplicaSize = { cpuMillis: 200, memoryMib: 300 };

/**
 * CoreDNS (twice 100m and 70 MiB), metrics-server (twice 100m and 200 MiB) and the EBS driver's controller (twice six
 * containers of 10m and 40 MiB).
 */
const SYSTEM: ReplicaSize = { cpuMillis: 520, memoryMib: 1020 };

/**
 * What an instance offers to pods. The kubelet keeps 6 % of the first core, 1 % of the second, 0.5 % of the next two
 * and 0.25 % of each more; 255 MiB and 11 MiB for each pod it may hold; and evicts at 100 MiB left. Source: nodeadm's
 * kubelet defaults in awslabs/amazon-eks-ami. Firmware and kernel take about 5 % of the memory before that.
 *
 * @returns undefined for an instance type that is not in the table
 */
export function allocatable(instanceType: string): NodeSize | undefined {
  const size = INSTANCE_SIZES[instanceType];
  if (!size) return undefined;
  const reserved = Array.from({ length: size.vcpus }, (_, core) => [60, 10, 5, 5][core] ?? 2.5);
  const cpuMillis = size.vcpus * 1000 - reserved.reduce((sum, millis) => sum + millis, 0);
  const memoryMib = size.memoryGib * 1024 * 0.95 - 255 - 11 * size.maxPods - 100;
  return {
    cpuMillis: Math.floor(cpuMillis - EACH_NODE.cpuMillis),
    memoryMib: Math.floor(memoryMib - EACH_NODE.memoryMib),
  };
}

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
  const node = allocatable(instanceType);
  if (!node) {
    throw new ConfigError(
      `node.instanceType is ${instanceType}, whose node count can't be derived; give node.count, or use one of ${Object.keys(INSTANCE_SIZES).join(', ')}.`,
      scope,
    );
  }
  const nodes = (replicas: number) =>
    Math.max(zones, nodesForWorkloads({ capacity, replicas, node, running, system: SYSTEM }));
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
