import type { CloudwatchMetricAlarmConfig } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { ServiceLevelObjective } from '../../../src';

/** Seconds that an alarm which takes a rollout back counts over. */
export const MINUTE = 60;

type Settings = Omit<CloudwatchMetricAlarmConfig, 'alarmName'>;

/**
 * Rings when so many fail that the error budget burns at the fastest pace of the objective's alerts, which somebody is
 * paged for.
 *
 * @param what is counted: `requests`
 */
export function burnsErrorBudget(slo: ServiceLevelObjective, what: string) {
  const burnRate = Math.max(...slo.burnRateAlerts.map(({ factor }) => factor));
  const threshold = Number((slo.errorBudget * burnRate).toFixed(6));
  return {
    alarmDescription: `More than ${Number((threshold * 100).toFixed(4))} % of ${what} fail`,
    comparisonOperator: 'GreaterThanThreshold',
    threshold,
    evaluationPeriods: 5,
    datapointsToAlarm: 2,
    // Nobody asks: nothing fails.
    treatMissingData: 'notBreaching',
  } satisfies Settings;
}

/**
 * Rings when answers are slower than the server's share of what the objective promises.
 *
 * @param unitsPerMs the metric's units in a millisecond
 */
export function slowerThanPromised({ latency }: ServiceLevelObjective, unitsPerMs: number) {
  const { serverThresholdMs } = latency;
  return {
    alarmDescription: `One answer of a hundred takes longer than ${serverThresholdMs} ms`,
    extendedStatistic: 'p99',
    period: MINUTE,
    comparisonOperator: 'GreaterThanThreshold',
    threshold: serverThresholdMs * unitsPerMs,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    // Of a handful of requests a percentile says nothing.
    evaluateLowSampleCountPercentiles: 'ignore',
    treatMissingData: 'notBreaching',
  } satisfies Settings;
}
