import type { KubernetesObject } from '../../src/synthesized/kubernetes-object';
import type { ThirdPartyChart } from '../../src/synthesized/stack-contents';

type Fields = Readonly<Record<string, unknown>>;
interface Named extends Fields {
  readonly name: string;
}

const PROMETHEUS_OPERATOR = 'monitoring.coreos.com/v1';
const CHART = 'kube-prometheus-stack';

/**
 * Takes the rules and monitors, which kube-prometheus-stack makes of its values, out of them, and makes them itself, so
 * that they can be read, checked and applied as what they are. Prometheus selects them by the label `release`.
 */
export function monitoringObjects(chart: ThirdPartyChart): { chart: ThirdPartyChart; objects: KubernetesObject[] } {
  if (chart.chart !== CHART) return { chart, objects: [] };
  const { additionalPrometheusRulesMap, prometheus, ...values } = chart.values as {
    additionalPrometheusRulesMap?: Readonly<Record<string, Fields>>;
    prometheus?: Fields & { additionalPodMonitors?: Named[]; additionalServiceMonitors?: Named[] };
  };
  const { additionalPodMonitors = [], additionalServiceMonitors = [], ...server } = prometheus ?? {};
  const object = (kind: string, name: string, spec: Fields): KubernetesObject => ({
    apiVersion: PROMETHEUS_OPERATOR,
    kind,
    metadata: { name, namespace: chart.namespace, labels: { release: chart.name } },
    spec,
  });
  return {
    chart: { ...chart, values: { ...values, ...(Object.keys(server).length > 0 && { prometheus: server }) } },
    objects: [
      ...Object.entries(additionalPrometheusRulesMap ?? {}).map(([name, spec]) => object('PrometheusRule', name, spec)),
      ...additionalPodMonitors.map(({ name, ...spec }) => object('PodMonitor', name, spec)),
      ...additionalServiceMonitors.map(({ name, ...spec }) => object('ServiceMonitor', name, spec)),
    ],
  };
}
