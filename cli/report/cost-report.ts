import { inspect } from 'node:util';
import { type Budget, CapacityPlan, type Config } from '../../src';
import { type Bill, billOf } from '../../src/cost/bill';
import { loadWithin } from '../../src/cost/load-within';
import type { SynthesizedGroup } from './gather';
import { recommendations } from './recommendations';
import type { Report, ReportTable } from './report';

const UNIT = 'USD a month';
/** Lines that a table has: the rest comes to little. */
const MOST_LINES = 25;

/** What each environment costs, by stack and by what is billed. */
export function costReport(groups: readonly SynthesizedGroup[], config: Config, budget: Budget): Report {
  const options = { capacity: new CapacityPlan(config.capacity), ...config.cost };
  const bills = groups.map(({ name, stacks }) => ({ name, stacks, bill: billOf(stacks, options) }));
  return {
    name: 'cost',
    title: 'What it costs',
    summary: bills.flatMap(({ name, stacks, bill }) => {
      const load = loadWithin(budget.monthlyUsd, stacks, options);
      const { floor, expected, ceiling } = bill.usd;
      const stops =
        load === undefined
          ? 'which the budget never holds'
          : `which the budget holds up to a mean load of ${load} % of the peak`;
      return [
        `${name}: ${usd(expected)} a month are expected, ${stops}; ${usd(floor)} with the fewest replicas, ${usd(ceiling)} with the most.`,
        ...bill.unpriced.map(({ path, reason }) => `Not in it: ${path}, ${reason}.`),
      ];
    }),
    figures: bills.flatMap(({ name, bill }) => [
      {
        id: `cost.${name}.expected`,
        title: `${name}, expected`,
        value: cents(bill.usd.expected),
        unit: UNIT,
        limit: budget.monthlyUsd,
        better: 'lower' as const,
      },
      ...bill.stacks.map(({ path, usd }) => ({
        id: `cost.${path}.expected`,
        title: `${path}, expected`,
        value: cents(usd.expected),
        unit: UNIT,
        better: 'lower' as const,
      })),
    ]),
    tables: bills.flatMap(({ name, stacks, bill }) => [
      constructTable(name, bill),
      lineTable(name, bill),
      workloadTable(name, bill),
      ...recommendationTable(config, { name, stacks }),
    ]),
    charts: bills.map(({ name, bill }) => {
      const parts = partsOf(bill);
      return {
        title: `${name}, expected, by construct`,
        unit: UNIT,
        categories: parts.map(({ path }) => path),
        series: [{ name: 'expected', values: parts.map(({ usd }) => cents(usd.expected)) }],
      };
    }),
  };
}

/** Constructs right below their stacks. */
const partsOf = (bill: Bill) => bill.constructs.filter(({ path }) => path.split('/').length === 2);

function constructTable(name: string, bill: Bill): ReportTable {
  return {
    title: `${name} by construct`,
    head: ['construct', 'floor', 'expected', 'ceiling'],
    rows: partsOf(bill).map(({ path, usd }) => [path, cents(usd.floor), cents(usd.expected), cents(usd.ceiling)]),
  };
}

function lineTable(name: string, bill: Bill): ReportTable {
  return {
    title:
      bill.lines.length > MOST_LINES
        ? `${name}: the ${MOST_LINES} dearest of ${bill.lines.length} lines`
        : `${name}: every line`,
    head: ['construct', 'what', 'expected', 'price read'],
    rows: bill.lines
      .slice(0, MOST_LINES)
      .map(({ path, what, usd, price }) => [
        path,
        what,
        cents(usd.expected),
        `${price.checked}${price.confirmed ? '' : ', not confirmed'}`,
      ]),
  };
}

function workloadTable(name: string, bill: Bill): ReportTable {
  return {
    title: `${name}: workloads, by their share of the nodes`,
    head: ['stack', 'workload', 'expected'],
    rows: bill.workloads.map(({ stack, workload: name, usd }) => [stack, name, cents(usd.expected)]),
  };
}

function recommendationTable(config: Config, group: SynthesizedGroup): ReportTable[] {
  const rows = recommendations(config, group).map(({ path, value, expected, ceiling, givesUp }) => [
    value === undefined
      ? `without ${path.join('.')}`
      : `${path.join('.')}: ${inspect(value, { breakLength: Infinity })}`,
    cents(expected),
    cents(ceiling),
    givesUp,
  ]);
  if (rows.length === 0) return [];
  return [
    {
      title: `${group.name}: what would cost less, each change by itself`,
      head: [`in environments.${group.name}`, 'USD a month less', 'at the ceiling', 'gives up'],
      rows,
    },
  ];
}

const cents = (value: number) => Math.round(value * 100) / 100;
const usd = (value: number) => `$${value.toLocaleString('en', { maximumFractionDigits: 0 })}`;
