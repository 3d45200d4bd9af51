import * as units from '@grafana/grafana-foundation-sdk/units';
import { type CapacityPlan, SERVER_LABELS, SERVER_METRICS, type ServiceLevelObjective } from '../../../src';
import { API, errorRatio, failedShare, SLOW_BUDGET, slowRatio, slowShare } from '../slo-rules';
import { type Dashboard, dashboard } from './dashboard';
import { figure, graph, type Query } from './panels';
import { mean, perSecond, quantile, select, shares } from './queries';

const { requests, requestDuration, requestsInFlight, recommendations, batchSize, queueDepth, queueDuration } =
  SERVER_METRICS;
const answered = select(requests, API);

export interface ServiceDashboardProps {
  readonly slo: ServiceLevelObjective;
  readonly capacity: CapacityPlan;
}

/** Whether the service keeps its promise: rate, errors and latency, how full it is, and how fast the budget burns. */
export function serviceDashboard(props: ServiceDashboardProps): Dashboard {
  return dashboard({
    name: 'service',
    title: 'Service',
    description: 'Whether the model server keeps its objective, and how full it is.',
    rows: [
      { title: 'Objective', panels: [...budgets(props), ...burnRates(props)] },
      { title: 'Requests', panels: [rate(props), errors(props), latency(props)] },
      { title: 'Saturation', panels: [...saturation(props)] },
      { title: 'Answers', panels: [rungs(), batches(), queue()] },
    ],
  });
}

function budgets({ slo }: ServiceDashboardProps) {
  const window = `${slo.windowDays}d`;
  const left = (spent: string, budget: number) => [{ expr: `1 - (${spent}) / ${budget}`, legend: 'left' }];
  return [
    figure({
      title: 'Error budget left',
      description: `Of the errors that ${slo.availabilityPercent} % availability allows in ${slo.windowDays} days.`,
      unit: units.PercentUnit,
      queries: left(failedShare(window), slo.errorBudget),
      bad: { below: 0 },
    }),
    figure({
      title: 'Latency budget left',
      description: `Of the 1 % of answers that may take longer than ${slo.latency.serverThresholdMs} ms in ${slo.windowDays} days.`,
      unit: units.PercentUnit,
      queries: left(slowShare(slo.latency.serverThresholdMs, window), SLOW_BUDGET),
      bad: { below: 0 },
    }),
  ];
}

function burnRates({ slo }: ServiceDashboardProps) {
  const pages = Math.min(...slo.burnRateAlerts.flatMap(({ severity, factor }) => (severity === 'page' ? factor : [])));
  const windows = [...new Set(slo.burnRateAlerts.flatMap(({ shortWindow, longWindow }) => [shortWindow, longWindow]))];
  const of = (ratio: (window: string) => string, budget: number): Query[] =>
    windows.map((window) => ({ expr: `${ratio(window)} / ${budget}`, legend: window }));
  const panel = (title: string, queries: Query[]) =>
    graph({
      title,
      description: `How many times faster than allowed, by window. At 1 the budget is just spent at the end of ${slo.windowDays} days; two windows from ${pages} on wake somebody.`,
      unit: units.Short,
      queries,
      bad: { from: pages },
    });
  return [
    panel('Error burn rate', of(errorRatio, slo.errorBudget)),
    panel('Latency burn rate', of(slowRatio, SLOW_BUDGET)),
  ];
}

function rate({ capacity }: ServiceDashboardProps) {
  return graph({
    title: 'Requests a second, by route',
    description: `The plan is for ${capacity.peakRequestsPerSecond} in all at the peak.`,
    unit: units.RequestsPerSecond,
    queries: [{ expr: perSecond(answered, SERVER_LABELS.route), legend: `{{${SERVER_LABELS.route}}}` }],
    stacked: true,
  });
}

function errors({ slo }: ServiceDashboardProps) {
  return graph({
    title: 'Errors',
    description: 'Share of the requests, by status from 400 on; of those from 500 on all together.',
    unit: units.PercentUnit,
    queries: [
      { expr: failedShare('$__rate_interval'), legend: '5xx' },
      {
        expr: `${perSecond(select(requests, API, `${SERVER_LABELS.status}=~"4.."`), SERVER_LABELS.status)} / on () group_left () ${perSecond(answered)}`,
        legend: `{{${SERVER_LABELS.status}}}`,
      },
    ],
    bad: { from: slo.errorBudget },
  });
}

function latency({ slo }: ServiceDashboardProps) {
  return graph({
    title: 'Latency',
    description: `From the head of a request to the last byte of its answer. The objective is ${slo.latencyP99Ms} ms at the 99th percentile.`,
    unit: units.Seconds,
    queries: [0.5, 0.99].map((share) => ({ expr: quantile(share, requestDuration, [API]), legend: `p${share * 100}` })),
    bad: { from: slo.latency.serverThresholdMs / 1000 },
  });
}

function saturation({ capacity }: ServiceDashboardProps) {
  return [
    graph({
      title: 'Requests a second and ready replica',
      description: 'The line is what one replica is planned for, well under what it can do.',
      unit: units.RequestsPerSecond,
      queries: [{ expr: `${perSecond(answered)} / sum(${SERVER_METRICS.ready})`, legend: 'each' }],
      bad: { from: capacity.requestsPerSecondPerReplica },
    }),
    graph({
      title: 'Event loop',
      description: 'Share of the time that the thread which reads and answers is busy. Near 1, requests are refused.',
      unit: units.PercentUnit,
      queries: ['avg', 'max'].map((of) => ({ expr: `${of}(${SERVER_METRICS.eventLoopUtilization})`, legend: of })),
      bad: { from: 0.9 },
      max: 1,
    }),
    graph({
      title: 'Requests being answered',
      description: 'At one moment, in all replicas.',
      unit: units.Short,
      queries: [{ expr: `sum(${requestsInFlight})`, legend: 'in flight' }],
    }),
  ];
}

function rungs() {
  return graph({
    title: 'Where answers come from',
    description: 'Shares by rung, best first: personal, session, popular, static.',
    unit: units.PercentUnit,
    queries: [{ expr: shares(recommendations, SERVER_LABELS.rung), legend: `{{${SERVER_LABELS.rung}}}` }],
    stacked: true,
    max: 1,
  });
}

function batches() {
  return graph({
    title: 'Batch size',
    description: 'Requests that shared a model run, on average. It grows with the load.',
    unit: units.Short,
    queries: [{ expr: mean(batchSize), legend: 'mean' }],
  });
}

function queue() {
  return graph({
    title: 'Waiting for the model',
    description: 'Requests in the queue, and how long one waits at the 99th percentile.',
    unit: units.Short,
    queries: [
      { expr: `sum(${queueDepth})`, legend: 'requests' },
      { expr: `1000 * ${quantile(0.99, queueDuration)}`, legend: 'ms, p99' },
    ],
  });
}
