import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { parse } from 'yaml';
import {
  Flagger,
  Gateway,
  GatewayAuthentication,
  GatewayCertificate,
  type GatewayProps,
  Kong,
} from '../../../constructs/kubernetes';
import { CapacityPlan, ServiceLevelObjective } from '../../../src';
import { CLUSTER, inCluster, keepDefault, modelServer, release } from './fixtures';

// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
type Json = any;
type Options = Partial<GatewayProps> & { readonly values?: object; readonly byFlagger?: boolean };

const synthesized = keepDefault(({ values, byFlagger, ...props }: Options = {}) =>
  inCluster((stack, namespace) => {
    const gatewayApi = new NamespaceV1(stack, 'GatewayApi', { metadata: { name: 'gateway-api' } });
    const loadBalancerAnnotations = { 'cloud.example.com/type': 'network' };
    const kong = new Kong(stack, 'Kong', { cluster: CLUSTER, gatewayApi, loadBalancerAnnotations, values });
    const rolledOutBy = byFlagger ? new Flagger(stack, 'Flagger', { cluster: CLUSTER, gatewayApi }) : undefined;
    new Gateway(stack, 'Gateway', {
      namespace,
      controller: kong,
      modelServer: modelServer(stack, namespace, { rolledOutBy }),
      hostname: 'recommendations.shop.example.com',
      certificate: GatewayCertificate.secret('shop-certificate'),
      authentication: GatewayAuthentication.none(),
      capacity: new CapacityPlan(),
      slo: new ServiceLevelObjective(),
      ...props,
    });
  }),
);
const yaml = (text: string): Json => parse(text, { version: '1.1' });
const objects = (): Json[] => yaml(release(synthesized(), 'gateway').values[0]).objects;
const object = (kind: string, name = 'recommender'): Json => {
  const found = objects().filter((one) => one.kind === kind && one.metadata.name === name);
  expect(found).toHaveLength(1);
  return found[0];
};
const chart = (): Json => yaml(release(synthesized(), 'kong').values[0]);

test('Kong 3.9 runs in a restricted namespace, two proxies at least, each with a size', () => {
  const kong = release(synthesized(), 'kong');
  expect(kong).toMatchObject({ repository: 'https://charts.konghq.com', chart: 'ingress', version: '0.24.0' });
  expect(kong.depends_on).toEqual([expect.stringMatching(/^kubernetes_namespace_v1\.GatewayApi/)]);
  expect(chart().gateway).toMatchObject({
    image: { tag: '3.9' },
    autoscaling: { enabled: true, minReplicas: 2, maxReplicas: 10 },
    resources: { requests: { memory: '1Gi' }, limits: { memory: '1Gi' } },
  });
  const [namespace] = Object.values(synthesized().resources('kubernetes_namespace_v1')).filter(
    ({ metadata }: Json) => metadata.name === 'kong',
  );
  expect((namespace as Json).metadata.labels['pod-security.kubernetes.io/enforce']).toBe('restricted');
});

test('nothing of it listens to people, and it tells its makers nothing', () => {
  expect(chart().gateway.manager).toEqual({ enabled: false });
  expect(chart().gateway.env.anonymous_reports).toBe('off');
  expect(chart().controller.ingressController.env.anonymous_reports).toBe('false');
});

test("the load balancer's annotations are Kong's", () => {
  expect(chart().gateway.proxy).toEqual({
    annotations: { 'cloud.example.com/type': 'network' },
    externalTrafficPolicy: 'Local',
  });
});

test('the class leaves the proxies to the chart, and the Gateway is of it', () => {
  const [gatewayClass] = yaml(release(synthesized(), 'kong-class').values[0]).objects;
  expect(gatewayClass).toMatchObject({
    metadata: { name: 'kong', annotations: { 'konghq.com/gatewayclass-unmanaged': 'true' } },
    spec: { controllerName: 'konghq.com/kic-gateway-controller' },
  });
  expect(object('Gateway').spec).toMatchObject({ gatewayClassName: 'kong' });
  expect(object('Gateway').spec).not.toHaveProperty('infrastructure');
});

test('the route names the plugins that limit rate and size, and gives up after ten times the objective', () => {
  const { metadata, spec } = object('HTTPRoute', 'model-server');
  expect(metadata.annotations).toEqual({ 'konghq.com/plugins': 'recommender-rate-limit,recommender-body-limit' });
  expect(spec.rules[0].timeouts).toEqual({ backendRequest: '1000ms' });
  const { peakRequestsPerSecond } = new CapacityPlan();
  // Two proxies, each with half of twice the peak.
  expect(object('KongPlugin', 'recommender-rate-limit')).toMatchObject({
    plugin: 'rate-limiting',
    config: { second: Math.ceil(peakRequestsPerSecond), limit_by: 'service', policy: 'local' },
  });
  expect(object('KongPlugin', 'recommender-body-limit')).toMatchObject({
    plugin: 'request-size-limiting',
    config: { allowed_payload_size: 256, size_unit: 'kilobytes' },
  });
});

test('the proxies, and nobody else of that namespace, reach the model server', () => {
  const [policy] = Object.values(synthesized().resources('kubernetes_network_policy_v1')).filter(
    ({ metadata }: Json) => metadata.name === 'model-server',
  );
  expect((policy as Json).spec.ingress).toContainEqual(
    expect.objectContaining({
      from: [
        {
          namespace_selector: { match_labels: { 'kubernetes.io/metadata.name': 'kong' } },
          pod_selector: {
            match_labels: { 'app.kubernetes.io/name': 'gateway', 'app.kubernetes.io/instance': 'kong' },
          },
        },
      ],
    }),
  );
});

test("a user's values win", () => {
  const { values } = release(synthesized({ values: { gateway: { image: { tag: '3.9.1' } } } }), 'kong');
  expect(yaml(values[1])).toEqual({ gateway: { image: { tag: '3.9.1' } } });
});

const jwt = { issuer: 'https://login.example.com', audiences: ['shop'], jwksUri: 'https://login.example.com/keys' };
test.each([
  [{ authentication: GatewayAuthentication.jwt(jwt) }, 'authentication is jwt, and Kong'],
  [{ byFlagger: true }, 'the model server is rolled out by Flagger, whose route could not name the plugins'],
  [{ loadBalancerAnnotations: { a: 'b' } }, 'loadBalancerAnnotations are given to the Gateway'],
])('fails with %j', (props: Options, message) => {
  expect(() => synthesized(props)).toThrow(`test/Kong: ${message}`);
});

test('the HCL of Kong', async () => {
  const hcl = await synthesized().hcl();
  const start = hcl.indexOf('resource "kubernetes_namespace_v1" "Kong_');
  expect(hcl.slice(start, hcl.indexOf('resource "', hcl.indexOf('GatewayClass', start)))).toMatchSnapshot();
});
