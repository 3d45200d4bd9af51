import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { OBSERVABILITY_SIZES, ObservabilityStack, type ObservabilityStackProps } from '../../../constructs/kubernetes';
import { ServiceLevelObjective } from '../../../src';
import { CLUSTER, inCluster, keepDefault, modelServer } from './fixtures';

const ROOT = join(__dirname, '../../..');

const synthesized = keepDefault((props?: Partial<ObservabilityStackProps>) =>
  inCluster((stack, namespace) => {
    new ObservabilityStack(stack, 'Observability', {
      cluster: CLUSTER,
      modelServer: modelServer(stack, namespace),
      slo: new ServiceLevelObjective(),
      ...props,
    });
  }),
);
const release = (props?: Partial<ObservabilityStackProps>) => synthesized(props).resource('helm_release');
const valuesText = (props?: Partial<ObservabilityStackProps>) => (release(props).values as string[])[0] as string;
/** As Helm reads them. */
const values = (props?: Partial<ObservabilityStackProps>) => parse(valuesText(props), { version: '1.1' });
const rules = (props?: Partial<ObservabilityStackProps>): { alert?: string; annotations: { runbook_url: string } }[] =>
  values(props).additionalPrometheusRulesMap.recommender.groups.flatMap((group: { rules: object[] }) => group.rules);
const alerts = (props?: Partial<ObservabilityStackProps>) => rules(props).filter(({ alert }) => alert);

test('it installs the pinned chart into its own namespace', () => {
  expect(release()).toMatchObject({
    chart: 'kube-prometheus-stack',
    version: '88.5.3',
    repository: 'https://prometheus-community.github.io/helm-charts',
    namespace: expect.stringMatching(
      /^\$\{kubernetes_namespace_v1\.Observability_Namespace\w+\.metadata\[0\]\.name\}$/,
    ),
  });
});

test("no password is in the stack: Grafana's chart makes one in the cluster, and its default is overridden", () => {
  expect(values().grafana.adminPassword).toBe('');
  const { json } = synthesized();
  expect(JSON.stringify(json).match(/[^"\\ ]*password[^,}\n]{0,12}/gi)).toHaveLength(1);
});

test('a second synth gives the same values, so that a plan sees no change', () => {
  expect(valuesText()).toBe(valuesText());
});

test('the release, whose volume holds the metrics, keeps its logical id', () => {
  expect(Object.keys(synthesized().resources('helm_release'))).toEqual(['Observability_9487603B']);
});

describe('Prometheus', () => {
  const spec = (props?: Partial<ObservabilityStackProps>) => values(props).prometheus.prometheusSpec;

  test.each([
    [undefined, '20Gi', '17GiB'],
    [50, '50Gi', '42GiB'],
  ])(
    "keeps its data on a volume of the cluster's class, %s GiB, and drops old data before it is full",
    (volumeGib, size, retentionSize) => {
      expect(spec({ volumeGib })).toMatchObject({
        storageSpec: {
          volumeClaimTemplate: {
            spec: { storageClassName: 'encrypted', resources: { requests: { storage: size } } },
          },
        },
        retentionSize,
      });
    },
  );

  test('leaves no disk behind when it is destroyed', () => {
    expect(spec().persistentVolumeClaimRetentionPolicy).toEqual({ whenDeleted: 'Delete' });
  });

  test.each([7, 30])('keeps %d days, the window of the objective', (windowDays) => {
    expect(spec({ slo: new ServiceLevelObjective({ windowDays }) }).retention).toBe(`${windowDays}d`);
  });

  test("scrapes the model server's pods", () => {
    expect(values().prometheus.additionalPodMonitors).toEqual([
      {
        name: 'model-server',
        namespaceSelector: { matchNames: ['recommender'] },
        selector: { matchLabels: { 'app.kubernetes.io/component': 'model-server' } },
        podMetricsEndpoints: [{ port: 'http', path: '/metrics', interval: '15s' }],
      },
    ]);
    const server = synthesized().resource('kubernetes_deployment_v1');
    expect(server).toMatchObject({
      spec: {
        template: {
          metadata: { labels: { 'app.kubernetes.io/name': 'model-server' } },
          spec: { container: [{ port: [{ name: 'http' }] }] },
        },
      },
    });
  });
});

test('every part says what it needs, in the amounts that the clouds reckon with', () => {
  const at = values();
  const resources = {
    prometheus: at.prometheus.prometheusSpec.resources,
    configReloader: at.prometheusOperator.prometheusConfigReloader.resources,
    operator: at.prometheusOperator.resources,
    alertmanager: at.alertmanager.alertmanagerSpec.resources,
    kubeStateMetrics: at['kube-state-metrics'].resources,
    grafana: at.grafana.resources,
    grafanaSidecar: at.grafana.sidecar.resources,
  };
  expect(Object.keys(resources).sort()).toEqual(Object.keys(OBSERVABILITY_SIZES).sort());
  for (const [part, { cpuMillis }] of Object.entries(OBSERVABILITY_SIZES)) {
    const { requests, limits } = resources[part as keyof typeof resources];
    expect([part, requests.cpu]).toEqual([part, `${cpuMillis}m`]);
    expect([part, limits.memory]).toEqual([part, requests.memory]);
  }
});

test('nothing runs that needs the host or a control plane of our own', () => {
  const at = values();
  for (const part of ['nodeExporter', 'kubeEtcd', 'kubeScheduler', 'kubeControllerManager', 'kubeProxy']) {
    expect([part, at[part]]).toEqual([part, { enabled: false }]);
  }
});

test.each([
  [undefined, 'docs/runbooks/RecommenderDown.md'],
  ['https://wiki.example.com/runbooks', 'https://wiki.example.com/runbooks/RecommenderDown.md'],
])('with runbooksUrl %s, an alert links %s', (runbooksUrl, url) => {
  const down = alerts({ runbooksUrl }).find(({ alert }) => alert === 'RecommenderDown');
  expect(down?.annotations.runbook_url).toBe(url);
});

test('every alert has a runbook', () => {
  const missing = alerts().filter(({ annotations }) => !existsSync(join(ROOT, annotations.runbook_url)));
  expect(missing.map(({ alert }) => alert)).toEqual([]);
  expect(new Set(alerts().map(({ alert }) => alert)).size).toBe(8);
});

test('nothing in the rules would be taken for a template by the chart', () => {
  expect(valuesText()).not.toContain('{{');
  expect(valuesText()).toContain('recommender_ready');
});

test('it synthesizes to this, dashboards left to their own test', async () => {
  const hcl = await synthesized().hcl();
  expect(hcl.replace(/("recommender-\w+\.json" = ).*/g, '$1…')).toMatchSnapshot();
});
