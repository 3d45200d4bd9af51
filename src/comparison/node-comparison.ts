import type { CloudName } from '../address-plan';
import { aksSize } from '../capacity/aks-nodes';
import { capacityReport } from '../capacity/capacity-report';
import { EC2_INSTANCE_SIZES } from '../capacity/ec2-nodes';
import { type NodePool, nodePools } from '../capacity/node-pools';
import { type Load, type NodeOffer, nodesLeft, replicasHeld, replicasOn, without } from '../capacity/placement';
import { LIST_PRICES } from '../cost/list-prices';
import { ec2Price, vmPrice } from '../cost/machine-prices';
import { HOURS_A_MONTH, type OwnPrices, PriceList } from '../cost/price-list';
import { ASSUMPTIONS } from '../cost/usage';
import type { CapacityPlan, ReplicaSize } from '../declarations/capacity-plan';
import { walk } from '../synthesized/stack-json';
import type { SynthesizedStack } from '../synthesized/synthesized-stack';
import { carbonKgPerMonth } from './carbon';
import { mm1Percentile } from './queueing';

/** Sizes that a cluster is compared with, beside its own. */
export const CANDIDATES: Readonly<Record<CloudName, readonly string[]>> = {
  aws: [
    't4g.medium',
    't4g.large',
    'm7g.large',
    'm7g.xlarge',
    'c7g.large',
    'c7g.xlarge',
    'm8g.large',
    'c8g.large',
    'm7i.large',
  ],
  azure: [
    'Standard_B2pls_v2',
    'Standard_B2ps_v2',
    'Standard_D2ps_v6',
    'Standard_D4ps_v6',
    'Standard_D2pls_v6',
    'Standard_D4pls_v6',
    'Standard_D2s_v5',
  ],
};

/** Nodes that bear a rate, alone in their cloud. */
export interface BorneRate {
  readonly requestsPerSecond: number;
  readonly replicas: number;
  readonly nodes: number;
  /** Of the nodes. */
  readonly usdPerHour: number;
  readonly usdPerMillion: number;
  /** Waiting and answering in a replica, by {@link mm1Percentile}. */
  readonly queueP99Ms: number;
}

/** A cluster with nodes of one size. Everything is modelled. */
export interface NodeOption {
  readonly cloud: CloudName;
  readonly nodeSize: string;
  /** Whether the stack has this size. */
  readonly used: boolean;
  readonly vcpus: number;
  readonly memoryGib: number;
  readonly replicasPerNode: number;
  /** Of one node, at its list price or the user's own. */
  readonly usdPerHour: number;
  /** Whether a source gives that price. */
  readonly priceConfirmed: boolean;
  readonly peak: BorneRate;
  readonly mean: BorneRate;
  /** With as many replicas on a node as fit, each as busy as it is planned to be. */
  readonly usdPerMillionFilled: number;
  /** Of the nodes that bear the mean rate; undefined where no figure is published. */
  readonly carbonKgPerMonth?: number;
}

export interface NodeComparison {
  readonly stack: string;
  readonly cloud: CloudName;
  readonly region: string;
  readonly options: readonly NodeOption[];
  readonly leftOut: readonly { readonly nodeSize: string; readonly reason: string }[];
}

export interface NodeComparisonProps {
  readonly capacity: CapacityPlan;
  /**
   * Mean rate of a month, in percent of the plan's peak.
   * @default 5 - as the bill assumes
   */
  readonly meanLoadPercent?: number;
  /**
   * Prices of the user's, by their ids in docs/prices.md.
   * @default - list prices alone
   */
  readonly prices?: OwnPrices;
}

/**
 * What nodes of other sizes would cost that bear the whole plan, with what else runs in the stack's cluster.
 *
 * @returns undefined for a stack without a node pool, or without the model server
 */
export function compareNodes(stack: SynthesizedStack, props: NodeComparisonProps): NodeComparison | undefined {
  const pools = nodePools(stack);
  const pool = pools.find(({ spot }) => !spot) ?? pools[0];
  const report = capacityReport(stack, props.capacity);
  if (!pool || !report) return undefined;
  const { cloud } = pool;
  const cluster = { pool, region: regionOf(stack, cloud), replica: report.service.replica, ...report };
  const sizes = [...new Set([pool.nodeSize, ...CANDIDATES[cloud]])];
  const found = sizes.map((nodeSize) => ({ nodeSize, option: optionOf(nodeSize, cluster, props) }));
  return {
    stack: stack.name,
    cloud,
    region: cluster.region,
    options: found.flatMap(({ option }) => (typeof option === 'string' ? [] : option)),
    leftOut: found.flatMap(({ nodeSize, option }) => (typeof option === 'string' ? { nodeSize, reason: option } : [])),
  };
}

interface Cluster {
  readonly pool: NodePool;
  readonly region: string;
  readonly replica: ReplicaSize;
  readonly once: Load;
  readonly eachNode: Load;
}

/** @returns why not, when it can't be compared */
function optionOf(
  nodeSize: string,
  cluster: Cluster,
  { capacity, meanLoadPercent = ASSUMPTIONS.meanLoadPercent[0], prices: own }: NodeComparisonProps,
): NodeOption | string {
  const { pool, region, replica, eachNode } = cluster;
  const { cloud } = pool;
  const size = cloud === 'aws' ? EC2_INSTANCE_SIZES[nodeSize] : aksSize(nodeSize);
  const offer = pool.nodeOf(nodeSize);
  if (!size || !offer) return 'what it holds is not known';
  const node = without(offer, eachNode);
  const replicasPerNode = replicasOn(node, replica);
  if (replicasPerNode === 0) return 'no replica fits it';
  const prices = new PriceList(LIST_PRICES, own);
  const { price: id, factor } = cloud === 'aws' ? ec2Price(nodeSize, prices) : vmPrice(nodeSize, prices);
  const price = prices.find(id);
  if (!price) return `the list has no price ${id}`;
  const usdPerHour = price.usd * factor;
  const borne = (rate: number) => bear(rate, { ...cluster, node, usdPerHour, capacity });
  const { vcpus, memoryGib } = size;
  const mean = borne((capacity.peakRequestsPerSecond * meanLoadPercent) / 100);
  const filledRate = replicasPerNode * capacity.requestsPerSecondPerReplica;
  return {
    cloud,
    nodeSize,
    used: nodeSize === pool.nodeSize,
    vcpus,
    memoryGib,
    replicasPerNode,
    usdPerHour,
    priceConfirmed: price.confirmed,
    peak: borne(capacity.peakRequestsPerSecond),
    mean,
    usdPerMillionFilled: usdPerMillion(usdPerHour, filledRate),
    carbonKgPerMonth: carbonKgPerMonth({ cloud, nodeSize, vcpus, nodes: mean.nodes, region }),
  };
}

interface PricedNodes extends Cluster {
  readonly node: NodeOffer;
  readonly usdPerHour: number;
  readonly capacity: CapacityPlan;
}

function bear(requestsPerSecond: number, { pool, replica, once, node, usdPerHour, capacity }: PricedNodes): BorneRate {
  const planned = Math.ceil(requestsPerSecond / capacity.requestsPerSecondPerReplica);
  const replicas = Math.max(capacity.minReplicas, planned);
  const least = Math.ceil(requestsPerSecond / capacity.requestsPerSecondOf(replica));
  // Where all are in one zone, nothing is left of them without it, however many there are.
  const bears = (nodes: number) =>
    replicasHeld([{ nodes, node }], replica, once) >= replicas &&
    (pool.zones < 2 || replicasHeld([{ nodes: nodesLeft(nodes, pool.zones), node }], replica) >= least);
  // One in each zone, or as many as the pool begins with where these are fewer.
  let nodes = Math.max(1, Math.min(pool.min, pool.zones));
  while (!bears(nodes)) nodes++;
  const usd = usdPerHour * nodes;
  const service = (capacity.requestsPerSecondPerCore * replica.cpuMillis) / 1000;
  return {
    requestsPerSecond,
    replicas,
    nodes,
    usdPerHour: usd,
    usdPerMillion: usdPerMillion(usd, requestsPerSecond),
    queueP99Ms: mm1Percentile({ arrivals: requestsPerSecond / replicas, service }, 99),
  };
}

const usdPerMillion = (usdPerHour: number, requestsPerSecond: number) =>
  usdPerHour / ((requestsPerSecond * 3600) / 1e6);

/** What an hour costs, for a month. */
export const usdPerMonth = ({ usdPerHour }: Pick<BorneRate, 'usdPerHour'>): number => usdPerHour * HOURS_A_MONTH;

/** As its cloud writes it: `us-east-1`, `eastus`. Empty where it isn't known before a deploy. */
function regionOf(stack: SynthesizedStack, cloud: CloudName): string {
  const region =
    cloud === 'aws'
      ? walk([stack.json.provider?.aws].flat(), [0, 'region'])
      : stack.known(stack.ofType('azurerm_kubernetes_cluster')[0]?.block.location);
  return typeof region === 'string' && !region.includes('${') ? region.toLowerCase().replaceAll(' ', '') : '';
}
