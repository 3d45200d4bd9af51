import type { NodeOffer } from './placement';

/** GiB for each vCPU in the families that Azure's naming tells apart: general purpose, `l` for low memory, E for more. */
const GIB_PER_VCPU = { D: 4, B: 4, E: 8, low: 2 } as const;

/** Planned for AKS's own pods on every node: network, disks, metrics. */
const EACH_NODE = { cpuMillis: 300, memoryMib: 500, pods: 12 };

/** @returns undefined when the size isn't told by its name */
export function aksSize(vmSize: string): { readonly vcpus: number; readonly memoryGib: number } | undefined {
  const parts = /^Standard_([BDE])(\d+)[ap]?(l?)d?s_v\d+$/.exec(vmSize);
  if (!parts) return undefined;
  const vcpus = Number(parts[2]);
  return { vcpus, memoryGib: vcpus * (parts[3] ? GIB_PER_VCPU.low : GIB_PER_VCPU[parts[1] as 'B' | 'D' | 'E']) };
}

/**
 * What pods can have of a node of AKS: less what the kubelet keeps (AKS's documented reservations: 100m of 2 vCPUs and
 * 20m for each further; 20 MB a pod and 50 MB, 100 MiB eviction threshold) and what is planned for AKS's own pods on
 * every node. Source: https://learn.microsoft.com/azure/aks/node-resource-reservations
 *
 * @returns undefined when the size isn't told by its name
 */
export function aksNode(vmSize: string, maxPods: number): NodeOffer | undefined {
  const size = aksSize(vmSize);
  if (!size) return undefined;
  const { vcpus, memoryGib } = size;
  const keptCpuMillis = 100 + Math.max(0, vcpus - 2) * 20;
  const keptMemoryMib = 20 * maxPods + 50 + 100;
  return {
    cpuMillis: vcpus * 1000 - keptCpuMillis - EACH_NODE.cpuMillis,
    memoryMib: memoryGib * 1024 - keptMemoryMib - EACH_NODE.memoryMib,
    pods: maxPods - EACH_NODE.pods,
  };
}
