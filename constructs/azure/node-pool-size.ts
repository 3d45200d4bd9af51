import type { IConstruct } from 'constructs';
import { type CapacityPlan, ConfigError } from '../../src';
import { aksNode } from '../../src/capacity/aks-nodes';
import { nodesForWorkloads, type RunningContainers } from '../kubernetes/cluster-load';
import { containerSizesIn } from '../kubernetes/container-sizes';

/** Pods a node may run. AKS keeps 20 MB of a node's memory back for each, so its default of 250 would cost 2 GiB. */
export const MAX_PODS = 50;

/** Bounds of a node pool's autoscaler. */
export interface NodeCount {
  readonly min: number;
  readonly max: number;
}

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
  const node = aksNode(vmSize, MAX_PODS);
  if (!node) {
    throw new ConfigError(
      `vmSize is ${vmSize}, whose CPU and memory can't be told from its name; give nodeCount as well, or choose a size of the B, D or E families such as Standard_D2ps_v6.`,
      scope,
    );
  }
  const sizes = containerSizesIn(scope);
  const nodes = (replicas: number) => Math.max(2, nodesForWorkloads({ capacity, replicas, node, running, sizes }));
  return { min: nodes(capacity.minReplicas), max: nodes(capacity.maxReplicas) };
}
