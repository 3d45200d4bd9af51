import type { IConstruct } from 'constructs';
import type { CapacityPlan, NodeSize } from '../../src';
import { ConfigError } from '../../src';
import { nodesForWorkloads, type RunningContainers } from '../kubernetes/cluster-load';

/** Pods a node may run. AKS keeps 20 MB of a node's memory back for each, so its default of 250 would cost 2 GiB. */
export const MAX_PODS = 50;

/** Bounds of a node pool's autoscaler. */
export interface NodeCount {
  readonly min: number;
  readonly max: number;
}

/** GiB for each vCPU in the families that Azure's naming tells apart: general purpose, `l` for low memory, E for more. */
const GIB_PER_VCPU = { D: 4, B: 4, E: 8, low: 2 } as const;

interface NodeCountProps {
  readonly capacity: CapacityPlan;
  readonly vmSize: string;
  /** What runs beside the model server. */
  readonly running?: readonly RunningContainers[];
}

/**
 * Nodes that hold the plan's replicas and what runs once in the cluster, and never fewer than two, so that one may fail
 * or be upgraded. The pool's autoscaler adds nodes up to the most when pods wait for one.
 */
export function nodeCountFor({ capacity, vmSize, running }: NodeCountProps, scope: IConstruct): NodeCount {
  const node = allocatable(vmSize, scope);
  const nodes = (replicas: number) => Math.max(2, nodesForWorkloads({ capacity, replicas, node, running }));
  return { min: nodes(capacity.minReplicas), max: nodes(capacity.maxReplicas) };
}

/**
 * What pods of ours can have of a node: less what the kubelet keeps (AKS's documented reservations: 100m of 2 vCPUs and
 * 20m for each further; 20 MB a pod and 50 MB, 100 MiB eviction threshold) and what is planned for AKS's own pods
 * on every node (network, disks, metrics): 300m and 500 MiB.
 */
function allocatable(vmSize: string, scope: IConstruct): NodeSize {
  const parts = /^Standard_([BDE])(\d+)[ap]?(l?)d?s_v\d+$/.exec(vmSize);
  if (!parts) {
    throw new ConfigError(
      `vmSize is ${vmSize}, whose CPU and memory can't be told from its name; give nodeCount as well, or choose a size of the B, D or E families such as Standard_D2ps_v6.`,
      scope,
    );
  }
  const vcpus = Number(parts[2]);
  const gibPerVcpu = parts[3] ? GIB_PER_VCPU.low : GIB_PER_VCPU[parts[1] as 'B' | 'D' | 'E'];
  const keptCpuMillis = 100 + Math.max(0, vcpus - 2) * 20;
  const keptMemoryMib = 20 * MAX_PODS + 50 + 100;
  return { cpuMillis: vcpus * 1000 - keptCpuMillis - 300, memoryMib: vcpus * gibPerVcpu * 1024 - keptMemoryMib - 500 };
}
