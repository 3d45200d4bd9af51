import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import {
  ELASTIC_SIZES,
  LOGGING_SIZES,
  Logging,
  type LoggingProps,
  LogStore,
  ObservabilityStack,
} from '../../../constructs/kubernetes';
import { ServiceLevelObjective } from '../../../src';
import { CLUSTER, inCluster, keepDefault, modelServer } from './fixtures';

const synthesized = keepDefault((props?: Partial<LoggingProps>) =>
  inCluster((stack, namespace) => {
    const observability = new ObservabilityStack(stack, 'Observability', {
      cluster: CLUSTER,
      modelServer: modelServer(stack, namespace),
      slo: new ServiceLevelObjective(),
    });
    new Logging(stack, 'Logging', { cluster: CLUSTER, observability, ...props });
  }),
);
const releases = (props?: Partial<LoggingProps>) =>
  Object.values(synthesized(props).resources('helm_release')) as {
    name: string;
    version: string;
    namespace: string;
    values: string[];
    depends_on?: string[];
  }[];
const release = (name: string, props?: Partial<LoggingProps>) => {
  const found = releases(props).find((one) => one.name === name);
  if (!found) throw new Error(`no release ${name}`);
  return found;
};
/** As Helm reads them. */
const values = (name: string, props?: Partial<LoggingProps>) =>
  parse(release(name, props).values[0] as string, { version: '1.1' });
const ELASTIC = { store: LogStore.elasticsearch() };
const outputs = (props?: Partial<LoggingProps>): string => values('fluent-bit', props).config.outputs;

test('it installs the pinned charts: Fluent Bit, and Loki or Elasticsearch', () => {
  const versions = (props?: Partial<LoggingProps>) =>
    releases(props)
      .map(({ name, version }) => [name, version])
      .filter(([name]) => name !== 'kube-prometheus-stack' && name !== 'logging-rules')
      .sort();
  expect(versions()).toEqual([
    ['fluent-bit', '0.58.1'],
    ['loki', '18.11.0'],
  ]);
  expect(versions(ELASTIC)).toEqual([
    ['elastic-operator', '3.5.0'],
    ['elastic-stack', undefined],
    ['fluent-bit', '0.58.1'],
  ]);
});

test('the namespace of what reads the nodes admits that, and warns of all else', () => {
  const namespaces = Object.values(synthesized().resources('kubernetes_namespace_v1'));
  expect(namespaces).toContainEqual(
    expect.objectContaining({
      metadata: {
        name: 'logging',
        labels: expect.objectContaining({
          'pod-security.kubernetes.io/enforce': 'privileged',
          'pod-security.kubernetes.io/warn': 'restricted',
        }),
      },
    }),
  );
});

describe('Fluent Bit', () => {
  test('runs on every node, with nothing of root but its name', () => {
    const { kind, tolerations, securityContext, daemonSetVolumeMounts } = values('fluent-bit');
    expect([kind, tolerations]).toEqual(['DaemonSet', [{ operator: 'Exists' }]]);
    expect(securityContext).toMatchObject({ capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true });
    expect(daemonSetVolumeMounts).toContainEqual({ name: 'logs', mountPath: '/var/log', readOnly: true });
  });

  test.each([undefined, ELASTIC])(
    'drops nothing while the store is away: it waits on the disk and tries again (%#)',
    (props) => {
      const { inputs, service } = values('fluent-bit', props).config;
      expect(inputs).toMatch(/^ {4}storage\.type filesystem$/m);
      expect(inputs).toMatch(/^ {4}DB \/var\/lib\/fluent-bit\/positions\.db$/m);
      expect(service).toMatch(/^ {4}storage\.path \/var\/lib\/fluent-bit\/waiting$/m);
      expect(outputs(props)).toMatch(/^ {4}Retry_Limit no_limits$/m);
    },
  );

  test('is watched by the Prometheus that is there, whose kinds come first', () => {
    expect(values('fluent-bit').serviceMonitor).toEqual({
      enabled: true,
      selector: { release: 'kube-prometheus-stack' },
    });
    expect(release('fluent-bit').depends_on).toEqual(
      expect.arrayContaining([expect.stringMatching(/^helm_release\.Observability_/)]),
    );
  });
});

describe('Loki', () => {
  test.each([
    [undefined, '336h', '20Gi'],
    [{ retentionDays: 3, volumeGib: 5 }, '72h', '5Gi'],
  ])('with %j deletes what is older than %s, on a volume of %s', (props, retention, size) => {
    const { loki, singleBinary } = values('loki', { store: LogStore.loki(props) });
    expect([loki.limits_config.retention_period, loki.compactor.retention_enabled]).toEqual([retention, true]);
    expect(singleBinary.persistence).toMatchObject({ size, storageClass: 'encrypted', whenDeleted: 'Delete' });
  });

  test('is one process: what the chart has beside it is off', () => {
    const at = values('loki');
    for (const part of ['gateway', 'chunksCache', 'resultsCache', 'lokiCanary', 'test']) {
      expect([part, at[part]]).toEqual([part, { enabled: false }]);
    }
    expect([at.read, at.write, at.backend]).toEqual(Array(3).fill({ replicas: 0 }));
  });

  test('gets few labels, and the pod and the trace as metadata', () => {
    expect(outputs()).toMatch(/^ {4}Labels namespace=\S+,container=\S+,stream=\$stream$/m);
    expect(outputs()).toMatch(/^ {4}Structured_Metadata pod=\S+,trace_id=\$trace_id$/m);
  });

  test("is a data source of Grafana's, where the trace id leads to the trace", () => {
    const maps = Object.values(synthesized().resources('kubernetes_config_map_v1')) as {
      metadata: { labels?: object; namespace: string };
      data: Record<string, string>;
    }[];
    const map = maps.find(({ data }) => 'loki.yaml' in data);
    expect(map?.metadata.labels).toEqual({ grafana_datasource: '1' });
    const text = map?.data['loki.yaml'] as string;
    // Terraform makes `${` of `$${`, and Grafana a variable of its own of `$${`.
    expect(text).toMatch(/url: \${3}\{__value\.raw\}/);
    expect(parse(text).datasources[0]).toMatchObject({
      uid: 'loki',
      url: 'http://loki.monitoring.svc:3100',
      jsonData: { derivedFields: [{ matcherRegex: 'trace_id', datasourceUid: 'tempo' }] },
    });
  });
});

describe('Elasticsearch', () => {
  const objects = (props = ELASTIC) => values('elastic-stack', props).objects;

  test('is made by the operator with Kibana beside it, and needs nothing of the kernel', () => {
    expect(objects()).toMatchObject([
      {
        kind: 'Elasticsearch',
        spec: { version: '9.2.0', nodeSets: [{ count: 1, config: { 'node.store.allow_mmap': false } }] },
      },
      { kind: 'Kibana', spec: { version: '9.2.0', elasticsearchRef: { name: 'logs' } } },
    ]);
  });

  test('is reached by TLS that is checked, with a password that nobody but the cluster knows', () => {
    expect(outputs(ELASTIC)).toMatch(/^ {4}tls\.verify On$/m);
    // Terraform makes `${` of `$${`.
    expect(outputs(ELASTIC)).toContain('HTTP_Passwd $${ELASTIC_PASSWORD}\n');
    const { env, extraVolumes } = values('fluent-bit', ELASTIC);
    expect(env).toEqual([
      { name: 'ELASTIC_PASSWORD', valueFrom: { secretKeyRef: { name: 'logs-es-elastic-user', key: 'elastic' } } },
    ]);
    expect(extraVolumes).toEqual([
      { name: 'logs-es-http-certs-public', secret: { secretName: 'logs-es-http-certs-public' } },
    ]);
  });

  test('stands in place of Loki, not beside it', () => {
    expect(releases(ELASTIC).map(({ name }) => name)).not.toContain('loki');
    expect(releases().map(({ name }) => name)).toContain('loki');
  });
});

test('every container says what it needs, in the amounts that the clouds reckon with', () => {
  const [elasticsearch, kibana] = values('elastic-stack', ELASTIC).objects;
  const parts = [
    [LOGGING_SIZES.loki, values('loki').singleBinary.resources],
    [LOGGING_SIZES.fluentBit, values('fluent-bit').resources],
    [ELASTIC_SIZES.operator, values('elastic-operator', ELASTIC).resources],
    [ELASTIC_SIZES.elasticsearch, elasticsearch.spec.nodeSets[0].podTemplate.spec.containers[0].resources],
    [ELASTIC_SIZES.kibana, kibana.spec.podTemplate.spec.containers[0].resources],
  ] as const;
  for (const [{ cpuMillis }, { requests, limits }] of parts) {
    expect([requests.cpu, limits.memory]).toEqual([`${cpuMillis}m`, requests.memory]);
  }
});

test.each([
  [LogStore.loki({ retentionDays: 0 }), 'retentionDays is 0; allowed are whole numbers from 1.'],
  [LogStore.loki({ volumeGib: 1.5 }), 'volumeGib is 1.5; allowed are whole numbers from 1.'],
  [LogStore.elasticsearch({ nodes: 0 }), 'nodes is 0; allowed are whole numbers from 1.'],
])('fails when a store has no size or no time (%#)', (store, message) => {
  expect(() => synthesized({ store })).toThrow(message);
});

test('the release, whose volume holds the logs, keeps its logical id', () => {
  const ids = Object.entries(synthesized().resources('helm_release')).flatMap(([id, { name }]) =>
    name === 'loki' ? id : [],
  );
  expect(ids).toEqual(['Logging_Store_2698C605']);
});

test('what is lost is alerted on, by the Prometheus that is there, with a runbook', () => {
  const [rule] = values('logging-rules').objects;
  expect(rule.metadata.labels).toEqual({ release: 'kube-prometheus-stack' });
  const [alert] = rule.spec.groups[0].rules;
  expect([alert.alert, alert.labels.severity]).toEqual(['RecommenderLogsDropped', 'ticket']);
  expect(existsSync(join(__dirname, '../../..', alert.annotations.runbook_url))).toBe(true);
});

test('Fluent Bit is configured by this', () => {
  expect(Object.values(values('fluent-bit').config).join('\n')).toMatchSnapshot();
});
