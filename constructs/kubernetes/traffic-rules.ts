import { type CapacityPlan, SERVER_LABELS, SERVER_METRICS, type TrafficModel } from '../../src';
import type { PrometheusRuleGroup } from './slo-rules';

const RATE = 'recommender:requests:rate5m';
const FORECAST = 'recommender:requests:forecast';
const USUAL = 'recommender:requests:usual';
const UNUSUAL = 'recommender:requests:unusual';
const SPREAD = 'recommender:requests:spread';

/** Days that tell what is usual at this time of the day; their median forgets one odd day, and a weekend. */
const DAYS = 7;
const WEEK_MINUTES = 7 * 24 * 60;
/** A median of absolute deviations times this is the standard deviation of a normal distribution: 1 / Φ⁻¹(3/4). */
const MAD_TO_DEVIATION = 1.4826;
/** Share of what is usual that the spread counts as at least: steady traffic would make any change look large. */
const LEAST_SPREAD = 0.05;

/**
 * What traffic will be, and whether it is what it usually is: alerts ahead of the planned capacity's end, and when
 * requests fall or rise as they never do at that time.
 *
 * @param runbook URL of an alert's runbook
 */
export function trafficRules(
  traffic: TrafficModel,
  capacity: CapacityPlan,
  runbook: (alert: string) => string,
): PrometheusRuleGroup {
  const { forecastMinutes, anomalyDeviations } = traffic;
  const limit = capacity.maxReplicas * capacity.requestsPerSecondPerReplica;
  return {
    name: 'recommender-traffic',
    interval: '1m',
    rules: [
      { record: RATE, expr: `sum(rate(${SERVER_METRICS.requests}{${SERVER_LABELS.route}=~"/v1/.*"}[5m]))` },
      { record: FORECAST, expr: largest(trend(forecastMinutes), season(forecastMinutes)) },
      { record: USUAL, expr: `quantile(0.5, ${any(daysBefore())})` },
      { record: UNUSUAL, expr: `abs(${RATE} - ${USUAL})` },
      {
        record: SPREAD,
        expr: largest(`${MAD_TO_DEVIATION} * quantile_over_time(0.5, ${UNUSUAL}[1d])`, `${LEAST_SPREAD} * ${USUAL}`),
      },
      {
        alert: 'RecommenderCapacityForecast',
        expr: `${FORECAST} > ${limit}`,
        for: '5m',
        labels: { severity: 'ticket' },
        annotations: {
          summary: `Traffic will be more than ${limit} requests a second in ${forecastMinutes} minutes`,
          description:
            'The trend of the last hour, or what came next a week ago, goes beyond what all replicas are planned for.',
          runbook_url: runbook('RecommenderCapacityForecast'),
        },
      },
      {
        alert: 'RecommenderTrafficAnomaly',
        expr: `${UNUSUAL} > ${anomalyDeviations} * ${SPREAD}`,
        for: '10m',
        labels: { severity: 'ticket' },
        annotations: {
          summary: `Traffic is ${anomalyDeviations} deviations away from what is usual at this time`,
          description: `Usual is the median of the last ${DAYS} days at this time; a deviation is what the last day had.`,
          runbook_url: runbook('RecommenderTrafficAnomaly'),
        },
      },
    ],
  };
}

/** The line through the last hour. */
const trend = (minutes: number) => `predict_linear(${RATE}[1h], ${minutes * 60})`;

/** As much more or less than now as it was a week ago. */
const season = (minutes: number) =>
  `${RATE} * (${RATE} offset ${WEEK_MINUTES - minutes}m / ${RATE} offset ${WEEK_MINUTES}m)`;

const daysBefore = () => Array.from({ length: DAYS }, (_, day) => `${RATE} offset ${day + 1}d`);

/** The largest of what there is: in the first week there is no week before. */
const largest = (...exprs: string[]) => `max(${any(exprs)})`;

/** Each under a label of its own, or `or` would take the first for all of them. */
const any = (exprs: readonly string[]) =>
  exprs.map((expr, index) => `label_replace(${expr}, "of", "${index}", "", "")`).join(' or ');
