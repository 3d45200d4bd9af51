import { type TerraformStack, TerraformVariable } from 'cdktf';
import { parse } from 'yaml';
import {
  ObservabilityStack,
  TRACE_COLLECTOR_SERVICE_ACCOUNT,
  Tracing,
  type TracingProps,
  tracingEnvironment,
} from '../../../constructs/kubernetes';
import { environmentVariable } from '../../../model-server/src/config';
import { ServiceLevelObjective } from '../../../src';
import { CLUSTER, inCluster, keepDefault, modelServer } from './fixtures';

const synthesized = keepDefault((props?: Partial<TracingProps>) =>
  inCluster((stack, namespace) => {
    const slo = props?.slo ?? new ServiceLevelObjective();
    const server = modelServer(stack, namespace, { slo, environment: tracingEnvironment(slo) });
    const observability = new ObservabilityStack(stack, 'Observability', {
      cluster: CLUSTER,
      modelServer: server,
      slo,
    });
    new Tracing(stack, 'Tracing', { cluster: CLUSTER, observability, modelServer: server, slo, ...props });
  }),
);
type Pod = { spec: { container: Record<string, unknown>[]; security_context: object } };
const collector = (props?: Partial<TracingProps>) =>
  Object.values(synthesized(props).resources('kubernetes_deployment_v1')).find(
    ({ metadata }) => (metadata as { name: string }).name === 'trace-collector',
  ) as { spec: { replicas: string; template: Pod & { metadata: { annotations: object } } } };
const maps = (props?: Partial<TracingProps>) =>
  Object.values(synthesized(props).resources('kubernetes_config_map_v1')) as { data: Record<string, string> }[];
const file = (name: string, props?: Partial<TracingProps>) => {
  const found = maps(props).find(({ data }) => name in data);
  if (!found) throw new Error(`no ConfigMap has ${name}`);
  return parse(found.data[name] as string);
};
const tempo = (props?: Partial<TracingProps>) => {
  const found = Object.values(synthesized(props).resources('helm_release')).find(({ name }) => name === 'tempo');
  if (!found) throw new Error('no release tempo');
  return { ...found, values: parse((found.values as string[])[0] as string, { version: '1.1' }) };
};

test('Tempo is installed by the pinned chart, with its data on a volume that a destroy removes', () => {
  expect(tempo()).toMatchObject({
    version: '2.2.4',
    values: {
      tempo: { retention: '168h', reportingEnabled: false },
      persistence: { enabled: true, size: '10Gi', storageClassName: 'encrypted', enableStatefulSetAutoDeletePVC: true },
    },
  });
});

test('Tempo takes OTLP over HTTP only', () => {
  expect(tempo().values.tempo.receivers).toEqual({
    jaeger: null,
    otlp: { protocols: { grpc: null, http: { endpoint: '0.0.0.0:4318' } } },
  });
});

test('all spans of a trace come to one collector, which may do nothing but listen and send', () => {
  const { spec } = collector();
  expect(spec.replicas).toBe('1');
  const [container] = spec.template.spec.container;
  expect(container).toMatchObject({
    image: 'docker.io/otel/opentelemetry-collector-contrib:0.150.0',
    args: ['--config=/etc/otelcol/config.yaml'],
    security_context: { read_only_root_filesystem: true, capabilities: { drop: ['ALL'] } },
  });
});

test.each([
  [undefined, 100, 10],
  [{ slo: new ServiceLevelObjective({ latencyP99Ms: 250 }), keptPercent: 1 }, 250, 1],
])(
  'the collector keeps what failed, what is slower than the objective, and a share of the rest (%#)',
  (props, ms, share) => {
    expect(file('config.yaml', props).processors.tail_sampling.policies).toEqual([
      { name: 'failed', type: 'status_code', status_code: { status_codes: ['ERROR'] } },
      { name: 'slow', type: 'latency', latency: { threshold_ms: ms } },
      { name: 'some', type: 'probabilistic', probabilistic: { sampling_percentage: share } },
    ]);
  },
);

test('another configuration makes another pod', () => {
  const annotations = (props?: Partial<TracingProps>) => collector(props).spec.template.metadata.annotations;
  expect(annotations()).not.toEqual(annotations({ keptPercent: 5 }));
  expect(annotations()).toEqual({ 'recommender/config-sha256': expect.stringMatching(/^[0-9a-f]{64}$/) });
});

test('the server is told where to send them by settings that it has', () => {
  const environment = tracingEnvironment(new ServiceLevelObjective({ latencyP99Ms: 250 }));
  expect(environment).toEqual({
    [environmentVariable('otlpEndpoint')]: 'http://trace-collector.monitoring.svc:4318',
    [environmentVariable('traceSampleRatio')]: '0.1',
    [environmentVariable('traceSlowMs')]: '250',
  });
  const service = Object.values(synthesized().resources('kubernetes_service_v1')).find(
    ({ metadata }) => (metadata as { name: string }).name === 'trace-collector',
  );
  expect(service).toMatchObject({ spec: { port: [{ port: 4318, target_port: 'otlp-http' }] } });
});

test('spans may go from the server to the collector and on to Tempo, and nowhere else', () => {
  const policies = Object.values(synthesized().resources('kubernetes_network_policy_v1')) as {
    metadata: { name: string; annotations?: Record<string, string> };
  }[];
  const reasons = (name: string) =>
    policies.find(({ metadata }) => metadata.name === name)?.metadata.annotations?.['recommender/reasons'];
  const monitoring = /\$\{kubernetes_namespace_v1\.Observability_Namespace_\w+\.metadata\[0\]\.name\}/g;
  expect(reasons('model-server')).toContain('on 4318/TCP: It hands on its traces.');
  expect(reasons('trace-collector')?.replace(monitoring, 'monitoring').split('\n')).toEqual([
    'to pods k8s-app=kube-dns in kube-system on 53/UDP, 53/TCP: It looks names up.',
    'from pods app.kubernetes.io/component=model-server in recommender on 4318/TCP: The model server hands on its traces.',
    'to pods app.kubernetes.io/name=tempo in monitoring on 4318/TCP: It keeps traces in Tempo.',
  ]);
});

test("Tempo is a data source of Grafana's, where a span leads to its lines in Loki", () => {
  expect(file('tempo.yaml').datasources[0]).toMatchObject({
    uid: 'tempo',
    url: 'http://tempo.monitoring.svc:3200',
    jsonData: { tracesToLogsV2: { datasourceUid: 'loki', filterByTraceID: true } },
  });
});

describe("a cloud's own store of traces", () => {
  const identity = {
    ...TRACE_COLLECTOR_SERVICE_ACCOUNT,
    serviceAccountAnnotations: { 'cloud/identity': 'traces' },
    podLabels: { 'cloud/use': 'true' },
    credentialSources: [{ cidr: '169.254.170.23/32', port: 80 }],
    ready: [],
  };
  const destination = {
    tracesUrl: 'https://traces.example.com/v1/traces',
    authenticator: { type: 'sigv4auth', settings: { region: 'us-east-1', service: 'xray' } },
    identity,
  };

  test('gets what Tempo gets, signed', () => {
    const { extensions, exporters, service } = file('config.yaml', { destination });
    expect(extensions.sigv4auth).toEqual({ region: 'us-east-1', service: 'xray' });
    expect(exporters).toEqual({
      otlp_http: { endpoint: 'http://tempo:4318' },
      'otlp_http/cloud': { traces_endpoint: destination.tracesUrl, auth: { authenticator: 'sigv4auth' } },
    });
    expect(service.extensions).toEqual(['health_check', 'sigv4auth']);
    expect(service.pipelines.traces.exporters).toEqual(['otlp_http', 'otlp_http/cloud']);
  });

  test('is reached by an identity of its own, whose token for the API server the pods do not get', () => {
    const accounts = Object.values(synthesized({ destination }).resources('kubernetes_service_account_v1')) as {
      metadata: { name: string };
      automount_service_account_token: boolean;
    }[];
    const account = accounts.find(({ metadata }) => metadata.name === 'trace-collector');
    expect(account).toMatchObject({
      metadata: { annotations: identity.serviceAccountAnnotations },
      automount_service_account_token: false,
    });
    const { template } = collector({ destination }).spec;
    expect(template.spec).toMatchObject({
      service_account_name: expect.stringMatching(/service_account_v1\.Tracing_/),
    });
    expect(template.metadata).toMatchObject({ labels: identity.podLabels });
    expect(collector().spec.template.spec).not.toHaveProperty('service_account_name');
  });

  test('opens the way to it and to the credentials, and to nothing else', () => {
    const policies = Object.values(synthesized({ destination }).resources('kubernetes_network_policy_v1')) as {
      metadata: { name: string; annotations?: Record<string, string> };
    }[];
    const reasons = policies.find(({ metadata }) => metadata.name === 'trace-collector')?.metadata.annotations;
    expect(reasons?.['recommender/reasons']?.split('\n').slice(1, -2)).toEqual([
      "to anywhere on 443/TCP: It keeps traces in the cloud's store.",
      'to 169.254.170.23/32 on 80/TCP: It gets the credentials of its identity.',
    ]);
  });

  test('makes another pod by what Terraform knows when a setting is known only then', () => {
    const unknown = (stack: TerraformStack) => new TerraformVariable(stack, 'region', {}).stringValue;
    const template = inCluster((stack, namespace) => {
      const slo = new ServiceLevelObjective();
      const server = modelServer(stack, namespace, { slo });
      const observability = new ObservabilityStack(stack, 'Observability', {
        cluster: CLUSTER,
        modelServer: server,
        slo,
      });
      const authenticator = { type: 'sigv4auth', settings: { region: unknown(stack) } };
      new Tracing(stack, 'Tracing', {
        cluster: CLUSTER,
        observability,
        modelServer: server,
        slo,
        destination: { ...destination, authenticator },
      });
    });
    const found = Object.values(template.resources('kubernetes_deployment_v1')).find(
      ({ metadata }) => (metadata as { name: string }).name === 'trace-collector',
    ) as ReturnType<typeof collector>;
    expect(found.spec.template.metadata.annotations).toEqual({
      'recommender/config-sha256': expect.stringMatching(
        /^\$\{sha256\(kubernetes_config_map_v1\.Tracing_Collector_Settings_\w+\.data\["config\.yaml"\]\)\}$/,
      ),
    });
  });

  test('fails when the identity is of another service account', () => {
    const other = { ...destination, identity: { ...identity, namespace: 'shop' } };
    expect(() => synthesized({ destination: other })).toThrow(
      'identity belongs to the service account shop/trace-collector, but the pods run as monitoring/trace-collector.',
    );
  });
});

test.each<[Partial<TracingProps>, string]>([
  [{ keptPercent: 101 }, 'keptPercent is 101; allowed is 0 to 100.'],
  [{ retentionDays: 0 }, 'retentionDays is 0; allowed are whole numbers from 1.'],
  [{ volumeGib: 0.5 }, 'volumeGib is 0.5; allowed are whole numbers from 1.'],
])('fails when %j', (props, message) => {
  expect(() => synthesized(props)).toThrow(message);
});

test('the collector is made of this', async () => {
  const hcl = await synthesized().hcl();
  const blocks = hcl.split(/^(?=resource )/m).filter((block) => /^resource "\w+" "Tracing_Collector/.test(block));
  expect(blocks.join('')).toMatchSnapshot();
});
