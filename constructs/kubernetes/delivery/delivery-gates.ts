import { SERVER_LABELS, SERVER_METRICS, type ServiceLevelObjective } from '../../../src';
import type { CustomResource } from '../custom-resources';

const { requests, requestDuration } = SERVER_METRICS;
const { route, status } = SERVER_LABELS;

/** Pods of the new version: Flagger's primary has another name. Flagger puts in what is in double braces. */
const NEW_VERSION = `namespace="{{ namespace }}",pod=~"{{ target }}-[0-9a-z]+-[0-9a-z]+",${route}=~"/v1/.*"`;

interface Gate {
  /** Name of the MetricTemplate, and of the check. */
  readonly name: string;
  readonly query: string;
  /** Above it, the check has failed. */
  readonly max: number;
}

/**
 * What a version must hold to get more requests: no more errors than would page somebody, and the objective's latency.
 */
export function deliveryGates(slo: ServiceLevelObjective): Gate[] {
  const rate = (selector: string) => `sum(rate(${requests}{${selector}}[{{ interval }}]))`;
  const [page] = slo.burnRateAlerts;
  const paging = (page?.factor ?? 1) * slo.errorBudget * 100;
  return [
    {
      name: 'error-percentage',
      query: `100 * (${rate(`${NEW_VERSION},${status}=~"5.."`)} or vector(0)) / ${rate(NEW_VERSION)}`,
      max: Number(paging.toPrecision(6)),
    },
    {
      name: 'latency-p99-ms',
      query: `1000 * histogram_quantile(0.99, sum by (le) (rate(${requestDuration}_bucket{${NEW_VERSION}}[{{ interval }}])))`,
      max: slo.latencyP99Ms,
    },
  ];
}

export function metricTemplate({ name, query }: Gate, prometheusUrl: string): CustomResource {
  return {
    apiVersion: 'flagger.app/v1beta1',
    kind: 'MetricTemplate',
    metadata: { name },
    spec: { provider: { type: 'prometheus', address: prometheusUrl }, query },
  };
}
