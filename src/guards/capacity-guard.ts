import { type CapacityReport, capacityReport } from '../capacity/capacity-report';
import { EC2_INSTANCE_SIZES } from '../capacity/ec2-nodes';
import { type NodePool, nodePools } from '../capacity/node-pools';
import type { CapacityPlan } from '../declarations/capacity-plan';
import type { SynthesizedStack } from '../synthesized/synthesized-stack';
import type { Finding, Guard } from './guard';

export interface CapacityGuardProps {
  readonly capacity: CapacityPlan;
  /**
   * Name of the Deployment that answers requests.
   * @default 'model-server'
   */
  readonly serviceName?: string;
}

/**
 * Holds clusters to the plan: their nodes, pods and addresses are enough for the most replicas, and what is left of them
 * without a zone for the peak. Stacks without node pools, or without the service, are none of its business.
 */
export class CapacityGuard implements Guard {
  constructor(private readonly props: CapacityGuardProps) {}

  check(stacks: readonly SynthesizedStack[]): Finding[] {
    const { capacity, serviceName } = this.props;
    return stacks.flatMap((stack) => {
      const report = capacityReport(stack, capacity, serviceName);
      if (!report) return [];
      const unknown = report.pools.filter(({ replicasPerNode }) => replicasPerNode === undefined);
      return [
        ...unknown.map(({ path, nodeSize }) => ({
          severity: 'warning' as const,
          path,
          message: `what a node of ${nodeSize} holds isn't known, so nobody checks whether the pool is large enough. Known are, on EKS, ${Object.keys(EC2_INSTANCE_SIZES).join(', ')}; on AKS sizes of the B, D and E families.`,
        })),
        // Of nodes that count for nothing there would never be enough.
        ...(unknown.length > 0 ? [] : [...tooFewNodes(report), ...tooFewAtFirst(report), ...zoneLost(report)]),
        ...tooFewReplicas(report),
        ...planTooHigh(report, capacity),
        ...tooFewAddresses(report),
        ...nodePools(stack).flatMap(overlayTooSmall),
      ];
    });
  }
}

function tooFewReplicas({ service, replicas, requestsPerSecond }: CapacityReport): Finding[] {
  if (replicas.most >= replicas.planned) return [];
  return [
    error(
      service.path,
      `${service.name} has ${count(replicas.most, 'replica')} at most; the peak of ${rate(requestsPerSecond)} is planned with ${replicas.planned}. Let it grow to as many, or let capacity.requestsPerSecondPerReplica be higher.`,
    ),
  ];
}

function planTooHigh({ service, requestsPerSecondPerReplica: can }: CapacityReport, plan: CapacityPlan): Finding[] {
  const planned = plan.requestsPerSecondPerReplica;
  if (planned <= can) return [];
  return [
    error(
      service.path,
      `capacity.requestsPerSecondPerReplica is ${planned}; a replica with ${service.replica.cpuMillis}m CPU answers ${Math.floor(can)}, 60 % of what a core was measured to do (capacity.requestsPerSecondPerCore, ${plan.requestsPerSecondPerCore}). Plan for no more, or give it more CPU.`,
    ),
  ];
}

function tooFewNodes({ service, replicas, nodes, pools }: CapacityReport): Finding[] {
  if (replicas.held >= replicas.most) return [];
  const { cpuMillis, memoryMib } = service.replica;
  const [pool] = pools;
  const each = `${pool?.nodeSize} holds ${pool?.replicasPerNode} by its ${pool?.scarcest}`;
  const fix = Number.isFinite(nodes.needed)
    ? `Let the pool grow to ${nodes.needed} nodes (node.count.max), or plan for ${replicas.held} replicas (capacity.maxReplicas).`
    : 'Choose larger nodes.';
  return [
    error(
      pool?.path ?? service.path,
      `${count(replicas.most, 'replica')} of ${service.name} (${cpuMillis}m CPU, ${memoryMib} MiB) don't fit beside what else runs: ${count(nodes.most, 'node')} at most hold ${replicas.held}, ${each}. ${fix}`,
    ),
  ];
}

/** Where nothing adds nodes when pods wait for one. */
function tooFewAtFirst({ service, replicas, nodes, pools, requestsPerSecond }: CapacityReport): Finding[] {
  const fixed = pools.find(({ autoscaled }) => !autoscaled);
  if (!fixed || replicas.heldByFewest >= replicas.planned) return [];
  return [
    error(
      fixed.path,
      `begins with ${count(nodes.fewest, 'node')}, which beside what else runs hold ${count(replicas.heldByFewest, 'replica')} of ${service.name}, and nothing adds any; the peak of ${rate(requestsPerSecond)} is planned with ${replicas.planned}. Begin with more (node.count.min), or with larger ones.`,
    ),
  ];
}

function zoneLost({ service, replicas, nodes, pools, requestsPerSecond }: CapacityReport): Finding[] {
  if (replicas.heldWithoutZone >= replicas.least) return [];
  const zones = Math.max(...pools.map((pool) => pool.zones));
  const peak = `the peak of ${rate(requestsPerSecond)} needs ${replicas.least}`;
  return [
    error(
      pools[0]?.path ?? service.path,
      zones < 2
        ? `all nodes are in one zone, and with it goes every replica of ${service.name}; ${peak}. Spread them over two zones.`
        : `without one of its ${zones} zones, ${nodes.left} of the ${nodes.fewest} nodes that surely run would be left, with room for ${count(replicas.heldWithoutZone, 'replica')} of ${service.name}; ${peak}. Begin with more nodes (node.count.min), or with larger ones.`,
    ),
  ];
}

function tooFewAddresses({ subnets }: CapacityReport): Finding[] {
  return subnets
    .filter(({ needed, usable }) => needed > usable)
    .map(({ path, needed, usable }) =>
      error(
        path,
        `has ${usable} addresses to give; the most nodes, with one upgrade's, and their pods take ${needed}. Make the subnet larger, add one, or lower node.count.max.`,
      ),
    );
}

function overlayTooSmall({ path, max, surgeNodes, overlayNodes }: NodePool): Finding[] {
  if (overlayNodes === undefined || max + surgeNodes <= overlayNodes) return [];
  return [
    error(
      path,
      `may have ${max} nodes, and ${surgeNodes} more in an upgrade; its range of pods' addresses is enough for ${overlayNodes}, a /24 each. Make pod_cidr larger, or lower node.count.max.`,
    ),
  ];
}

const error = (path: string, message: string): Finding => ({ severity: 'error', path, message });
const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;
const rate = (requests: number) => `${Math.ceil(requests)} requests a second`;
