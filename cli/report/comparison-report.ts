import { CapacityPlan, type Config } from '../../src';
import { BENCHMARK } from '../../src/comparison/benchmark';
import { compareNodes, type NodeComparison, type NodeOption, usdPerMonth } from '../../src/comparison/node-comparison';
import type { LatencyBudget } from '../../src/declarations/latency-budget';
import type { SynthesizedGroup } from './gather';
import type { Figure, Report, ReportTable } from './report';

/** The same load on nodes of other sizes and of the other cloud. What is modelled and what is measured is told apart. */
export function comparisonReport(groups: readonly SynthesizedGroup[], config: Config, latency: LatencyBudget): Report {
  const capacity = new CapacityPlan(config.capacity);
  const { usage, prices } = config.cost;
  const props = { capacity, meanLoadPercent: usage.meanLoadPercent, prices };
  const clusters = groups.flatMap(({ stacks }) => stacks.flatMap((stack) => compareNodes(stack, props) ?? []));
  return {
    name: 'comparison',
    title: 'What other nodes would cost',
    summary: clusters.length === 0 ? [] : summaryOf(clusters, capacity, latency),
    figures: clusters.flatMap(figuresOf),
    tables: [...clusters.flatMap((cluster) => [priceTable(cluster), useTable(cluster)]), measuredTable()],
    charts: clusters.map(({ stack, options }) => ({
      title: `${stack}: nodes that bear the mean rate (modelled)`,
      unit: 'USD a million requests',
      categories: options.map(sizeOf),
      series: [{ name: 'USD a million requests', values: options.map(({ mean }) => rounded(mean.usdPerMillion)) }],
    })),
  };
}

function summaryOf(clusters: readonly NodeComparison[], capacity: CapacityPlan, latency: LatencyBudget): string[] {
  const [{ peak, mean } = NOTHING] = clusters.flatMap(({ options }) => options);
  const perCore = capacity.requestsPerSecondPerCore.toLocaleString('en');
  const { dns, edge, gateway, cache } = latency.parts;
  return [
    `Each cluster bears the whole plan alone: ${rate(peak)} requests a second at the peak, ${rate(mean)} on average. A replica is planned with ${capacity.requestsPerSecondPerReplica}, a core of any kind counts as ${perCore}. Prices are those of the nodes only, in us-east-1 and East US; * marks what a cluster has, ? a price that no source confirms.`,
    ...clusters.map(cheapest),
    `p99 is modelled: waiting and answering in one replica as an M/M/1 queue with the CPU that it asks for. It is the same in rows with as many replicas, as the model knows no faster processor, and it leaves out garbage collection, the network, and what is budgeted on the way: DNS ${dns} ms, edge ${edge}, gateway ${gateway}, cache ${cache}.`,
    "CO2e is modelled with published means: of vCPUs' watts at half of their use, of all the cloud's buildings, and of the region's grid in 2023.",
    ...clusters.flatMap(({ stack, leftOut }) =>
      leftOut.map(({ nodeSize, reason }) => `Not in it: ${nodeSize} for ${stack}, ${reason}.`),
    ),
  ];
}

const NOTHING = { peak: undefined, mean: undefined };
const rate = (borne?: { readonly requestsPerSecond: number }) => borne?.requestsPerSecond.toLocaleString('en') ?? '0';

function cheapest({ stack, options }: NodeComparison): string {
  const used = options.find((option) => option.used);
  const [least] = [...options].sort((a, b) => a.peak.usdPerHour - b.peak.usdPerHour);
  const has = used ? `${stack} has ${nodesOf(used)}` : `${stack} has nodes that can't be compared`;
  if (!least || least === used) return `${has}; none of the others costs less at the peak.`;
  return `${has}; ${nodesOf(least)} would cost least at the peak.`;
}

const nodesOf = ({ nodeSize, peak }: NodeOption) =>
  `${peak.nodes} ${nodeSize} for $${usdPerMonth(peak).toFixed(2)} a month`;

function figuresOf({ stack, options }: NodeComparison): Figure[] {
  return options
    .filter(({ used }) => used)
    .flatMap(({ mean, peak }) => [
      {
        id: `comparison.${stack}.million`,
        title: `${stack}: nodes for a million requests, on average`,
        value: rounded(mean.usdPerMillion),
        unit: 'USD',
        better: 'lower' as const,
      },
      {
        id: `comparison.${stack}.p99`,
        title: `${stack}: p99 of a replica at the peak, modelled`,
        value: rounded(peak.queueP99Ms),
        unit: 'ms',
        better: 'lower' as const,
      },
    ])
    .filter(({ value }) => Number.isFinite(value));
}

function priceTable({ stack, options }: NodeComparison): ReportTable {
  return {
    title: `${stack}, modelled: nodes that the peak needs`,
    head: ['node', 'vCPU', 'GiB', 'nodes', 'USD/hour', 'USD/month', 'p99 ms'],
    rows: options.map((option) => [
      sizeOf(option),
      option.vcpus,
      option.memoryGib,
      option.peak.nodes,
      rounded(option.peak.usdPerHour),
      cents(usdPerMonth(option.peak)),
      rounded(option.peak.queueP99Ms),
    ]),
  };
}

function useTable({ stack, region, options }: NodeComparison): ReportTable {
  return {
    title: `${stack}, modelled: USD a million requests, kg CO2e a month (${region || '?'})`,
    head: ['node', 'on average', 'at the peak', 'nodes filled', 'kg CO2e'],
    rows: options.map((option) => [
      sizeOf(option),
      rounded(option.mean.usdPerMillion),
      rounded(option.peak.usdPerMillion),
      rounded(option.usdPerMillionFilled),
      option.carbonKgPerMonth === undefined ? '–' : rounded(option.carbonKgPerMonth),
    ]),
  };
}

function measuredTable(): ReportTable {
  return {
    title: `Measured ${BENCHMARK.at.slice(0, 10)} on one core of ${BENCHMARK.machine}, not in a cloud`,
    head: ['histories', 'requests/s', 'p50 ms', 'p99 ms'],
    rows: BENCHMARK.rates.map(({ histories, requestsPerSecond, p50Ms, p99Ms }) => [
      histories,
      requestsPerSecond,
      p50Ms ?? '–',
      p99Ms,
    ]),
  };
}

const sizeOf = ({ nodeSize, used, priceConfirmed }: NodeOption) =>
  `${nodeSize.replace(/^Standard_/, '')}${used ? ' *' : ''}${priceConfirmed ? '' : ' ?'}`;

/** To three decimals: a million requests on full nodes costs cents. */
const rounded = (value: number) => Math.round(value * 1000) / 1000;
const cents = (value: number) => Math.round(value * 100) / 100;
