import { CapacityPlan, type Config, ConfigError, type ContainerSizes } from '../../src';
import { type Bill, billOf } from '../../src/cost/bill';
import { nodeUsd } from '../../src/cost/node-price';
import type { SynthesizedStack } from '../../src/synthesized/synthesized-stack';
import { UsageError } from '../failure';
import { PROMETHEUS_TOKEN } from '../options';
import { gatherGroups, type SynthesizedGroup } from '../report/gather';
import type { Report } from '../report/report';
import { usageReport } from '../report/usage-report';
import { adviceOn, advisedSizes, sizesOf, withSizes } from './advice';
import { type ClusterUsage, measure } from './measure';
import { Prometheus } from './prometheus';

export interface UsageOptions {
  /** Address of the cluster's Prometheus. */
  readonly prometheus: string;
  readonly days: number;
}

/**
 * What containers of one cluster request and use, and the sizes that its config should have.
 *
 * @param groups of the config, of which there must be one
 * @throws UsageError where there are several, PrometheusError where the cluster's doesn't answer
 */
export async function usageOfCluster(
  groups: readonly SynthesizedGroup[],
  config: Config,
  { prometheus: url, days }: UsageOptions,
): Promise<Report> {
  const [group, another] = groups;
  if (!group || another) {
    throw new UsageError(
      `a Prometheus is of one cluster; name its environment by --environment: ${groups.map(({ name }) => name).join(', ')}.`,
    );
  }
  const prometheus = new Prometheus(url, process.env[PROMETHEUS_TOKEN]);
  const { containers, node } = await measure(prometheus, { days, now: Date.now() / 1000 });
  const capacity = new CapacityPlan(config.capacity);
  const advice = adviceOn(containers, capacity);
  const sizes = advisedSizes(advice, sizesOf(config, group.name));
  const stack = stackOf(group, node);
  const bill = billOf(group.stacks, { capacity, ...config.cost });
  return usageReport({
    name: group.name,
    days,
    advice,
    node,
    nodeUsd: stack && nodeUsd(stack, bill),
    sizes,
    billed: sizes && billedWith(sizes, { group, config, bill }),
    remarks: remarksOn(group, stack),
  });
}

/** The stack whose cluster it is, by where its nodes are from. */
function stackOf({ stacks }: SynthesizedGroup, node: ClusterUsage['node']): SynthesizedStack | undefined {
  if (stacks.length === 1) return stacks[0];
  return node && stacks.find(({ name }) => name.startsWith(`${node.cloud}-`));
}

function remarksOn({ stacks }: SynthesizedGroup, stack: SynthesizedStack | undefined): string[] {
  if (stacks.length < 2) return [];
  const names = stacks.map(({ name }) => name).join(' and ');
  return [
    ...(stack ? [] : [`Nothing tells whether the nodes are of ${names}, so nothing is said of dollars.`]),
    `The sizes are those of ${names}: ask the Prometheus of each, and keep the larger of two.`,
  ];
}

/** What the stacks cost when they have the sizes, counted from what they then synthesize to. */
function billedWith(
  sizes: ContainerSizes,
  { group: { name, stacks }, config, bill }: { group: SynthesizedGroup; config: Config; bill: Bill },
): string | undefined {
  if (bill.usd.expected === 0) return undefined;
  const changed = withSizes(config, name, sizes);
  try {
    const [after] = gatherGroups(changed, [name]);
    if (!after) return undefined;
    const { usd } = billOf(after.stacks, { capacity: new CapacityPlan(config.capacity), ...config.cost });
    const costs = `${stacks.map((stack) => stack.name).join(' and ')} are expected to cost ${usd.expected.toFixed(2)} USD a month`;
    const difference = usd.expected - bill.usd.expected;
    if (Math.abs(difference) < 0.005) return `With the sizes ${costs}, as without them: no node goes.`;
    return `With the sizes ${costs}, ${Math.abs(difference).toFixed(2)} ${difference < 0 ? 'less' : 'more'} than without them.`;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return `With the sizes the config is refused: ${error.message}`;
  }
}
