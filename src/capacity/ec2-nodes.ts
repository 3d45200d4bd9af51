import type { NodeOffer } from './placement';

interface InstanceSize {
  readonly vcpus: number;
  readonly memoryGib: number;
  /** Network interfaces, and IPv4 addresses on each. */
  readonly interfaces: number;
  readonly addresses: number;
}

/** Instance types whose capacity is known. Source: EC2 instance types and their network interfaces. */
export const EC2_INSTANCE_SIZES: Readonly<Record<string, InstanceSize>> = {
  't4g.medium': { vcpus: 2, memoryGib: 4, interfaces: 3, addresses: 6 },
  't4g.large': { vcpus: 2, memoryGib: 8, interfaces: 3, addresses: 12 },
  't4g.xlarge': { vcpus: 4, memoryGib: 16, interfaces: 4, addresses: 15 },
  'm7g.large': { vcpus: 2, memoryGib: 8, interfaces: 3, addresses: 10 },
  'm7g.xlarge': { vcpus: 4, memoryGib: 16, interfaces: 4, addresses: 15 },
  'c7g.large': { vcpus: 2, memoryGib: 4, interfaces: 3, addresses: 10 },
  'c7g.xlarge': { vcpus: 4, memoryGib: 8, interfaces: 4, addresses: 15 },
  'c7g.2xlarge': { vcpus: 8, memoryGib: 16, interfaces: 4, addresses: 15 },
  'm8g.large': { vcpus: 2, memoryGib: 8, interfaces: 3, addresses: 10 },
  'c8g.large': { vcpus: 2, memoryGib: 4, interfaces: 3, addresses: 10 },
  'm7i.large': { vcpus: 2, memoryGib: 8, interfaces: 3, addresses: 10 },
};

/** Add-ons on every node: vpc-cni 50m, kube-proxy 100m, ebs-csi-node 30m, the pod identity agent; memory as planned for. */
const EACH_NODE = { cpuMillis: 200, memoryMib: 300, pods: 4 };

/**
 * What EKS runs once in a cluster: CoreDNS (twice 100m and 70 MiB), metrics-server (twice 100m and 200 MiB) and the EBS
 * driver's controller (twice six containers of 10m and 40 MiB).
 */
export const EKS_SYSTEM = { cpuMillis: 520, memoryMib: 1020, pods: 6 };

/** Addresses that a node takes of its subnet, and pods that it may run. */
export interface PodAddresses {
  readonly pods: number;
  readonly addresses: number;
}

/**
 * By the VPC CNI each pod has an address of the subnet: network interfaces × (addresses each − 1) + 2 pods, the two of
 * the host's network. A node may hold on to every address of its interfaces. With prefixes each address but an
 * interface's first is 16, and nodeadm lets a node of up to 30 vCPUs run 110 pods.
 * Sources: https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/eni-max-pods.txt,
 * https://docs.aws.amazon.com/eks/latest/userguide/cni-increase-ip-addresses.html
 *
 * @returns undefined for an instance type that is not in the table
 */
export function podAddresses(instanceType: string, prefixes = false): PodAddresses | undefined {
  const size = EC2_INSTANCE_SIZES[instanceType];
  if (!size) return undefined;
  const { interfaces, addresses } = size;
  if (!prefixes) return { pods: interfaces * (addresses - 1) + 2, addresses: interfaces * addresses };
  const pods = Math.min(110, interfaces * (addresses - 1) * 16 + 2);
  return { pods, addresses: interfaces + Math.ceil(pods / 16 + 1) * 16 };
}

/**
 * What an instance offers to pods. The kubelet keeps 6 % of the first core, 1 % of the second, 0.5 % of the next two
 * and 0.25 % of each more; 255 MiB and 11 MiB for each pod it may hold; and evicts at 100 MiB left. Source: nodeadm's
 * kubelet defaults in awslabs/amazon-eks-ami. Firmware and kernel take about 5 % of the memory before that.
 *
 * @param prefixes whether the VPC CNI takes addresses by prefixes of 16
 * @returns undefined for an instance type that is not in the table
 */
export function ec2Node(instanceType: string, prefixes = false): NodeOffer | undefined {
  const size = EC2_INSTANCE_SIZES[instanceType];
  const addresses = podAddresses(instanceType, prefixes);
  if (!size || !addresses) return undefined;
  const reserved = Array.from({ length: size.vcpus }, (_, core) => [60, 10, 5, 5][core] ?? 2.5);
  const cpuMillis = size.vcpus * 1000 - reserved.reduce((sum, millis) => sum + millis, 0);
  const memoryMib = size.memoryGib * 1024 * 0.95 - 255 - 11 * addresses.pods - 100;
  return {
    cpuMillis: Math.floor(cpuMillis - EACH_NODE.cpuMillis),
    memoryMib: Math.floor(memoryMib - EACH_NODE.memoryMib),
    pods: addresses.pods - EACH_NODE.pods,
  };
}
