import { SERVER_LABELS, SERVER_METRICS } from '../../src';
import type { PrometheusRule, PrometheusRuleGroup } from './slo-rules';

/** Reasons for a lower rung that are the service's fault, not the customer's being unknown. */
const FAULTS = ['user-store-deadline', 'user-store-error', 'model-busy', 'model-deadline', 'model-error', 'no-model'];

/**
 * Alerts on what the objective's ratios can't see: no replica at all, no room left to scale, a model that does not load,
 * answers that are worse than asked for.
 *
 * @param autoscaler name of the model server's HorizontalPodAutoscaler
 * @param runbook URL of an alert's runbook
 */
export function serviceRules(
  autoscaler: { readonly namespaceName: string; readonly name: string },
  runbook: (alert: string) => string,
): PrometheusRuleGroup {
  const { ready, modelLoads, fallbacks, recommendations } = SERVER_METRICS;
  const hpa = `{namespace="${autoscaler.namespaceName}",horizontalpodautoscaler="${autoscaler.name}"}`;
  const rules: Omit<ServiceAlert, 'runbook'>[] = [
    {
      alert: 'RecommenderDown',
      expr: `(sum(${ready}) or vector(0)) == 0`,
      for: '2m',
      severity: 'page',
      summary: 'No replica of the model server is ready',
      description: 'Prometheus sees no replica that can answer, so nobody gets recommendations.',
    },
    {
      alert: 'RecommenderAtMaxReplicas',
      expr: `kube_horizontalpodautoscaler_status_current_replicas${hpa} >= kube_horizontalpodautoscaler_spec_max_replicas${hpa}`,
      for: '15m',
      severity: 'ticket',
      summary: 'The model server has as many replicas as it may',
      description: 'More traffic will make answers slower. The bound is capacity.maxReplicas in the config.',
    },
    {
      alert: 'RecommenderModelNotLoaded',
      expr: `sum(increase(${modelLoads}{${SERVER_LABELS.result}="refused"}[15m])) > 0`,
      for: '1m',
      severity: 'ticket',
      summary: 'A model version was not loaded',
      description: 'It can not be read, is damaged or of another signature. Replicas go on with the version they had.',
    },
    {
      alert: 'RecommenderDegraded',
      expr: `sum(rate(${fallbacks}{${SERVER_LABELS.reason}=~"${FAULTS.join('|')}"}[10m])) / sum(rate(${recommendations}[10m])) > 0.05`,
      for: '10m',
      severity: 'ticket',
      summary: 'More than 5 % of the answers are not what was asked for',
      description: 'The model or the store of histories failed or was too slow, so a lower rung answered.',
    },
  ];
  return { name: 'recommender-service', rules: rules.map((rule) => serviceAlert({ ...rule, runbook })) };
}

interface ServiceAlert {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: 'page' | 'ticket';
  readonly summary: string;
  readonly description: string;
  readonly runbook: (alert: string) => string;
}

function serviceAlert({
  alert,
  expr,
  for: hold,
  severity,
  summary,
  description,
  runbook,
}: ServiceAlert): PrometheusRule {
  const annotations = { summary, description, runbook_url: runbook(alert) };
  return { alert, expr, for: hold, labels: { severity }, annotations };
}
