import type { CloudwatchMetricAlarmMetricQuery } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { ServiceLevelObjective } from '../../../src';
import { type MetricSource, metricQuery } from './metric-source';

/** Something that the objective limits: the share of requests that are bad in one way. */
export interface SloIndicator {
  readonly id: 'Errors' | 'Slow';
  /** What a bad request was. */
  readonly name: 'failed' | 'slow';
  /** Share of requests that may be bad, 0–1. */
  readonly budget: number;
  /** The share of bad ones in each period of so many seconds. */
  readonly queries: (period: number) => CloudwatchMetricAlarmMetricQuery[];
}

/** The objective's latency is a 99th percentile, so 1 % of the answers may be slower. */
const SLOW_BUDGET = 0.01;

export function sloIndicators(slo: ServiceLevelObjective, source: MetricSource): SloIndicator[] {
  return [
    { id: 'Errors', name: 'failed', budget: slo.errorBudget, queries: (period) => failedShare(source, period) },
    {
      id: 'Slow',
      name: 'slow',
      budget: SLOW_BUDGET,
      queries: (period) => slowShare(source, slo.latency.serverThresholdMs, period),
    },
  ];
}

/**
 * A load balancer that has no target counts errors and no requests, so all are whichever there are more of. Errors that
 * there were none of are not reported at all, so they are filled with 0.
 */
function failedShare({ requests, errors }: MetricSource, period: number): CloudwatchMetricAlarmMetricQuery[] {
  const sum = 'Sum';
  return [
    { id: 'requests', returnData: false, metric: metricQuery(requests, sum, period) },
    ...errors.map((metric, index) => ({
      id: `errors${index}`,
      returnData: false,
      metric: metricQuery(metric, sum, period),
    })),
    { id: 'bad', returnData: false, expression: errors.map((_, index) => `FILL(errors${index}, 0)`).join(' + ') },
    { id: 'total', returnData: false, expression: 'MAX([FILL(requests, 0), bad])' },
    { id: 'share', returnData: true, label: 'Share of failed requests', expression: 'IF(total > 0, bad / total, 0)' },
  ];
}

function slowShare(source: MetricSource, latencyMs: number, period: number): CloudwatchMetricAlarmMetricQuery[] {
  const statistic = source.withinStatistic(latencyMs);
  return [
    { id: 'within', returnData: false, metric: metricQuery(source.latency, statistic, period) },
    { id: 'share', returnData: true, label: 'Share of slow requests', expression: '(100 - within) / 100' },
  ];
}
