import type { NodeSize, ReplicaSize } from '../declarations/capacity-plan';

/** What a node offers to pods, after what the system keeps for itself. */
export interface NodeOffer extends NodeSize {
  /** Pods that it may run beside the system's own. */
  readonly pods: number;
}

/** What is asked of nodes together. */
export interface Load extends ReplicaSize {
  readonly pods: number;
}

export const NO_LOAD: Load = { cpuMillis: 0, memoryMib: 0, pods: 0 };

export function addLoads(one: Load, other: Load): Load {
  return {
    cpuMillis: one.cpuMillis + other.cpuMillis,
    memoryMib: one.memoryMib + other.memoryMib,
    pods: one.pods + other.pods,
  };
}

/** What is left of a node when `load` runs on it too. */
export function without(node: NodeOffer, load: Load): NodeOffer {
  return addLoads(node, { cpuMillis: -load.cpuMillis, memoryMib: -load.memoryMib, pods: -load.pods });
}

/** Replicas that a node holds, by the scarcest of CPU, memory and pods. */
export function replicasOn(node: NodeOffer, replica: ReplicaSize): number {
  const fit = Math.min(node.cpuMillis / replica.cpuMillis, node.memoryMib / replica.memoryMib, node.pods);
  return Math.max(0, Math.floor(fit));
}

/** Which of a node's three runs out first with replicas of a size. */
export function scarcest(node: NodeOffer, replica: ReplicaSize): 'CPU' | 'memory' | 'pods' {
  const fits = [
    ['CPU', node.cpuMillis / replica.cpuMillis],
    ['memory', node.memoryMib / replica.memoryMib],
    ['pods', node.pods],
  ] as const;
  return fits.reduce((least, one) => (one[1] < least[1] ? one : least))[0];
}

/**
 * Nodes that hold so many replicas, and apart from them what runs once: small pods that any number of nodes can share.
 *
 * @returns Infinity when a replica, or anything at all, fits no node
 */
export function nodesNeeded(replicas: number, replica: ReplicaSize, node: NodeOffer, once: Load = NO_LOAD): number {
  const each = replicasOn(node, replica);
  const forOnce = Math.max(
    ...(['cpuMillis', 'memoryMib', 'pods'] as const).map((what) => {
      if (once[what] <= 0) return 0;
      return node[what] > 0 ? Math.ceil(once[what] / node[what]) : Number.POSITIVE_INFINITY;
    }),
  );
  return (replicas === 0 ? 0 : Math.ceil(replicas / each)) + forOnce;
}

/** So many nodes of one size; what they offer is undefined where it isn't known. */
export interface Nodes {
  readonly nodes: number;
  readonly node?: NodeOffer;
}

/** Replicas on pools of nodes, after what runs once has taken nodes of its own, pool by pool. */
export function replicasHeld(pools: readonly Nodes[], replica: ReplicaSize, once: Load = NO_LOAD): number {
  const [first] = pools.flatMap(({ node }) => node ?? []);
  let taken = first ? nodesNeeded(0, replica, first, once) : 0;
  return pools.reduce((held, { node, nodes }) => {
    const free = Math.max(0, nodes - taken);
    taken = Math.max(0, taken - nodes);
    return held + (node ? free * replicasOn(node, replica) : 0);
  }, 0);
}

/** Nodes that are left when the zone with the most of them is lost, evenly spread as they are. */
export function nodesLeft(nodes: number, zones: number): number {
  return nodes - Math.ceil(nodes / Math.max(1, zones));
}
