import { type Fields, walk } from '../synthesized/stack-json';
import type { SynthesizedResource, SynthesizedStack } from '../synthesized/synthesized-stack';
import { overlayNodes, usableAddresses } from './addresses';
import { aksNode } from './aks-nodes';
import { EKS_SYSTEM, ec2Node, podAddresses } from './ec2-nodes';
import { type Load, NO_LOAD, type NodeOffer } from './placement';

/** A group of nodes of one size. */
export interface NodePool {
  readonly cloud: 'aws' | 'azure';
  /** Path of its construct. */
  readonly path: string;
  readonly nodeSize: string;
  /** What a node offers to pods; undefined where the size isn't known. */
  readonly node?: NodeOffer;
  /** What one of another size would offer here. */
  readonly nodeOf: (nodeSize: string) => NodeOffer | undefined;
  readonly min: number;
  readonly max: number;
  /** Whether nodes are added when pods wait for one. */
  readonly autoscaled: boolean;
  /** Zones that the nodes are spread over; one where nothing is said. */
  readonly zones: number;
  /** Whether the cloud may take its nodes back. */
  readonly spot: boolean;
  /** Addresses of the subnets that each node takes, with its pods'; undefined where it can't be told. */
  readonly addressesPerNode?: number;
  /** More nodes that an upgrade starts. */
  readonly surgeNodes: number;
  /** Nodes that pods' own range of addresses is enough for. */
  readonly overlayNodes?: number;
  readonly subnets: readonly PoolSubnet[];
  /** What the cloud runs once in its cluster, if it is not left out of `node` already. */
  readonly system: Load;
}

export interface PoolSubnet {
  readonly path: string;
  /** Addresses that are to be had. */
  readonly addresses: number;
}

/** The node pools of a stack whose bounds are known. */
export function nodePools(stack: SynthesizedStack): NodePool[] {
  return [
    ...stack.ofType('aws_eks_node_group').flatMap((group) => eksPool(stack, group)),
    ...stack.ofType('azurerm_kubernetes_cluster').flatMap((cluster) => {
      const pool = walk(cluster.block, ['default_node_pool', 0]);
      return pool ? aksPool(stack, cluster, pool as Fields, cluster.path) : [];
    }),
    ...stack.ofType('azurerm_kubernetes_cluster_node_pool').flatMap((pool) => {
      const [cluster] = stack.referredBy(pool.block.kubernetes_cluster_id);
      return cluster ? aksPool(stack, cluster, pool.block, pool.path) : [];
    }),
  ];
}

function eksPool(stack: SynthesizedStack, { block, path }: SynthesizedResource): NodePool[] {
  const known = stack.known(block) as Fields;
  const scaling = walk(known, ['scaling_config', 0]);
  const [min, max] = [walk(scaling, ['min_size']), walk(scaling, ['max_size'])];
  const [nodeSize] = Array.isArray(known.instance_types) ? known.instance_types : [];
  if (typeof min !== 'number' || typeof max !== 'number' || typeof nodeSize !== 'string') return [];
  const prefixes = usesPrefixes(stack);
  const subnets = stack.referredBy(block.subnet_ids).filter(({ type }) => type === 'aws_subnet');
  return [
    {
      cloud: 'aws',
      path,
      nodeSize,
      node: ec2Node(nodeSize, prefixes),
      nodeOf: (size) => ec2Node(size, prefixes),
      min,
      max,
      autoscaled: false,
      zones: zonesOf(stack, subnets) || listLength(known.subnet_ids),
      spot: known.capacity_type === 'SPOT',
      addressesPerNode: podAddresses(nodeSize, prefixes)?.addresses,
      surgeNodes: 1,
      subnets: withAddresses(stack, subnets, ({ cidr_block }) => cidr_block),
      system: EKS_SYSTEM,
    },
  ];
}

/** Whether the VPC CNI of the stack takes prefixes of 16 addresses. */
function usesPrefixes(stack: SynthesizedStack): boolean {
  return stack
    .ofType('aws_eks_addon')
    .some(({ block }) => /ENABLE_PREFIX_DELEGATION\W+true/.test(String(block.configuration_values)));
}

function zonesOf(stack: SynthesizedStack, subnets: readonly SynthesizedResource[]): number {
  return new Set(subnets.map(({ block, address }) => String(stack.known(block.availability_zone) ?? address))).size;
}

/** A size that AKS has when nothing is said. Source: https://learn.microsoft.com/azure/aks/quotas-skus-regions */
const AKS_MAX_PODS = { overlay: 250, flat: 30 };

function aksPool(stack: SynthesizedStack, cluster: SynthesizedResource, block: Fields, path: string): NodePool[] {
  const known = stack.known(block) as Fields;
  const network = stack.known(walk(cluster.block, ['network_profile', 0]) ?? {}) as Fields;
  const overlay = network.network_plugin_mode === 'overlay';
  const { vm_size: nodeSize, auto_scaling_enabled: scaled } = known;
  const min = scaled ? known.min_count : (known.node_count ?? 1);
  const max = scaled ? known.max_count : min;
  if (typeof min !== 'number' || typeof max !== 'number' || typeof nodeSize !== 'string') return [];
  const maxPods = typeof known.max_pods === 'number' ? known.max_pods : AKS_MAX_PODS[overlay ? 'overlay' : 'flat'];
  const subnets = stack.referredBy(block.vnet_subnet_id).filter(({ type }) => type === 'azurerm_subnet');
  return [
    {
      cloud: 'azure',
      path,
      nodeSize,
      node: aksNode(nodeSize, maxPods),
      nodeOf: (size) => aksNode(size, maxPods),
      min,
      max,
      autoscaled: scaled === true,
      zones: listLength(known.zones) || 1,
      spot: known.priority === 'Spot',
      addressesPerNode: overlay ? 1 : 1 + maxPods,
      surgeNodes: surge(walk(known, ['upgrade_settings', 0, 'max_surge']), max),
      ...(overlay && { overlayNodes: overlayNodes(network.pod_cidr) }),
      subnets: withAddresses(stack, subnets, ({ address_prefixes }) => walk(address_prefixes, [0])),
      system: NO_LOAD,
    },
  ];
}

/** `33%` or `2`, of so many nodes; 10 % where nothing is said. */
function surge(setting: unknown, nodes: number): number {
  const [, number, percent] = /^(\d+)(%?)$/.exec(String(setting ?? '10%')) ?? [];
  if (number === undefined) return 0;
  return percent ? Math.ceil((Number(number) / 100) * nodes) : Number(number);
}

function withAddresses(
  stack: SynthesizedStack,
  subnets: readonly SynthesizedResource[],
  cidr: (block: Fields) => unknown,
): PoolSubnet[] {
  return subnets.flatMap(({ path, block }) => {
    const addresses = usableAddresses(cidr(stack.known(block) as Fields));
    return addresses === undefined ? [] : [{ path, addresses }];
  });
}

const listLength = (value: unknown) => (Array.isArray(value) ? value.length : 0);
