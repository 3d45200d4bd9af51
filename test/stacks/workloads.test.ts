import { parse } from 'yaml';
import type { SynthesizedStack } from '../helpers/synth';
import { CLOUDS, type Options, stackOn } from './both-clouds';

// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
type Json = any;
type Choices = NonNullable<Options['choices']>;

const GATEWAY: NonNullable<Choices['gateway']> = {
  hostname: 'recommendations.shop.test',
  certificate: { kind: 'acme', email: 'oncall@shop.test' },
  authentication: { kind: 'jwt', issuer: 'shop', audiences: ['api'], jwksUri: 'https://shop.test/keys' },
};
const EVERYTHING: Choices = {
  gateway: GATEWAY,
  delivery: { kind: 'canary', stepWeight: 20 },
  autoscaling: {
    kind: 'keda',
    schedules: [{ start: '0 18 * * 5', end: '0 23 * * 5', timezone: 'Europe/Berlin', replicas: 20 }],
  },
  alerts: {
    page: [{ kind: 'pagerduty' }, { kind: 'teams', key: 'on-call' }],
    ticket: [{ kind: 'slack', channel: '#shop' }],
  },
  logs: { kind: 'loki' },
  caches: ['histories', 'answers'],
  podPolicies: { action: 'warn', registries: ['registry.shop.test/recommender'] },
  traces: true,
  costs: true,
  probes: true,
  runtimeDetection: true,
};

const releases = (stack: SynthesizedStack): string[] =>
  Object.values(stack.resources('helm_release'))
    .map(({ name }) => name as string)
    .sort();
const values = (stack: SynthesizedStack, name: string): Json => {
  const release: Json = Object.values(stack.resources('helm_release')).find((one) => one.name === name);
  return parse(release.values[0], { version: '1.1' });
};

describe.each(CLOUDS)('on %s', (cloud) => {
  const whole = stackOn(cloud, { choices: EVERYTHING });

  test('nothing but monitoring is installed unless the config says so', () => {
    expect(releases(stackOn(cloud))).toEqual(['kube-prometheus-stack']);
  });

  test('with everything chosen, each operator comes with the objects that it is for', () => {
    expect(releases(whole)).toEqual([
      'blackbox-exporter',
      'cert-manager',
      'envoy-gateway',
      'envoy-gateway-class',
      'falco',
      'flagger',
      'fluent-bit',
      'gateway',
      'keda',
      'kube-prometheus-stack',
      'logging-rules',
      'loki',
      'model-server-autoscaler',
      'model-server-delivery',
      'opencost',
      'probes',
      'recommender-pods',
      'tempo',
      'valkey-answers',
      'valkey-answers-credentials',
      'valkey-histories',
      'valkey-histories-credentials',
    ]);
  });

  test('a first plan asks no API server: there is no manifest, nor data that is read from a cluster', () => {
    const read = Object.keys((whole.json.data ?? {}) as object).filter((type) => /^(kubernetes|helm)_/.test(type));
    expect(read).toEqual([]);
    const made = whole.resourceTypes().filter((type) => /^(kubernetes|helm)_/.test(type));
    expect(made).toContain('helm_release');
    expect(made.filter((type) => type.includes('manifest'))).toEqual([]);
  });

  test('logs may be in Elasticsearch instead', () => {
    const stack = stackOn(cloud, { choices: { logs: { kind: 'elasticsearch', nodes: 3 } } });
    expect(releases(stack)).toEqual([
      'elastic-operator',
      'elastic-stack',
      'fluent-bit',
      'kube-prometheus-stack',
      'logging-rules',
    ]);
    const [elasticsearch] = values(stack, 'elastic-stack').objects;
    expect(elasticsearch.spec.nodeSets[0].count).toBe(3);
  });

  test("the gateway has the config's name, authority and issuer", () => {
    const { objects } = values(whole, 'gateway');
    const of = (kind: string) => objects.filter((one: Json) => one.kind === kind).map(({ spec }: Json) => spec);
    expect(of('Gateway')[0].listeners.map(({ hostname }: Json) => hostname)).toEqual(Array(2).fill(GATEWAY.hostname));
    expect(of('Issuer')[0].acme.email).toBe('oncall@shop.test');
    expect(of('SecurityPolicy')[0].jwt.providers[0]).toMatchObject({ issuer: 'shop', audiences: ['api'] });
  });

  test('replicas follow what the capacity plans for each, and the schedule', () => {
    const [scaled] = values(whole, 'model-server-autoscaler').objects;
    expect(
      scaled.spec.triggers.map(({ type, metadata }: Json) => [type, metadata.threshold ?? metadata.start]),
    ).toEqual([
      ['prometheus', '600'],
      ['cron', '0 18 * * 5'],
    ]);
  });

  test('the server keeps in each cache what it is for, and counts requests where the histories are', () => {
    const deployments = Object.entries(whole.resources('kubernetes_deployment_v1'));
    const [, { spec }]: Json = deployments.find(([id]) => id.startsWith('ModelServer_'));
    const { projected }: Json = spec.template.spec.volume.find(({ name }: Json) => name === 'cache-urls');
    const files = projected[0].sources.map(({ secret: [{ name, items }] }: Json) => [items[0].path, name]);
    expect(Object.fromEntries(files)).toEqual({
      histories: 'valkey-histories-credentials',
      answers: 'valkey-answers-credentials',
      requestCounts: 'valkey-histories-credentials',
    });
  });

  test("the traces' collector is taken by digest from a registry of one's own", () => {
    const collectorImage = `registry.shop.test/collector@sha256:${'a'.repeat(64)}`;
    const image = (traces: Choices['traces']) => {
      const deployments = Object.entries(stackOn(cloud, { choices: { traces } }).resources('kubernetes_deployment_v1'));
      const [, { spec }]: Json = deployments.find(([id]) => id.startsWith('Tracing_'));
      return spec.template.spec.container[0].image;
    };
    expect(image({ collectorImage })).toBe(collectorImage);
    expect(image(true)).toMatch(/^docker\.io\/otel\//);
  });

  test('the volume of histories refuses a destroy where what holds data does', () => {
    const volume = (options: Options): Json =>
      stackOn(cloud, { choices: { caches: ['histories'] }, ...options }).resource(
        'kubernetes_persistent_volume_claim_v1',
      );
    expect(volume({}).lifecycle.prevent_destroy).toBe(true);
    expect(volume({ protection: false }).lifecycle.prevent_destroy).toBe(false);
  });

  test('it takes a node more, where those there are have no room left', () => {
    const least = (stack: SynthesizedStack): number => {
      const pool: Json =
        cloud === 'aws'
          ? stack.resource('aws_eks_node_group').scaling_config
          : stack.resource('azurerm_kubernetes_cluster').default_node_pool;
      return pool.min_size ?? pool.min_count;
    };
    expect(least(stackOn(cloud))).toBe(2);
    expect(least(whole)).toBe(3);
  });

  test('pods that cert-manager makes are not held to the rules for ours', () => {
    const [policy] = values(whole, 'recommender-pods').objects;
    expect(policy.spec.matchConditions[0].expression).toContain('system:serviceaccount:cert-manager:cert-manager');
  });

  test('every receiver is in the routes', () => {
    const { receivers } = values(whole, 'kube-prometheus-stack').alertmanager.config;
    expect(receivers.map(({ name, ...kinds }: Json) => [name, Object.keys(kinds)])).toEqual([
      ['nobody', []],
      ['page', ['pagerduty_configs', 'msteamsv2_configs']],
      ['ticket', ['slack_configs']],
    ]);
  });

  test.each([
    ['canary', { maxWeight: 30 }, { maxWeight: 30, stepWeight: 10 }],
    ['blue-green', { iterations: 3 }, { iterations: 3 }],
    ['mirrored', {}, { iterations: 5, mirror: true }],
    [
      'ab-test',
      { header: { name: 'x-experiment', value: 'b' } },
      { iterations: 5, match: [{ headers: { 'x-experiment': { exact: 'b' } } }] },
    ],
  ])('%s with %j is rolled out so', (kind, settings, analysis) => {
    const delivery = { kind, ...settings } as Choices['delivery'];
    const { objects } = values(stackOn(cloud, { choices: { gateway: GATEWAY, delivery } }), 'model-server-delivery');
    expect(objects.find((one: Json) => one.kind === 'Canary').spec.analysis).toMatchObject(analysis);
  });
});

test("AWS makes the gateway's load balancer a network load balancer", () => {
  const proxy = (cloud: (typeof CLOUDS)[number]) =>
    values(stackOn(cloud, { choices: { gateway: GATEWAY } }), 'gateway').objects.find(
      ({ kind }: Json) => kind === 'EnvoyProxy',
    ).spec.provider.kubernetes.envoyService.annotations;
  expect(proxy('aws')).toEqual({ 'service.beta.kubernetes.io/aws-load-balancer-type': 'nlb' });
  expect(proxy('azure')).toBeUndefined();
});
