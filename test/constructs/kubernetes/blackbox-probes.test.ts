import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { BlackboxProbes, type BlackboxProbesProps, ObservabilityStack } from '../../../constructs/kubernetes';
import { ServiceLevelObjective } from '../../../src';
import { CLUSTER, inCluster, keepDefault, modelServer } from './fixtures';

const ROOT = join(__dirname, '../../..');

const synthesized = keepDefault((props?: Partial<BlackboxProbesProps>) =>
  inCluster((stack, namespace) => {
    const server = modelServer(stack, namespace);
    const slo = new ServiceLevelObjective();
    const observability = new ObservabilityStack(stack, 'Observability', {
      cluster: CLUSTER,
      modelServer: server,
      slo,
    });
    new BlackboxProbes(stack, 'Probes', { observability, modelServer: server, ...props });
  }),
);
const release = (name: string, props?: Partial<BlackboxProbesProps>) => {
  const found = Object.values(synthesized(props).resources('helm_release')).find((one) => one.name === name);
  if (!found) throw new Error(`no release ${name}`);
  return found as { version: string; depends_on?: string[]; values: string[] };
};
const values = (name: string, props?: Partial<BlackboxProbesProps>) =>
  parse(release(name, props).values[0] as string, { version: '1.1' });
const objects = (kind: string, props?: Partial<BlackboxProbesProps>) =>
  values('probes', props).objects.filter((one: { kind: string }) => one.kind === kind);
const GATEWAY = { gateway: { hostname: 'recommendations.shop.example.com' } };

test('it installs the pinned chart, under a name that its probes know', () => {
  expect(release('blackbox-exporter').version).toBe('11.18.0');
  expect(values('blackbox-exporter').fullnameOverride).toBe('blackbox-exporter');
  expect(objects('Probe')[0].spec.prober).toEqual({ url: 'blackbox-exporter.monitoring.svc:9115' });
});

test("the model server is asked by its Service's address", () => {
  expect(objects('Probe').map(({ spec }: { spec: object }) => spec)).toMatchObject([
    { module: 'ready', targets: { staticConfig: { static: ['http://model-server.recommender.svc/readyz'] } } },
  ]);
  expect(synthesized().resource('kubernetes_service_v1')).toMatchObject({
    metadata: { name: 'model-server' },
    spec: { port: [{ port: 80 }] },
  });
});

test('a gateway is asked by its name, for something of the API, by TLS', () => {
  const [, gateway] = objects('Probe', GATEWAY);
  expect(gateway.spec).toMatchObject({
    module: 'gateway',
    targets: { staticConfig: { static: ['https://recommendations.shop.example.com/v1/model'] } },
  });
  expect(values('blackbox-exporter').config.modules.gateway.http.fail_if_not_ssl).toBe(true);
});

test('every module that a probe names is there', () => {
  const named = objects('Probe', GATEWAY).map(({ spec }: { spec: { module: string } }) => spec.module);
  expect(Object.keys(values('blackbox-exporter').config.modules)).toEqual(named);
});

test('Prometheus takes the probes and the alerts, whose kinds come first', () => {
  const labels = values('probes', GATEWAY).objects.map(
    ({ metadata }: { metadata: { labels: object } }) => metadata.labels,
  );
  expect(labels).toEqual(Array(3).fill({ release: 'kube-prometheus-stack' }));
  expect(release('probes').depends_on).toHaveLength(2);
});

test('the exporter may reach the model server, with the reason', () => {
  const policies = Object.values(synthesized().resources('kubernetes_network_policy_v1')) as {
    metadata: { name: string; annotations?: Record<string, string> };
  }[];
  const server = policies.find(({ metadata }) => metadata.name === 'model-server');
  expect(server?.metadata.annotations?.['recommender/reasons']).toMatch(
    /from pods app\.kubernetes\.io\/name=prometheus-blackbox-exporter in .* on http\/TCP: It is asked whether it is ready/,
  );
});

test('every alert has a runbook', () => {
  const [rule] = objects('PrometheusRule');
  const urls: string[] = rule.spec.groups[0].rules.map(
    ({ annotations }: { annotations: { runbook_url: string } }) => annotations.runbook_url,
  );
  expect(urls).toHaveLength(3);
  expect(urls.filter((url) => !existsSync(join(ROOT, url)))).toEqual([]);
});

test('it says what it needs', () => {
  expect(values('blackbox-exporter').resources).toEqual({
    requests: { cpu: '10m', memory: '64Mi' },
    limits: { cpu: '100m', memory: '64Mi' },
  });
});

test('its objects are these', () => {
  expect(release('probes', GATEWAY).values[0]).toMatchSnapshot();
});
