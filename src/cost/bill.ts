import { CapacityPlan } from '../declarations/capacity-plan';
import type { SynthesizedResource, SynthesizedStack } from '../synthesized/synthesized-stack';
import type { Charge, EstimateContext } from './estimator';
import { ESTIMATORS } from './estimators';
import { freeReason } from './free-types';
import { LIST_PRICES, LISTED } from './list-prices';
import { isStale, type OwnPrices, type Price, PriceList } from './price-list';
import { NOTHING, type Range, sum, times } from './range';
import { type Assumption, type UsageAssumptions, usageOf } from './usage';
import { type WorkloadRequest, workloadRequests } from './workloads';

/** One thing that a resource is billed for in a month, in USD. */
export interface CostLine {
  readonly stack: string;
  /** Path of the resource's construct: `aws-prod/Network/Nat1/Resource`. */
  readonly path: string;
  readonly address: string;
  readonly type: string;
  /** Who makes it, where it isn't Terraform. */
  readonly madeBy?: string;
  /** What is billed: `NAT gateway`. */
  readonly what: string;
  readonly usd: Range;
  /** Share of all that is expected, 0 to 1. */
  readonly share: number;
  /** A month's amount, in what the price is per. */
  readonly quantity: Range;
  readonly price: Price;
  /** The price that is a share of it: spot. */
  readonly shareOfPrice?: Price;
  /** Whether it is what pods run on. */
  readonly node: boolean;
  readonly note?: string;
}

/** What a construct and all below it costs. */
export interface ConstructCost {
  readonly path: string;
  readonly usd: Range;
  /** Share of all that is expected, 0 to 1. */
  readonly share: number;
}

/** What a workload costs, by what its pods ask of the nodes that hold them. */
export interface WorkloadCost extends WorkloadRequest {
  readonly stack: string;
  readonly usd: Range;
  /** Share of its stack's nodes, 0 to 1. */
  readonly share: number;
}

/** A resource type that has no price, or one of its resources for which there is none. */
export interface Unpriced {
  readonly type: string;
  readonly path: string;
  readonly reason: string;
}

/** What stacks cost in a month, in USD. It is data, and can be written as JSON. */
export interface Bill {
  readonly usd: Range;
  readonly stacks: readonly ConstructCost[];
  /** Every construct that costs something, the dearest first. */
  readonly constructs: readonly ConstructCost[];
  /** The dearest first. */
  readonly lines: readonly CostLine[];
  readonly workloads: readonly WorkloadCost[];
  readonly unpriced: readonly Unpriced[];
  /** Prices that were counted with and haven't been checked for long. */
  readonly stale: readonly Price[];
  /** Stacks of another region than the prices are of. */
  readonly otherRegions: readonly { readonly stack: string; readonly region: string }[];
  /** What was assumed of the month. */
  readonly usage: Readonly<Record<Assumption, number>>;
  /** Requests of a stack in the month, in millions. */
  readonly requestsMillions: Range;
}

export interface BillOptions {
  /**
   * How much traffic the stacks are for, together.
   * @default new CapacityPlan()
   */
  readonly capacity?: CapacityPlan;
  /**
   * What is known of a month's use.
   * @default ASSUMPTIONS
   */
  readonly usage?: UsageAssumptions;
  /**
   * Prices of one's own in USD, by their ids, which win over the list's: `{ 'aws/ec2/m7g.large': 0.06 }`.
   * @default {}
   */
  readonly prices?: OwnPrices;
  /**
   * The day by which prices are old.
   * @default - now
   */
  readonly today?: Date;
}

/** Counts what stacks cost. Stacks that are counted together share the plan's requests. */
export function billOf(stacks: readonly SynthesizedStack[], options: BillOptions = {}): Bill {
  const { capacity = new CapacityPlan(), usage: assumptions, prices: own, today = new Date() } = options;
  const prices = own ? new PriceList(LIST_PRICES, own) : LISTED;
  const usage = usageOf(capacity, Math.max(1, stacks.length), assumptions);
  const counted = stacks.map((stack) => count({ stack, usage, prices }));
  const unshared = counted.flatMap(({ lines }) => lines).sort((a, b) => b.usd.expected - a.usd.expected);
  const usd = sum(unshared.map((line) => line.usd));
  const lines = unshared.map((line) => ({ ...line, share: usd.expected > 0 ? line.usd.expected / usd.expected : 0 }));
  const used = new Map(
    lines.flatMap(({ price, shareOfPrice }) => [price, shareOfPrice ?? price]).map((one) => [one.id, one]),
  );
  const { requestsMillions, egressGb: _, eventsMillions: __, load: ___, ...assumed } = usage;
  return {
    usd,
    stacks: costsBy(lines, ({ stack }) => [stack]),
    constructs: constructCosts(lines),
    lines,
    workloads: stacks.flatMap((stack) => workloadCosts(stack, lines)),
    unpriced: counted.flatMap(({ unpriced }) => unpriced),
    stale: [...used.values()].filter((price) => isStale(price, today)),
    otherRegions: stacks.flatMap((stack) => otherRegion(stack, lines)),
    usage: assumed,
    requestsMillions,
  };
}

interface Counted {
  readonly lines: readonly Omit<CostLine, 'share'>[];
  readonly unpriced: readonly Unpriced[];
}

function count(context: EstimateContext): Counted {
  const results = context.stack.resources.map((resource) => countResource(resource, context));
  return {
    lines: results.flatMap(({ lines }) => lines),
    unpriced: results.flatMap(({ unpriced }) => unpriced),
  };
}

function countResource(resource: SynthesizedResource, context: EstimateContext): Counted {
  const { type, path } = resource;
  const estimator = Object.hasOwn(ESTIMATORS, type) ? ESTIMATORS[type] : undefined;
  if (!estimator) {
    const unpriced =
      freeReason(type) === undefined ? [{ type, path, reason: 'nothing is known of what it costs' }] : [];
    return { lines: [], unpriced };
  }
  const block = context.stack.known(resource.block) as typeof resource.block;
  const lines: Omit<CostLine, 'share'>[] = [];
  const unpriced: Unpriced[] = [];
  for (const charge of estimator(block, context, resource)) {
    const line = lineOf(charge, resource, context);
    if (line) lines.push(line);
    else unpriced.push({ type, path, reason: `the list has no price ${charge.price}` });
  }
  return { lines, unpriced };
}

function lineOf(charge: Charge, resource: SynthesizedResource, { stack, prices }: EstimateContext) {
  const price = prices.find(charge.price);
  const shareOfPrice = charge.share === undefined ? undefined : prices.find(charge.share);
  if (!price || (charge.share !== undefined && !shareOfPrice)) return undefined;
  const { path, address, type, madeBy } = resource;
  return {
    stack: stack.name,
    path,
    address,
    type,
    ...(madeBy && { madeBy }),
    what: price.what,
    usd: times(charge.quantity, price.usd * (shareOfPrice?.usd ?? 1)),
    quantity: charge.quantity,
    price,
    ...(shareOfPrice && { shareOfPrice }),
    node: charge.node ?? false,
    ...(charge.note && { note: charge.note }),
  };
}

/** What each construct costs with all below it. */
function constructCosts(lines: readonly CostLine[]): ConstructCost[] {
  return costsBy(lines, ({ path }) => {
    const ids = path.split('/');
    return ids.map((_, index) => ids.slice(0, index + 1).join('/'));
  });
}

/** What lines cost by paths that each belongs to, the dearest first. */
function costsBy(lines: readonly CostLine[], pathsOf: (line: CostLine) => readonly string[]): ConstructCost[] {
  const costs = new Map<string, Range>();
  for (const line of lines) {
    for (const path of pathsOf(line)) costs.set(path, sum([costs.get(path) ?? NOTHING, line.usd]));
  }
  const all = sum(lines.map(({ usd }) => usd)).expected;
  return [...costs]
    .map(([path, usd]) => ({ path, usd, share: all > 0 ? usd.expected / all : 0 }))
    .sort((a, b) => b.usd.expected - a.usd.expected);
}

/** Divides what a stack's nodes cost among its workloads: half by the CPU they ask for, half by the memory. */
function workloadCosts(stack: SynthesizedStack, lines: readonly CostLine[]): WorkloadCost[] {
  const nodes = sum(lines.filter((line) => line.node && line.stack === stack.name).map(({ usd }) => usd));
  if (nodes.ceiling === 0) return [];
  const requests = workloadRequests(stack);
  const all = (of: 'cpuMillis' | 'memoryMib') => requests.reduce((total, one) => total + one[of], 0) || 1;
  return requests
    .map((one) => {
      const share = (one.cpuMillis / all('cpuMillis') + one.memoryMib / all('memoryMib')) / 2;
      return { ...one, stack: stack.name, share, usd: times(nodes, share) };
    })
    .sort((a, b) => b.share - a.share);
}

/** The region of a stack, if the prices that it is counted with are another's. */
function otherRegion({ name, json }: SynthesizedStack, lines: readonly CostLine[]) {
  const [settings] = [json.provider?.aws].flat() as ({ region?: unknown } | undefined)[];
  const region = settings?.region;
  const counted = lines.some(({ stack, price }) => stack === name && price.id.startsWith('aws/'));
  const isOther = typeof region === 'string' && !region.includes('${') && region !== 'us-east-1';
  return counted && isOther ? [{ stack: name, region }] : [];
}

/** The dearest constructs, by the first step below their stack. */
export function dearest({ lines }: Bill, most: number): readonly ConstructCost[] {
  return costsBy(lines, ({ path, stack }) => {
    const ids = path.split('/');
    return [ids.slice(0, ids.indexOf(stack) + 2).join('/')];
  }).slice(0, most);
}
