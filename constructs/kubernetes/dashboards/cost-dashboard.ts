import * as units from '@grafana/grafana-foundation-sdk/units';
import { SERVER_METRICS } from '../../../src';
import { KUBE_STATE_METRICS, OPENCOST_METRICS } from './cluster-metrics';
import { type Dashboard, dashboard } from './dashboard';
import { figure, graph } from './panels';

/** As clouds' price lists reckon. */
const HOURS_A_MONTH = 730;
const GIB = 2 ** 30;
const cost = OPENCOST_METRICS;

/** What there is none of costs nothing. */
const orNothing = (expr: string) => `(${expr} or vector(0))`;
const volumes = orNothing(
  `sum(${cost.volume} * on (persistentvolume) group_left () ${KUBE_STATE_METRICS.volumeCapacity} / ${GIB})`,
);
const parts = {
  nodes: `sum(${cost.node})`,
  volumes,
  'load balancers': orNothing(`sum(${cost.loadBalancer})`),
  'control plane': orNothing(`sum(${cost.management})`),
};
const hourly = Object.values(parts).join(' + ');

export interface CostDashboardProps {
  /** What the cluster may cost in a month, in USD. */
  readonly monthlyUsd: number;
}

/** What the cluster costs by OpenCost, at list prices: what it doesn't see (traffic, stores, other services) is not in. */
export function costDashboard(props: CostDashboardProps): Dashboard {
  return dashboard({
    name: 'cost',
    title: 'Cost',
    description: 'What the cluster costs at list prices, who causes it, and what an answer costs.',
    rows: [
      { title: 'Now', panels: [month(props), perMillion()] },
      { title: 'Over time', panels: [byPart(), byNamespace(), byNode()] },
    ],
  });
}

function month({ monthlyUsd }: CostDashboardProps) {
  return figure({
    title: 'A month like this hour',
    description: `Of ${HOURS_A_MONTH} hours. The budget is ${monthlyUsd} USD, for more than the cluster.`,
    unit: units.Dollars,
    queries: [{ expr: `${HOURS_A_MONTH} * (${hourly})`, legend: 'a month' }],
    bad: { from: monthlyUsd },
  });
}

function perMillion() {
  const answers = `sum(rate(${SERVER_METRICS.recommendations}[1h])) * 3600`;
  return figure({
    title: 'A million answers',
    description: 'What they cost at the traffic of the last hour. It falls as replicas are better used.',
    unit: units.Dollars,
    queries: [{ expr: `1e6 * (${hourly}) / (${answers})`, legend: 'a million' }],
  });
}

function byPart() {
  return graph({
    title: 'By part, a month',
    description: 'Nodes, volumes, load balancers, and what the control plane costs.',
    unit: units.Dollars,
    queries: Object.entries(parts).map(([legend, expr]) => ({ expr: `${HOURS_A_MONTH} * ${expr}`, legend })),
    stacked: true,
  });
}

function byNamespace() {
  const perNode = (price: string) => `on (node) group_left () max by (node) (${price})`;
  const cpu = `${cost.cpuAllocation} * ${perNode(cost.nodeCpu)}`;
  const memory = `${cost.memoryAllocation} / ${GIB} * ${perNode(cost.nodeMemory)}`;
  return graph({
    title: 'By namespace, a month',
    description: 'CPU and memory that its pods have, at the price of their node. What nobody has is in no namespace.',
    unit: units.Dollars,
    queries: [
      {
        expr: `${HOURS_A_MONTH} * (sum by (namespace) (${cpu}) + sum by (namespace) (${memory}))`,
        legend: '{{namespace}}',
      },
    ],
    stacked: true,
  });
}

function byNode() {
  return graph({
    title: 'By node, a month',
    description: 'At list prices.',
    unit: units.Dollars,
    queries: [{ expr: `${HOURS_A_MONTH} * sum by (node) (${cost.node})`, legend: '{{node}}' }],
    stacked: true,
  });
}
