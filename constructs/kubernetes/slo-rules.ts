import { type BurnRateAlert, SERVER_LABELS, SERVER_METRICS, type ServiceLevelObjective } from '../../src';

/** A rule of Prometheus: one that records a series, or one that alerts. */
export type PrometheusRule =
  | { readonly record: string; readonly expr: string }
  | {
      readonly alert: string;
      readonly expr: string;
      readonly for: string;
      readonly labels: { readonly severity: BurnRateAlert['severity']; readonly window?: string };
      readonly annotations: { readonly summary: string; readonly description: string; readonly runbook_url: string };
    };

export interface PrometheusRuleGroup {
  readonly name: string;
  /** How often its rules are evaluated. @default - Prometheus' own, 30 s in kube-prometheus-stack */
  readonly interval?: string;
  /** Evaluated one after another, so that an alert sees what was recorded just before. */
  readonly rules: readonly PrometheusRule[];
}

/** Routes that the objective covers: the API, without probes and metrics. */
export const API = `${SERVER_LABELS.route}=~"/v1/.*"`;
/** The objective's latency is a 99th percentile, so 1 % of the answers may be slower. */
export const SLOW_BUDGET = 0.01;
type Severity = BurnRateAlert['severity'];

/**
 * How long an alert's expression has to hold. A page waits for nothing: its long window is an hour at least, so one odd
 * scrape doesn't reach its threshold, and an outage has to be known within a minute.
 */
const HOLD: Record<Severity, string> = { page: '0m', ticket: '15m' };
/** Pages are as quick as the scrapes; the long windows of tickets cost more to evaluate and change slowly. */
const INTERVAL: Record<Severity, string> = { page: '15s', ticket: '2m' };

/** Recorded over the windows of the objective's burn rates. */
export const errorRatio = (window: string) => `recommender:request_errors:ratio_rate${window}`;
export const slowRatio = (window: string) => `recommender:request_slow:ratio_rate${window}`;

/**
 * What the objective promises, as rules: the shares of failed and of slow answers over each window, and alerts when
 * they spend the error budget too fast, by the multi-window burn rates of `slo.burnRateAlerts`.
 *
 * @param runbook URL of an alert's runbook
 */
export function sloRules(slo: ServiceLevelObjective, runbook: (alert: string) => string): PrometheusRuleGroup[] {
  const recorded = new Set<string>();
  return (['page', 'ticket'] as const).map((severity) => {
    const burns = slo.burnRateAlerts.filter((burn) => burn.severity === severity);
    const windows = new Set(burns.flatMap(({ shortWindow, longWindow }) => [shortWindow, longWindow]));
    const fresh = [...windows].filter((window) => !recorded.has(window));
    for (const window of fresh) recorded.add(window);
    return {
      name: `recommender-slo-${severity}s`,
      interval: INTERVAL[severity],
      rules: [
        ...fresh.flatMap((window) => [
          { record: errorRatio(window), expr: failedShare(window) },
          { record: slowRatio(window), expr: slowShare(slo.latency.serverThresholdMs, window) },
        ]),
        ...burns.flatMap((burn) => burnRateAlerts(slo, burn, runbook)),
      ],
    };
  });
}

function burnRateAlerts(
  slo: ServiceLevelObjective,
  burn: BurnRateAlert,
  runbook: (alert: string) => string,
): PrometheusRule[] {
  return [
    burnRateAlert({
      alert: 'RecommenderErrorBudgetBurn',
      ratio: errorRatio,
      budget: slo.errorBudget,
      burn,
      summary: `Errors spend the budget of ${slo.availabilityPercent} % availability ${burn.factor} times too fast`,
      runbook,
    }),
    burnRateAlert({
      alert: 'RecommenderLatencyBudgetBurn',
      ratio: slowRatio,
      budget: SLOW_BUDGET,
      burn,
      summary: `Answers over ${slo.latency.serverThresholdMs} ms are ${burn.factor} times as many as the objective's 1 %`,
      runbook,
    }),
  ];
}

/** Of the API's answers, 0–1. */
export function failedShare(window: string): string {
  const rate = (selector: string) => `sum(rate(${SERVER_METRICS.requests}{${selector}}[${window}]))`;
  // Without a failure there is no series of failures; the share is then 0, not missing.
  return `(${rate(`${API},${SERVER_LABELS.status}=~"5.."`)} or vector(0)) / ${rate(API)}`;
}

/** Of the API's answers, 0–1: those that took longer. */
export function slowShare(latencyMs: number, window: string): string {
  const { requestDuration } = SERVER_METRICS;
  const fast = `sum(rate(${requestDuration}_bucket{${API},${bucket(latencyMs / 1000)}}[${window}]))`;
  return `1 - ${fast} / sum(rate(${requestDuration}_count{${API}}[${window}]))`;
}

/** Prometheus 3 stores the bound 1 as "1.0", Prometheus 2 as it was scraped. */
function bucket(seconds: number): string {
  return Number.isInteger(seconds) ? `le=~"${seconds}([.]0)?"` : `le="${seconds}"`;
}

interface BurnRateAlertProps {
  readonly alert: string;
  readonly ratio: (window: string) => string;
  /** Share that the objective allows, 0–1. */
  readonly budget: number;
  readonly burn: BurnRateAlert;
  readonly summary: string;
  readonly runbook: (alert: string) => string;
}

function burnRateAlert({ alert, ratio, budget, burn, summary, runbook }: BurnRateAlertProps): PrometheusRule {
  const threshold = Number((burn.factor * budget).toPrecision(6));
  return {
    alert,
    expr: `${ratio(burn.longWindow)} > ${threshold} and ${ratio(burn.shortWindow)} > ${threshold}`,
    for: HOLD[burn.severity],
    // The window tells two pages of one objective apart, which would else be one alert to Prometheus.
    labels: { severity: burn.severity, window: burn.longWindow },
    annotations: {
      summary,
      description: `The share was above ${threshold} over ${burn.longWindow}, and still is over ${burn.shortWindow}.`,
      runbook_url: runbook(alert),
    },
  };
}
