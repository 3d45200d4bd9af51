import { parse } from 'yaml';
import { ObservabilityStack, OpenCost, type OpenCostProps } from '../../../constructs/kubernetes';
import { PROMETHEUS_URL } from '../../../constructs/kubernetes/prometheus-url';
import { Budget, ServiceLevelObjective } from '../../../src';
import { CLUSTER, inCluster, keepDefault, modelServer } from './fixtures';

const synthesized = keepDefault((props?: Partial<OpenCostProps>) =>
  inCluster((stack, namespace) => {
    const observability = new ObservabilityStack(stack, 'Observability', {
      cluster: CLUSTER,
      modelServer: modelServer(stack, namespace),
      slo: new ServiceLevelObjective(),
    });
    const budget = new Budget({ notify: ['finance@shop.example'] });
    new OpenCost(stack, 'OpenCost', { observability, budget, ...props });
  }),
);
const release = () => {
  const found = Object.values(synthesized().resources('helm_release')).find(({ name }) => name === 'opencost');
  if (!found) throw new Error('no release opencost');
  return found as { version: string; depends_on: string[]; values: string[] };
};
const values = () => parse(release().values[0] as string, { version: '1.1' }).opencost;
const monthly = (props?: Partial<OpenCostProps>) => {
  const maps = Object.values(synthesized(props).resources('kubernetes_config_map_v1')) as { data: object }[];
  const [json] = maps.flatMap(({ data }) =>
    Object.entries(data).flatMap(([file, text]) => (/cost/.test(file) ? text : [])),
  );
  const [panel] = JSON.parse(json).panels.filter(({ title }: { title: string }) => title === 'A month like this hour');
  return panel.fieldConfig.defaults.thresholds.steps[1].value;
};

test('it installs the pinned chart, after the kinds that its monitor is of', () => {
  expect(release().version).toBe('2.5.17');
  expect(release().depends_on).toContainEqual(expect.stringMatching(/^helm_release\.Observability_/));
});

test('it asks the Prometheus that is there', () => {
  const { serviceName, namespaceName, port } = values().prometheus.internal;
  expect(`http://${serviceName}.${namespaceName}.svc:${port}`).toBe(PROMETHEUS_URL);
});

test('of its metrics Prometheus takes those of costs only, and none that kube-state-metrics has too', () => {
  const { kubeStateMetrics, serviceMonitor } = values().metrics;
  expect(kubeStateMetrics).toEqual({ emitKsmV1Metrics: false, emitKsmV1MetricsOnly: false });
  expect(serviceMonitor.additionalLabels).toEqual({ release: 'kube-prometheus-stack' });
  const [{ action, regex }] = serviceMonitor.metricRelabelings;
  expect(action).toBe('keep');
  const taken = new RegExp(`^(?:${regex})$`);
  expect(['node_total_hourly_cost', 'container_cpu_allocation'].filter((name) => !taken.test(name))).toEqual([]);
  expect(['kube_node_status_allocatable', 'go_goroutines'].filter((name) => taken.test(name))).toEqual([]);
});

test.each([
  [undefined, 500],
  [{ clouds: 2 }, 250],
])("its dashboard has the cluster's share of the budget (%#): %d USD a month", (props, usd) => {
  expect(monthly(props)).toBe(usd);
});

test('it says what it needs, and has no page of its own', () => {
  const { exporter, ui } = values();
  expect(exporter.resources).toEqual({
    requests: { cpu: '25m', memory: '256Mi' },
    limits: { cpu: '500m', memory: '256Mi' },
  });
  expect(ui).toEqual({ enabled: false });
});

test('its values are these', () => {
  expect(release().values[0]).toMatchSnapshot();
});
