import type { CapacityPlan } from '../declarations/capacity-plan';
import type { SynthesizedStack } from '../synthesized/synthesized-stack';
import { type NodePool, nodePools } from './node-pools';
import { addLoads, type Load, nodesLeft, nodesNeeded, replicasHeld, replicasOn, scarcest, without } from './placement';
import { clusterWorkloads, type Service } from './workloads';

/** What the nodes of a pool hold, once each has what runs on every one. */
export interface PoolCapacity
  extends Pick<NodePool, 'path' | 'nodeSize' | 'min' | 'max' | 'autoscaled' | 'zones' | 'spot'> {
  /** Undefined where the node's size isn't known. */
  readonly replicasPerNode?: number;
  /** What of a node runs out first. */
  readonly scarcest?: 'CPU' | 'memory' | 'pods';
}

export interface SubnetUse {
  readonly path: string;
  /** Addresses that nodes and pods take at most. */
  readonly needed: number;
  readonly usable: number;
}

/** How a stack's cluster bears the plan. Plain data, for guards and for people. */
export interface CapacityReport {
  readonly stack: string;
  /** At the peak. */
  readonly requestsPerSecond: number;
  readonly service: Service;
  readonly replicas: {
    /** That the peak is planned with. */
    readonly planned: number;
    /** That the peak needs when there are no more. */
    readonly least: number;
    readonly most: number;
    /** That the nodes hold when all are there, beside what else runs. */
    readonly held: number;
    /** That the fewest nodes hold, beside what else runs. */
    readonly heldByFewest: number;
    /** That the fewest nodes hold when a zone is lost, and all else has to wait. */
    readonly heldWithoutZone: number;
  };
  /** Requests a second that a replica answers, by what was measured. */
  readonly requestsPerSecondPerReplica: number;
  readonly nodes: { readonly needed: number; readonly most: number; readonly fewest: number; readonly left: number };
  /** What runs beside the service. */
  readonly once: Load;
  readonly eachNode: Load;
  readonly pools: readonly PoolCapacity[];
  readonly subnets: readonly SubnetUse[];
}

/** @returns undefined for a stack without node pools, or without the service */
export function capacityReport(
  stack: SynthesizedStack,
  plan: CapacityPlan,
  serviceName = 'model-server',
): CapacityReport | undefined {
  const pools = nodePools(stack);
  if (pools.length === 0) return undefined;
  const { service, once: besides, eachNode } = clusterWorkloads(stack, serviceName);
  if (!service) return undefined;
  const { replica, maxReplicas } = service;
  const once = [besides, ...pools.slice(0, 1).map(({ system }) => system)].reduce(addLoads);
  const offered = pools.map((pool) => ({ ...pool, node: pool.node && without(pool.node, eachNode) }));
  const left = offered.map((pool) => ({ ...pool, nodes: pool.spot ? 0 : nodesLeft(pool.min, pool.zones) }));
  const [first] = offered.flatMap(({ node }) => node ?? []);
  return {
    stack: stack.name,
    requestsPerSecond: plan.peakRequestsPerSecond,
    service,
    replicas: {
      planned: plan.replicasAtPeak,
      least: plan.leastReplicas(replica),
      most: maxReplicas,
      held: replicasHeld(
        offered.map((pool) => ({ ...pool, nodes: pool.max })),
        replica,
        once,
      ),
      heldByFewest: replicasHeld(
        offered.map((pool) => ({ ...pool, nodes: pool.min })),
        replica,
        once,
      ),
      heldWithoutZone: replicasHeld(left, replica),
    },
    requestsPerSecondPerReplica: plan.requestsPerSecondOf(replica),
    nodes: {
      needed: first ? nodesNeeded(maxReplicas, replica, first, once) : 0,
      most: total(pools.map(({ max }) => max)),
      fewest: total(pools.map(({ min }) => min)),
      left: total(left.map(({ nodes }) => nodes)),
    },
    once,
    eachNode,
    pools: offered.map(({ path, nodeSize, node, min, max, autoscaled, zones, spot }) => ({
      path,
      nodeSize,
      min,
      max,
      autoscaled,
      zones,
      spot,
      ...(node && { replicasPerNode: replicasOn(node, replica), scarcest: scarcest(node, replica) }),
    })),
    subnets: subnetUse(pools),
  };
}

/** What the most nodes take of each subnet, spread evenly over those of their pool. */
function subnetUse(pools: readonly NodePool[]): SubnetUse[] {
  const uses = new Map<string, SubnetUse>();
  for (const { subnets, addressesPerNode = 0, max, surgeNodes } of pools) {
    for (const { path, addresses: usable } of subnets) {
      const nodes = Math.ceil((max + surgeNodes) / subnets.length);
      const before = uses.get(path)?.needed ?? 0;
      uses.set(path, { path, usable, needed: before + nodes * addressesPerNode });
    }
  }
  return [...uses.values()];
}

const total = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0);
