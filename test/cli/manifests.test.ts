import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretV1 } from '@cdktf/provider-kubernetes/lib/secret-v1';
import type { TerraformStack } from 'cdktf';
import { parse, parseAllDocuments } from 'yaml';
import { applicationChart } from '../../cli/manifests/application-chart';
import { mark } from '../../cli/manifests/chart-template';
import { unknownValue } from '../../cli/manifests/chart-values';
import { knownContents } from '../../cli/manifests/known-values';
import { plainYaml } from '../../cli/manifests/plain-yaml';
import { staleFiles, writeFiles } from '../../cli/manifests/written-files';
import {
  Autoscaling,
  CustomResources,
  EnvoyGateway,
  Gateway,
  GatewayAuthentication,
  GatewayCertificate,
  Keda,
  KedaTrigger,
  ObservabilityStack,
  type RecommenderNamespace,
} from '../../constructs/kubernetes';
import { CapacityPlan, ServiceLevelObjective } from '../../src';
import { evaluate, written } from '../../src/synthesized/expressions';
import { type KubernetesObject, kubernetesObject } from '../../src/synthesized/kubernetes-object';
import { CLUSTER, inCluster, modelServer } from '../constructs/kubernetes/fixtures';
import { stackOn } from '../stacks/both-clouds';
import { recommender } from './recommender';

const folder = mkdtempSync(join(tmpdir(), 'manifests-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DIGEST = `registry.example.com/model-server@sha256:${'a'.repeat(64)}`;
const objectsIn = (text: string): KubernetesObject[] =>
  parseAllDocuments(text, { version: '1.1' })
    .map((document) => document.toJS())
    .filter(Boolean);
const named = (objects: readonly KubernetesObject[], kind: string, name: string) => {
  const found = objects.filter((object) => object.kind === kind && object.metadata.name === name);
  expect(found).toHaveLength(1);
  // biome-ignore lint/suspicious/noExplicitAny: API objects
  return found[0] as any;
};
const NOTHING_GIVEN = { set: {} };
const nobody = (address: readonly (string | number)[]) => {
  throw new Error(`nobody knows ${written(address)}`);
};

describe("what is in the repository's folders", () => {
  it.each([[[]], [['--chart']]])('is what the stack local is; npm run manifests writes it (%j)', async (flags) => {
    const { exitCode, stderr } = await recommender(['manifests', '--check', ...flags]);
    expect(stderr).not.toContain('stale');
    expect(exitCode).toBe(0);
  });
});

describe('recommender manifests', () => {
  const out = join(folder, 'out');
  const manifest = (name: string) => join(out, 'manifests', name);

  it('tells what is stale and which command writes it', async () => {
    const { exitCode, stderr } = await recommender(['manifests', '--out', join(folder, 'none'), '--check']);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^recommender: \d+ files are stale: .*manifests\/10-service\.yaml/m);
    expect(stderr).toContain(`'npx recommender manifests --out ${join(folder, 'none')}' writes them`);
  });

  it('names every value that only a cloud knows, in one line', async () => {
    const { exitCode, stderr } = await recommender(['manifests', 'aws-prod', '--out', out]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /recommender: the manifests of aws-prod need values that its config lacks: --image; --state, or --set for data\.aws_region\.\w+\.id\.\n/,
    );
  });

  const [region = ''] = Object.keys(stackOn('aws').dataSources('aws_region'));
  const state = join(folder, 'state.json');
  const known = { mode: 'data', type: 'aws_region', name: region, instances: [{ attributes: { id: 'eu-west-1' } }] };
  writeFileSync(state, JSON.stringify({ version: 4, resources: [known] }));

  it.each([[['--state', state]], [['--set', `data.aws_region.${region}.id=eu-west-1`]]])(
    'takes them from the state of the deployed stack, or one by one: %j',
    async (given) => {
      const { exitCode } = await recommender(['manifests', 'aws-prod', '--out', out, '--image', DIGEST, ...given]);
      expect(exitCode).toBe(0);
      const cronJob = named(objectsIn(readFileSync(manifest('10-cron-job.yaml'), 'utf8')), 'CronJob', 'model-sync');
      const [container] = cronJob.spec.jobTemplate.spec.template.spec.containers;
      expect(container).toMatchObject({
        image: DIGEST,
        env: expect.arrayContaining([{ name: 'AWS_REGION', value: 'eu-west-1' }]),
      });
    },
  );

  it.each([
    [['aws-moon'], 'there is no stack aws-moon; the config declares'],
    [
      ['--state', join(__dirname, 'recommender.ts')],
      "is no Terraform state of version 4; 'terraform state pull' prints one",
    ],
    [['--state', join(folder, 'none')], 'none'],
    [['--set', 'image'], 'allowed is an address and a value'],
  ])('exits with 2 on %j', async (args, message) => {
    const { exitCode, stderr } = await recommender(['manifests', ...args, '--out', out]);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(exitCode).toBe(2);
  });
});

describe('written files', () => {
  const out = join(folder, 'written');
  const path = (name: string) => join(out, 'manifests', name);
  const head = '# Written by `recommender manifests local`\n';
  const files = { 'manifests/10-service.yaml': `${head}kind: Service\n` };

  it('are stale when changed, missing or left over, and written anew; what others put there stays', async () => {
    expect(await staleFiles(out, files)).toEqual(['manifests/10-service.yaml']);
    await writeFiles(out, files);
    expect(await staleFiles(out, files)).toEqual([]);
    writeFileSync(path('10-service.yaml'), `${head}kind: Changed\n`);
    writeFileSync(path('10-job.yaml'), `${head}kind: Job\n`);
    writeFileSync(path('mine.yaml'), 'kind: Mine\n');
    expect(await staleFiles(out, files)).toEqual(['manifests/10-job.yaml', 'manifests/10-service.yaml']);

    await writeFiles(out, files);
    expect(await staleFiles(out, files)).toEqual([]);
    expect(readdirSync(join(out, 'manifests')).sort()).toEqual(['10-service.yaml', 'mine.yaml']);
    expect(readFileSync(path('10-service.yaml'), 'utf8')).toBe(files['manifests/10-service.yaml']);
  });

  it('are left over in a folder that nothing goes to any more, too', async () => {
    await writeFiles(out, { ...files, 'monitoring/20-pod-monitor.yaml': `${head}kind: PodMonitor\n` });
    expect(await staleFiles(out, files)).toEqual(['monitoring/20-pod-monitor.yaml']);
  });
});

describe('an expression', () => {
  const stack = { a_b: { C: { metadata: { name: 'shop' }, list: ['x'], map: { b: '1', a: '<&>' } } } };
  const lookup = ([type, id, ...path]: readonly (string | number)[]) =>
    path
      .filter((part) => part !== 0)
      // biome-ignore lint/suspicious/noExplicitAny: looks into an example
      .reduce((at: any, part) => at?.[part], (stack as any)[String(type)]?.[String(id)]);

  it.each<[unknown, unknown]>([
    [`\${a_b.C.metadata[0].name}`, 'shop'],
    [`s3://\${a_b.C.metadata[0].name}/\${a_b.C.metadata[0].name}`, 's3://shop/shop'],
    [`\${a_b.C.list}`, ['x']],
    [`$\${a} and %%{b}`, `\${a} and %{b}`],
    [{ a: [`\${a_b.C.metadata["name"]}`, 1, true] }, { a: ['shop', 1, true] }],
    // Terraform's own: jsonencode writes keys in order, and <, > and & escaped.
    [`\${jsonencode(a_b.C.map)}`, '{"a":"\\u003c\\u0026\\u003e","b":"1"}'],
    [`\${sha256("shop")}`, createHash('sha256').update('shop').digest('hex')],
  ])('%j is %j', (expression, value) => {
    expect(evaluate(expression, lookup)).toEqual(value);
  });

  it.each([`\${1 + 1}`, `\${a ? b : c}`, `\${format("%s", "x")}`, `\${a_b.C`])('fails with %s', (expression) => {
    expect(() => evaluate(expression, lookup)).toThrow("can't evaluate");
  });
});

describe('an object of the API', () => {
  it('fails for a resource type or a repeated block that nobody has told it of', () => {
    const metadata = { name: 'one' };
    expect(() => kubernetesObject('kubernetes_endpoints_v1', { metadata })).toThrow(
      'kubernetes_endpoints_v1 has no kind in',
    );
    const spec = { gizmo: [{ name: 'a' }, { name: 'b' }] };
    expect(() => kubernetesObject('kubernetes_service_v1', { metadata, spec })).toThrow('Service has gizmo, which');
  });

  it('has no field that Terraform leaves to a controller', () => {
    const { objects } = knownContents(stackOn('aws').json, { set: { 'var.image': DIGEST } }, () => 'x');
    expect(named(objects, 'Deployment', 'model-server').spec).not.toHaveProperty('replicas');
    expect(named(objects, 'HorizontalPodAutoscaler', 'model-server').spec).toMatchObject({
      minReplicas: 2,
      maxReplicas: 50,
    });
  });

  it('of a cloud has the names that its config gives what it makes', () => {
    const { objects } = knownContents(stackOn('azure').json, NOTHING_GIVEN, unknownValue);
    const { data } = named(objects, 'ConfigMap', 'model-server');
    expect(data.RECOMMENDER_STORE).toMatch(/^az:\/\/recommenderprodm\w{8}\/models$/);
  });
});

describe('a Secret', () => {
  const stack = inCluster((stack: TerraformStack, namespace: RecommenderNamespace) => {
    modelServer(stack, namespace);
    new SecretV1(stack, 'Secret', {
      metadata: { name: 'keys', namespace: namespace.namespaceName },
      data: { key: 'hunter2' },
    });
  });

  it('is written nowhere, and the page says that it has to be made', () => {
    const files = plainYaml('shop', knownContents(stack.json, NOTHING_GIVEN, nobody));
    const chart = applicationChart('shop', '1.0.0', knownContents(stack.json, NOTHING_GIVEN, nobody));
    expect(Object.values({ ...files, ...chart }).join('')).not.toContain('hunter2');
    expect(files['manifests/10-service.yaml']).toContain('kind: Service');
    expect(files['manifests/README.md']).toContain('Make them in the cluster: recommender/keys.');
  });
});

test.each([
  ['ClusterPolicy', false],
  ['VolumeSnapshotClass', false],
  ['ValidatingAdmissionPolicyBinding', false],
  ['NodePool', false],
  ['KafkaNodePool', true],
  ['SecurityPolicy', true],
])("whether a release's %s belongs to its namespace: %s", (kind, belongs) => {
  const stack = inCluster((stack: TerraformStack) => {
    const object = { apiVersion: 'shop.example.com/v1', kind, metadata: { name: 'one' }, spec: {} };
    new CustomResources(stack, 'One', { releaseName: 'one', namespaceName: 'shop', objects: [object], dependsOn: [] });
  });
  const [object] = knownContents(stack.json, NOTHING_GIVEN, nobody).customResources.one ?? [];
  expect(object?.metadata).toEqual({ name: 'one', ...(belongs && { namespace: 'shop' }) });
});

/** A stack with operators: what the stacks of the config may have by choice. */
const withOperators = inCluster((stack: TerraformStack, namespace: RecommenderNamespace) => {
  const [cluster, slo, capacity] = [CLUSTER, new ServiceLevelObjective(), new CapacityPlan()];
  const triggers = [KedaTrigger.requestsPerSecond({ perReplica: 600 })] as const;
  const autoscaling = Autoscaling.keda({ keda: new Keda(stack, 'Keda', { cluster }), triggers: [...triggers] });
  const server = modelServer(stack, namespace, { autoscaling });
  new Gateway(stack, 'Gateway', {
    namespace,
    controller: new EnvoyGateway(stack, 'EnvoyGateway', { cluster }),
    modelServer: server,
    hostname: 'recommendations.shop.example.com',
    certificate: GatewayCertificate.secret('certificate'),
    authentication: GatewayAuthentication.none(),
    capacity,
    slo,
  });
  new ObservabilityStack(stack, 'Observability', { cluster, modelServer: server, slo });
});

describe('a stack with operators', () => {
  const contents = knownContents(withOperators.json, NOTHING_GIVEN, nobody);
  const files = plainYaml('shop', contents);

  it("has their objects as plain YAML, in their release's namespace but for those that have none", () => {
    const gateway = objectsIn(files['manifests/20-gateway.yaml'] ?? '');
    expect(named(gateway, 'Gateway', 'recommender').metadata.namespace).toBe('recommender');
    const classes = Object.values(files).flatMap((text) =>
      text.includes('kind: GatewayClass') ? objectsIn(text) : [],
    );
    expect(classes.filter(({ kind }) => kind === 'GatewayClass').map(({ metadata }) => metadata.namespace)).toEqual([
      undefined,
    ]);
    const [scaled] = Object.entries(contents.customResources).flatMap(([, own]) =>
      own.filter(({ kind }) => kind === 'ScaledObject'),
    );
    expect(scaled?.spec).toMatchObject({ scaleTargetRef: { name: 'model-server' }, minReplicaCount: 2 });
  });

  it('has rules and monitors as objects, once, with the label that Prometheus selects them by', () => {
    const [rules] = objectsIn(files['monitoring/20-prometheus-rule.yaml'] ?? '');
    const [monitor] = objectsIn(files['monitoring/20-pod-monitor.yaml'] ?? '');
    for (const object of [rules, monitor]) {
      expect(object?.metadata).toMatchObject({ namespace: 'monitoring', labels: { release: 'kube-prometheus-stack' } });
    }
    expect(monitor).toMatchObject({ kind: 'PodMonitor', metadata: { name: 'model-server' } });
    expect(monitor?.spec).not.toHaveProperty('name');
    expect(JSON.stringify(rules)).toContain('RecommenderErrorBudgetBurn');
    const values = files['helm/kube-prometheus-stack.yaml'] ?? '';
    expect(values).not.toContain('RecommenderErrorBudgetBurn');
    expect(parse(values).prometheus).toEqual({ prometheusSpec: expect.anything() });
  });

  it('tells how each chart is installed, between the namespaces and what needs its kinds', () => {
    const lines = (files['manifests/README.md'] ?? '').split('\n').filter((line) => /^(kubectl|helm) /.test(line));
    expect(lines[0]).toBe('kubectl apply --server-side -f manifests/00-namespace.yaml -f monitoring/00-namespace.yaml');
    expect(
      lines
        .slice(1, -1)
        .map((line) => line.split(' ')[3])
        .sort(),
    ).toEqual(['envoy-gateway', 'keda', 'kube-prometheus-stack']);
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^helm upgrade --install envoy-gateway oci:\/\/docker\.io\/envoyproxy\/gateway-helm --version v/,
      ),
    );
    expect(lines.at(-1)).toBe('kubectl apply --server-side -f monitoring/ -f manifests/');
  });

  it('is a chart without the namespaces of operators, which are there before it', () => {
    const chart = applicationChart('shop', '1.2.3', contents);
    expect(chart['charts/recommender/templates/00-namespace.yaml']).toContain('name: recommender');
    expect(chart['charts/recommender/templates/00-namespace.yaml']).not.toContain('name: keda');
    expect(files['manifests/00-namespace.yaml']).toContain('name: keda');
  });

  it('is a chart whose bounds are those of the ScaledObject', () => {
    const chart = applicationChart('shop', '1.2.3', contents);
    expect(parse(chart['charts/recommender/values.yaml'] ?? '').replicas).toEqual({ min: 2, max: 50 });
    expect(Object.values(chart).join('')).toContain('minReplicaCount: {{ .Values.replicas.min | int }}');
    expect(parse(chart['charts/recommender/Chart.yaml'] ?? '')).toMatchObject({
      version: '1.2.3',
      appVersion: '1.2.3',
    });
  });
});

describe('the chart of a stack in a cloud', () => {
  const chart = applicationChart(
    'azure-prod',
    '1.0.0',
    knownContents(stackOn('azure').json, NOTHING_GIVEN, unknownValue),
  );
  const values = parse(chart['charts/recommender/values.yaml'] ?? '');
  const { properties } = JSON.parse(chart['charts/recommender/values.schema.json'] ?? '{}');

  it('has a value for what only the cloud knows, which must not be left empty', () => {
    expect(values).toMatchObject({
      image: '',
      serviceAccount: { annotations: { 'azure.workload.identity/client-id': '' } },
      cloud: { clusterSyncIdentityClientId: '', clusterSyncIdentityTenantId: '' },
    });
    expect(properties.image).toMatchObject({ minLength: 1 });
    expect(properties.cloud.properties.clusterSyncIdentityClientId).toEqual({ type: 'string', minLength: 1 });
    expect(properties.serviceAccount.properties.annotations.required).toContain('azure.workload.identity/client-id');
  });

  it('names the store once, for the server and for the sync', () => {
    const store = values.modelStoreUrl;
    expect(store).toMatch(/^az:/);
    const templates = Object.entries(chart).filter(([path]) => path.includes('/templates/'));
    expect(templates.filter(([, text]) => text.includes(store))).toEqual([]);
    expect(chart['charts/recommender/templates/10-cron-job.yaml']).toContain('{{ .Values.modelStoreUrl | quote }}');
  });

  it('fails where an expression would be no value of a key', () => {
    const own = { ...knownContents(stackOn('aws').json, { set: {} }, unknownValue) };
    const objects = [
      ...own.objects,
      {
        apiVersion: 'v1',
        kind: 'Widget',
        metadata: { name: 'w', namespace: 'shop' },
        args: [mark('text', '.Values.image')],
      },
    ];
    expect(() => applicationChart('aws-prod', '1.0.0', { ...own, objects })).toThrow(
      "the chart can't have an expression of Helm's here",
    );
  });
});
