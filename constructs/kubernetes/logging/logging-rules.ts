import type { PrometheusRuleGroup } from '../slo-rules';

/**
 * The alert on records that Fluent Bit gave up on: those that waited longest, when its room on a node's disk is full.
 *
 * @param runbook URL of an alert's runbook
 */
export function loggingRules(runbook: (alert: string) => string): PrometheusRuleGroup {
  return {
    name: 'recommender-logging',
    rules: [
      {
        alert: 'RecommenderLogsDropped',
        expr: 'sum by (name) (increase(fluentbit_output_dropped_records_total[15m])) > 0',
        for: '1m',
        labels: { severity: 'ticket' },
        annotations: {
          summary: 'Logs are lost',
          description: 'The store of logs does not take them, and what may wait on the nodes is full.',
          runbook_url: runbook('RecommenderLogsDropped'),
        },
      },
    ],
  };
}
