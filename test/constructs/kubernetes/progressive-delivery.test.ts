import { Lazy, type TerraformStack } from 'cdktf';
import { parse } from 'yaml';
import {
  Autoscaling,
  DeliveryShape,
  DeliveryWebhook,
  EnvoyGateway,
  Flagger,
  Gateway,
  GatewayAuthentication,
  GatewayCertificate,
  Keda,
  KedaTrigger,
  ModelVersion,
  ObservabilityStack,
  ProgressiveDelivery,
  type ProgressiveDeliveryProps,
  type RecommenderNamespace,
} from '../../../constructs/kubernetes';
import { CapacityPlan, ServiceLevelObjective } from '../../../src';
import { CLUSTER, inCluster, keepDefault, modelServer, release } from './fixtures';

// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
type Json = any;
type Options = Partial<ProgressiveDeliveryProps> & {
  readonly byKeda?: boolean;
  readonly withoutFlagger?: boolean;
  readonly modelVersion?: string;
  readonly pinnedByFollower?: boolean;
};

const slo = new ServiceLevelObjective();
const synthesized = keepDefault(({ byKeda, withoutFlagger, modelVersion, pinnedByFollower, ...props }: Options = {}) =>
  inCluster((stack: TerraformStack, namespace: RecommenderNamespace) => {
    const cluster = CLUSTER;
    const envoyGateway = new EnvoyGateway(stack, 'EnvoyGateway', { cluster });
    const flagger = new Flagger(stack, 'Flagger', { cluster, gatewayApi: envoyGateway.release });
    const triggers = [KedaTrigger.requestsPerSecond({ perReplica: 600 })] as const;
    const server = modelServer(stack, namespace, {
      rolledOutBy: withoutFlagger ? undefined : flagger,
      modelVersion: pinnedByFollower
        ? ModelVersion.pinnedByFollower()
        : modelVersion === undefined
          ? undefined
          : ModelVersion.fixed(modelVersion),
      autoscaling: byKeda
        ? Autoscaling.keda({ keda: new Keda(stack, 'Keda', { cluster }), triggers: [...triggers] })
        : undefined,
    });
    const gateway = new Gateway(stack, 'Gateway', {
      namespace,
      controller: envoyGateway,
      modelServer: server,
      hostname: 'recommendations.shop.example.com',
      certificate: GatewayCertificate.secret('certificate'),
      authentication: GatewayAuthentication.none(),
      capacity: new CapacityPlan(),
      slo,
    });
    new ProgressiveDelivery(stack, 'Delivery', { flagger, modelServer: server, gateway, slo, ...props });
    new ObservabilityStack(stack, 'Observability', { cluster, modelServer: server, slo });
  }),
);
const objects = (name: string, props?: Options): Json[] =>
  parse(release(synthesized(props), name).values[0], { version: '1.1' }).objects;
const canary = (props?: Options): Json => {
  const found = objects('model-server-delivery', props).filter(({ kind }) => kind === 'Canary');
  expect(found).toHaveLength(1);
  return found[0];
};
const templates = (props?: Options) =>
  objects('model-server-delivery', props).filter(({ kind }) => kind === 'MetricTemplate');

describe('what is rolled out', () => {
  test("is the model server's Deployment, with its autoscaler", () => {
    expect(canary().spec).toMatchObject({
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment' },
      autoscalerRef: { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
    });
    const { targetRef, autoscalerRef } = canary().spec;
    expect(targetRef.name).toMatch(/^\$\{kubernetes_deployment_v1\.ModelServer_\w+\.metadata\[0\]\.name\}$/);
    expect(autoscalerRef.name).toBe(targetRef.name);
  });

  test('has its ScaledObject where KEDA scales it', () => {
    expect(canary({ byKeda: true }).spec.autoscalerRef).toMatchObject({
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledObject',
    });
  });

  test('has no Service and no route of its own, because Flagger makes them', () => {
    expect(synthesized().resources('kubernetes_service_v1')).toEqual({});
    const kinds = objects('gateway').map(({ kind, metadata: { name } }) => `${kind} ${name}`);
    expect(kinds).toContain('HTTPRoute recommender-redirect');
    expect(kinds).not.toContain('HTTPRoute model-server');
  });

  test("is reached through the gateway's TLS, by the API's paths alone, as the route without Flagger", () => {
    expect(canary().spec.service).toMatchObject({
      port: 80,
      targetPort: 'http',
      hosts: ['recommendations.shop.example.com'],
      gatewayRefs: [{ name: 'recommender', sectionName: 'https' }],
      match: [{ uri: { prefix: '/v1' } }, { uri: { prefix: '/v2' } }],
    });
  });

  test("keeps the gateway's limits, which are for the route that Flagger makes", () => {
    const { spec } = objects('gateway').find(({ kind }) => kind === 'BackendTrafficPolicy');
    expect(spec.targetRefs).toEqual([{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'model-server' }]);
  });

  test("is alerted on by the autoscaler of what was promoted, which is Flagger's copy", () => {
    expect(release(synthesized(), 'kube-prometheus-stack').values[0]).toContain(
      'horizontalpodautoscaler="model-server-primary"',
    );
  });

  test('fails when the model server has a Service of its own', () => {
    expect(() => synthesized({ withoutFlagger: true })).toThrow(
      'test/Delivery: modelServer is not made with `rolledOutBy: flagger`',
    );
  });
});

describe('the gates', () => {
  test("are what would page somebody, the objective's latency, and no pod with another model", () => {
    expect(
      canary().spec.analysis.metrics.map(({ name, thresholdRange, templateRef }: Json) => [
        name,
        thresholdRange,
        templateRef,
      ]),
    ).toEqual([
      ['error-percentage', { max: 1.44 }, { name: 'error-percentage' }],
      ['latency-p99-ms', { max: 100 }, { name: 'latency-p99-ms' }],
      ['pods-with-another-model', { max: 0 }, { name: 'pods-with-another-model' }],
    ]);
  });

  test.each([
    ['the pinned version', 'b'.repeat(64), 'model_version="bbbbbbbbbbbb"}) or vector(0))'],
    [
      'a version that Terraform knows later',
      Lazy.stringValue({ produce: () => 'b'.repeat(64) }),
      'model_version="${substr(',
    ],
    ['one that a promoted pod has', undefined, ' and on (model_version) recommender_model_info{'],
  ])('want of the model %s', (_, modelVersion, expected) => {
    const [, , { spec }] = templates({ modelVersion });
    expect(spec.query).toContain(expected);
    expect(spec.query).toMatch(/^count\(recommender_ready\{[^}]*\{\{ namespace \}\}/);
  });

  test('leave it to the pods whether they have the one that a follower pinned: no promoted pod does', () => {
    const [, , { spec }] = templates({ pinnedByFollower: true });
    expect(spec.query).toMatch(
      / - \(count\(recommender_model_wanted\{[^}]*\{\{ namespace \}\}.*\} == 1\) or vector\(0\)\)$/,
    );
  });

  test('ask Prometheus about the pods of the new version alone', () => {
    expect(templates().map(({ metadata: { name } }) => name)).toEqual([
      'error-percentage',
      'latency-p99-ms',
      'pods-with-another-model',
    ]);
    for (const { spec } of templates()) {
      expect(spec.provider.address).toBe('http://kube-prometheus-stack-prometheus.monitoring.svc:9090');
      const [, pattern] = /pod=~"([^"]+)"/.exec(spec.query) ?? [];
      const pod = new RegExp(`^${pattern?.replace('{{ target }}', 'model-server')}$`);
      expect('model-server-5d9f8c7b6d-x2x4z').toMatch(pod);
      expect('model-server-primary-5d9f8c7b6d-x2x4z').not.toMatch(pod);
    }
  });
});

describe('the shape', () => {
  test.each([
    ['a canary by default', undefined, { stepWeight: 10, maxWeight: 50 }],
    ['a canary', DeliveryShape.canary({ stepWeight: 5, maxWeight: 30 }), { stepWeight: 5, maxWeight: 30 }],
    ['blue/green', DeliveryShape.blueGreen(), { iterations: 5 }],
    ['mirrored', DeliveryShape.mirrored({ iterations: 3 }), { iterations: 3, mirror: true }],
    [
      'A/B',
      DeliveryShape.abTest({ header: { name: 'x-experiment', value: 'b' } }),
      { iterations: 5, match: [{ headers: { 'x-experiment': { exact: 'b' } } }] },
    ],
  ])('is %s', (_, shape, expected) => {
    const { interval, threshold, metrics, webhooks, ...rest } = canary(shape && { shape }).spec.analysis;
    expect(rest).toEqual(expected);
    expect([interval, threshold, metrics.length, webhooks]).toEqual(['60s', 3, 3, []]);
  });

  test('has webhooks for a load test and for an approval', () => {
    const webhooks = [
      DeliveryWebhook.loadTest({ url: 'http://load-tester.test/', command: 'k6 run shop.js' }),
      DeliveryWebhook.approval({ url: 'http://approvals.test/model-server' }),
    ];
    expect(canary({ webhooks }).spec.analysis.webhooks).toEqual([
      {
        name: 'load-test',
        type: 'rollout',
        url: 'http://load-tester.test/',
        metadata: { type: 'cmd', cmd: 'k6 run shop.js' },
      },
      { name: 'approval', type: 'confirm-promotion', url: 'http://approvals.test/model-server' },
    ]);
  });

  test.each([0, 59, 60.5])('fails when gates are looked at every %d s', (intervalSeconds) => {
    expect(() => synthesized({ intervalSeconds })).toThrow(
      `test/Delivery: intervalSeconds is ${intervalSeconds}; allowed are whole seconds from 60.`,
    );
  });
});

test('it comes after Flagger and the gateway, and Flagger after the Gateway API', () => {
  const after = (name: string) => [...release(synthesized(), name).depends_on].sort();
  expect(after('model-server-delivery')).toEqual([
    expect.stringMatching(/^helm_release\.Flagger_/),
    expect.stringMatching(/^helm_release\.Gateway_/),
  ]);
  expect(after('flagger')).toEqual([expect.stringMatching(/^helm_release\.EnvoyGateway_/)]);
  expect(release(synthesized(), 'flagger')).toMatchObject({ repository: 'https://flagger.app', version: '1.44.0' });
});

test('the HCL', async () => {
  const hcl = await synthesized().hcl();
  expect(
    hcl.slice(
      hcl.indexOf('resource "helm_release" "Delivery'),
      hcl.indexOf('resource "kubernetes_namespace_v1" "Observ'),
    ),
  ).toMatchSnapshot();
});
