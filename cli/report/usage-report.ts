import type { ContainerSizes, ReplicaSize } from '../../src';
import { type Advice, lessOf, patchText } from '../usage/advice';
import type { ClusterUsage } from '../usage/measure';
import type { Figure, Report, ReportChart, ReportTable } from './report';

/** Containers that a chart has: the rest requests little. */
const MOST_BARS = 15;

export interface UsageReportProps {
  /** Of the environment, or `local`. */
  readonly name: string;
  readonly days: number;
  readonly advice: readonly Advice[];
  readonly node: ClusterUsage['node'];
  /** What a node costs a month, in USD. @default - not known, so nothing is said of dollars */
  readonly nodeUsd?: number;
  /** What the config is to have; undefined where that is what it has. */
  readonly sizes?: ContainerSizes;
  /** What the bill says of the sizes, as a sentence. @default - nothing */
  readonly billed?: string;
  /** More that is to be known, a sentence each. */
  readonly remarks: readonly string[];
}

/** What containers of a cluster request, use and should request. */
export function usageReport(props: UsageReportProps): Report {
  const { name, days, advice, sizes, billed, remarks } = props;
  const [cpu, memory] = [totals(advice, 'cpuMillis'), totals(advice, 'memoryMib')];
  const usd = savedUsd(props);
  const saved = usd.reduce<number>((all, one) => all + (one ?? 0), 0);
  const known = usd.some((one) => one !== undefined);
  return {
    name: 'usage',
    title: 'What it requests and uses',
    summary: [
      `${name}, ${days} ${days === 1 ? 'day' : 'days'}: ${advice.length} ${advice.length === 1 ? 'container requests' : 'containers request'} ${millis(cpu.requested)} CPU and ${mib(memory.requested)}; used were ${millis(cpu.used)} at the 99th percentile and ${mib(memory.used)} at most.`,
      `The sizes advised come to ${millis(cpu.advised)} and ${mib(memory.advised)}${known ? `: ${Math.abs(saved).toFixed(2)} USD a month ${saved < 0 ? 'more' : 'less'}, by their share of the nodes' price` : ''}.`,
      ...(known ? ['That is saved only when a node goes.'] : []),
      ...(billed ? [billed] : []),
      ...remarks,
    ],
    figures: [
      ...figures(name, 'cpu', 'CPU', 'millicores', cpu),
      ...figures(name, 'memory', 'Memory', 'MiB', memory),
      ...(known
        ? [{ id: `usage.${name}.saving`, title: 'Share of the nodes saved', value: cents(saved), unit: 'USD a month' }]
        : []),
    ],
    tables: [cpuTable(advice), memoryTable(advice), savingTable(advice, usd), noteTable(advice)].filter(
      ({ rows }) => rows.length > 0,
    ),
    charts: [chart(advice, 'cpuMillis'), chart(advice, 'memoryMib')],
    ...(sizes && { patch: { title: 'For the config', text: patchText(name, sizes) } }),
  };
}

interface Totals {
  readonly requested: number;
  readonly used: number;
  readonly advised: number;
}

function totals(advice: readonly Advice[], what: keyof ReplicaSize): Totals {
  const total = (of: (one: Advice) => number) => advice.reduce((all, one) => all + of(one) * one.usage.pods, 0);
  return {
    requested: total(({ usage }) => usage.requested[what] ?? 0),
    used: total(({ usage }) => usedOf(usage, what)),
    advised: total(({ recommended }) => recommended[what] ?? 0),
  };
}

const usedOf = (usage: Advice['usage'], what: keyof ReplicaSize) =>
  Math.round((what === 'cpuMillis' ? usage.cpuMillis?.p99 : usage.memoryMib?.max) ?? 0);

function figures(name: string, id: string, title: string, unit: string, totals: Totals): Figure[] {
  return (['requested', 'used', 'advised'] as const).map((what) => ({
    id: `usage.${name}.${id}.${what}`,
    title: `${title} ${what}`,
    value: totals[what],
    unit,
    ...(what === 'requested' && { better: 'lower' as const }),
  }));
}

/** Of each: half of a node's price for its CPU, half for its memory, as workloads are charged in the bill. */
function savedUsd({ advice, node, nodeUsd }: UsageReportProps): (number | undefined)[] {
  return advice.map((one) => {
    if (!node || nodeUsd === undefined) return undefined;
    const share = (lessOf(one, 'cpuMillis') / node.cpuMillis + lessOf(one, 'memoryMib') / node.memoryMib) / 2;
    return share * nodeUsd * one.usage.pods;
  });
}

function cpuTable(advice: readonly Advice[]): ReportTable {
  return {
    title: 'CPU of a pod, in millicores',
    head: ['container', 'request', 'p50', 'p90', 'p99', 'advised'],
    rows: advice.map(({ usage, recommended }) => [
      called(usage),
      shown(usage.requested.cpuMillis),
      ...(['p50', 'p90', 'p99'] as const).map((quantile) => shown(usage.cpuMillis?.[quantile])),
      shown(recommended.cpuMillis),
    ]),
  };
}

function memoryTable(advice: readonly Advice[]): ReportTable {
  return {
    title: 'Memory of a pod, in MiB',
    head: ['container', 'request', 'p50', 'max', 'advised'],
    rows: advice.map(({ usage, recommended }) => [
      called(usage),
      shown(usage.requested.memoryMib),
      shown(usage.memoryMib?.p50),
      shown(usage.memoryMib?.max),
      shown(recommended.memoryMib),
    ]),
  };
}

function savingTable(advice: readonly Advice[], usd: readonly (number | undefined)[]): ReportTable {
  const rows = advice.flatMap((one, index) => {
    if (!changes(one)) return [];
    const { pods } = one.usage;
    const saved = usd[index];
    const less = (what: keyof ReplicaSize) => lessOf(one, what) * pods;
    return [[called(one.usage), pods, less('cpuMillis'), less('memoryMib'), saved === undefined ? '–' : cents(saved)]];
  });
  return { title: 'What changes, in a month', head: ['container', 'pods', 'm less', 'MiB less', 'USD less'], rows };
}

function noteTable(advice: readonly Advice[]): ReportTable {
  return {
    title: 'What else is known',
    head: ['container', 'note'],
    rows: advice.flatMap((one) => [
      ...one.recommended.notes.map((note) => [called(one.usage), note]),
      ...(one.setting || !changes(one)
        ? []
        : [[called(one.usage), 'no setting of the config; its own chart sizes it']]),
    ]),
  };
}

const changes = (one: Advice) => lessOf(one, 'cpuMillis') !== 0 || lessOf(one, 'memoryMib') !== 0;

/** A bar is what is requested; what of it is used is told apart. */
function chart(advice: readonly Advice[], what: keyof ReplicaSize): ReportChart {
  const isCpu = what === 'cpuMillis';
  const total = ({ usage }: Advice) => (usage.requested[what] ?? 0) * usage.pods;
  const bars = [...advice].sort((a, b) => total(b) - total(a)).slice(0, MOST_BARS);
  const used = bars.map(({ usage }) => usedOf(usage, what) * usage.pods);
  return {
    title: isCpu ? 'CPU of all pods' : 'Memory of all pods',
    unit: isCpu ? 'millicores' : 'MiB',
    categories: bars.map(({ usage }) => called(usage)),
    series: [
      { name: isCpu ? 'used, 99th percentile' : 'used, at most', values: used },
      { name: 'requested beyond it', values: bars.map((one, index) => Math.max(0, total(one) - (used[index] ?? 0))) },
    ],
  };
}

/** In words, so that a narrow column can wrap it. */
const called = ({ namespace, workload, container }: Advice['usage']) =>
  `${namespace} ${workload.replace('/', ' ')}: ${container}`;
const shown = (value: number | undefined) => (value === undefined ? '–' : Math.round(value));
const cents = (value: number) => Math.round(value * 100) / 100;
const millis = (value: number) => `${value.toLocaleString('en')}m`;
const mib = (value: number) => `${value.toLocaleString('en')} MiB`;
