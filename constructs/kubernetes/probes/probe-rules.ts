import type { PrometheusRule, PrometheusRuleGroup } from '../slo-rules';

/** `job` of what the probes measure. */
export const PROBES_JOB = 'recommender-probes';
const DAY_SECONDS = 86_400;
/** cert-manager renews 30 days before the end: by then it has failed for two weeks. */
const CERTIFICATE_DAYS = 14;

const of = (metric: string) => `${metric}{job="${PROBES_JOB}"}`;

/**
 * Alerts on what a caller sees, whatever the server says of itself.
 *
 * @param runbook URL of an alert's runbook
 */
export function probeRules(runbook: (alert: string) => string): PrometheusRuleGroup {
  const rules: PrometheusRule[] = [
    {
      alert: 'RecommenderProbeFailing',
      expr: `min by (instance) (${of('probe_success')}) == 0`,
      for: '1m',
      labels: { severity: 'page' },
      annotations: {
        summary: 'A caller does not reach the service',
        description: 'Asked every 15 seconds as a caller would, it did not answer as it should for a minute.',
        runbook_url: runbook('RecommenderProbeFailing'),
      },
    },
    {
      alert: 'RecommenderProbesMissing',
      expr: `absent(${of('probe_success')})`,
      for: '15m',
      labels: { severity: 'ticket' },
      annotations: {
        summary: 'Nobody asks whether callers reach the service',
        description: 'There is no result of any probe, so their alert is silent whatever happens.',
        runbook_url: runbook('RecommenderProbesMissing'),
      },
    },
    {
      alert: 'RecommenderCertificateExpires',
      expr: `min by (instance) (${of('probe_ssl_earliest_cert_expiry')}) - time() < ${CERTIFICATE_DAYS * DAY_SECONDS}`,
      for: '1h',
      labels: { severity: 'ticket' },
      annotations: {
        summary: `The gateway's certificate ends in less than ${CERTIFICATE_DAYS} days`,
        description: 'It should have been renewed by now. When it ends, no caller trusts the gateway any more.',
        runbook_url: runbook('RecommenderCertificateExpires'),
      },
    },
  ];
  return { name: 'recommender-probes', rules };
}
