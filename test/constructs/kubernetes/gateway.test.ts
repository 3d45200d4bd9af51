import type { TerraformStack } from 'cdktf';
import { parse } from 'yaml';
import {
  CERT_MANAGER_SIZES,
  CertManager,
  containerResources,
  EnvoyGateway,
  GATEWAY_SIZES,
  Gateway,
  GatewayAuthentication,
  GatewayCertificate,
  type GatewayProps,
  type RecommenderNamespace,
} from '../../../constructs/kubernetes';
import { CapacityPlan, ServiceLevelObjective } from '../../../src';
import { CLUSTER, inCluster, keepDefault, modelServer, release } from './fixtures';

// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
type Json = any;
type Options = Partial<GatewayProps> & { readonly acme?: boolean };

const JWT = GatewayAuthentication.jwt({
  issuer: 'https://login.example.com',
  audiences: ['recommender'],
  jwksUri: 'https://login.example.com/keys',
});

const synthesized = keepDefault(({ acme = true, ...props }: Options = {}) =>
  inCluster((stack: TerraformStack, namespace: RecommenderNamespace) => {
    const envoyGateway = new EnvoyGateway(stack, 'EnvoyGateway', { cluster: CLUSTER });
    const certManager = new CertManager(stack, 'CertManager', { cluster: CLUSTER, gatewayApi: envoyGateway.release });
    new Gateway(stack, 'Gateway', {
      namespace,
      controller: envoyGateway,
      modelServer: modelServer(stack, namespace),
      hostname: 'recommendations.shop.example.com',
      certificate: acme
        ? GatewayCertificate.acme({ certManager, email: 'team@shop.example.com' })
        : GatewayCertificate.secret('shop-certificate'),
      authentication: JWT,
      capacity: new CapacityPlan(),
      slo: new ServiceLevelObjective(),
      ...props,
    });
  }),
);
const objects = (props?: Options): Json[] =>
  parse(release(synthesized(props), 'gateway').values[0], { version: '1.1' }).objects;
const object = (kind: string, name = 'recommender', props?: Options): Json => {
  const found = objects(props).filter((one) => one.kind === kind && one.metadata.name === name);
  expect(found).toHaveLength(1);
  return found[0];
};

test('what runs once, for a while or beside a proxy is sized, too', () => {
  const values = (name: string): Json => parse(release(synthesized(), name).values[0], { version: '1.1' });
  expect(values('envoy-gateway').certgen.job.resources).toEqual(containerResources(GATEWAY_SIZES.certgen));
  expect(values('cert-manager').startupapicheck.resources).toEqual(
    containerResources(CERT_MANAGER_SIZES.startupApiCheck),
  );
  expect(values('cert-manager').config.acmeHTTP01Config).toEqual({
    solverResourceRequestCPU: '10m',
    solverResourceRequestMemory: '64Mi',
    solverResourceLimitsCPU: '100m',
    solverResourceLimitsMemory: '64Mi',
  });
  const { patch } = object('EnvoyProxy').spec.provider.kubernetes.envoyDeployment;
  expect(patch.value.spec.template.spec.containers).toEqual([
    { name: 'shutdown-manager', resources: containerResources(GATEWAY_SIZES.shutdownManager) },
  ]);
});

describe('what is listened to', () => {
  test('is the hostname, on 443 with TLS of 1.2 at least, and on 80', () => {
    expect(object('Gateway').spec.listeners).toMatchObject([
      { name: 'http', port: 80, protocol: 'HTTP', hostname: 'recommendations.shop.example.com' },
      {
        name: 'https',
        port: 443,
        protocol: 'HTTPS',
        hostname: 'recommendations.shop.example.com',
        tls: { mode: 'Terminate', certificateRefs: [{ name: 'gateway-certificate' }] },
      },
    ]);
    expect(object('ClientTrafficPolicy').spec.tls.minVersion).toBe('1.2');
  });

  test('on 80 is redirected, and nothing else', () => {
    const { spec } = object('HTTPRoute', 'recommender-redirect');
    expect(spec.parentRefs).toEqual([{ name: 'recommender', sectionName: 'http' }]);
    expect(spec.rules).toEqual([
      { filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', port: 443, statusCode: 301 } }] },
    ]);
  });

  test('on 443 is the API alone: probes and metrics stay inside', () => {
    const { spec } = object('HTTPRoute', 'model-server');
    expect(spec.parentRefs).toEqual([{ name: 'recommender', sectionName: 'https' }]);
    expect(spec.rules).toHaveLength(1);
    expect(spec.rules[0].matches.map(({ path }: Json) => path)).toEqual([
      { type: 'PathPrefix', value: '/v1' },
      { type: 'PathPrefix', value: '/v2' },
    ]);
    expect(spec.rules[0].backendRefs).toMatchObject([{ kind: 'Service', port: 80 }]);
  });

  test.each(['shop', 'Shop.example.com', 'shop..example.com', '*.example.com', '10.0.0.1'])(
    'fails with the hostname %s',
    (hostname) => {
      expect(() => synthesized({ hostname })).toThrow(`test/Gateway: hostname is ${hostname}; allowed is a full name`);
    },
  );
});

describe('the certificate', () => {
  test("comes by ACME from Let's Encrypt, challenged through the gateway", () => {
    expect(object('Gateway').metadata.annotations).toEqual({ 'cert-manager.io/issuer': 'recommender' });
    expect(object('Issuer').spec.acme).toMatchObject({
      email: 'team@shop.example.com',
      server: 'https://acme-v02.api.letsencrypt.org/directory',
      solvers: [{ http01: { gatewayHTTPRoute: { parentRefs: [{ kind: 'Gateway', name: 'recommender' }] } } }],
    });
  });

  test('or is a secret that somebody else keeps', () => {
    const all = objects({ acme: false });
    expect(all.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['Gateway', 'HTTPRoute']));
    expect(all.map(({ kind }) => kind)).not.toContain('Issuer');
    const gateway = object('Gateway', 'recommender', { acme: false });
    expect(gateway.spec.listeners[1].tls.certificateRefs).toEqual([{ kind: 'Secret', name: 'shop-certificate' }]);
    expect(gateway.metadata).toEqual({ name: 'recommender' });
  });
});

describe('a request', () => {
  test("needs a token of the issuer's", () => {
    expect(object('SecurityPolicy').spec).toEqual({
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'model-server' }],
      jwt: {
        providers: [
          {
            name: 'callers',
            issuer: 'https://login.example.com',
            audiences: ['recommender'],
            remoteJWKS: { uri: 'https://login.example.com/keys' },
          },
        ],
      },
    });
  });

  test('needs none where the server asks for keys itself', () => {
    const all = objects({ authentication: GatewayAuthentication.none() });
    expect(all.map(({ kind }) => kind)).toContain('BackendTrafficPolicy');
    expect(all.map(({ kind }) => kind)).not.toContain('SecurityPolicy');
  });

  test.each([
    [new CapacityPlan(), 1000],
    [new CapacityPlan({ concurrentUsers: 100_000 }), 10_000],
  ])('is refused by a proxy beyond its half of twice the planned peak', (capacity, requests) => {
    expect(object('BackendTrafficPolicy', 'recommender', { capacity }).spec.rateLimit).toEqual({
      type: 'Local',
      local: { rules: [{ limit: { requests, unit: 'Second' } }] },
    });
  });

  test("takes ten times the objective's latency at most", () => {
    const { timeout } = object('BackendTrafficPolicy').spec;
    expect(timeout.http.requestTimeout).toBe('1000ms');
  });
});

describe('the proxies', () => {
  test('are two at least, of which one may be away', () => {
    const { kubernetes } = object('EnvoyProxy').spec.provider;
    expect(kubernetes.envoyHpa).toMatchObject({ minReplicas: 2, maxReplicas: 10 });
    expect(kubernetes.envoyPDB).toEqual({ minAvailable: 1 });
    expect(kubernetes.envoyDeployment.container.resources.requests.cpu).toBe('100m');
  });

  test("have a load balancer with the cloud's annotations", () => {
    const annotations = { 'cloud.example.com/kind': 'network' };
    const proxy = object('EnvoyProxy', 'recommender', { loadBalancerAnnotations: annotations });
    expect(proxy.spec.provider.kubernetes.envoyService).toEqual({
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      annotations,
    });
  });

  test('are those that may call the model server, and reach the solver of challenges', () => {
    const policies = Object.values(synthesized().resources('kubernetes_network_policy_v1')) as Json[];
    const from = {
      namespace_selector: { match_labels: { 'kubernetes.io/metadata.name': 'envoy-gateway-system' } },
      pod_selector: { match_labels: { 'gateway.envoyproxy.io/owning-gateway-name': 'recommender' } },
    };
    const opened = Object.fromEntries(
      policies.filter(({ spec }) => spec.ingress).map(({ metadata, spec }) => [metadata.name, spec.ingress]),
    );
    expect(opened).toEqual({
      'model-server': [{ from: [from], ports: [{ port: 'http', protocol: 'TCP' }] }],
      'acme-solver': [{ from: [from], ports: [{ port: '8089', protocol: 'TCP' }] }],
    });
  });
});

test('everything comes after the controllers that know its kinds', () => {
  const comesAfter = (name: string) => (release(synthesized(), name).depends_on as string[]).sort();
  expect(comesAfter('gateway')).toEqual([
    expect.stringMatching(/^helm_release\.CertManager_/),
    expect.stringMatching(/^helm_release\.EnvoyGateway_GatewayClass_/),
  ]);
  expect(comesAfter('cert-manager')).toEqual([expect.stringMatching(/^helm_release\.EnvoyGateway_/)]);
  expect(comesAfter('envoy-gateway-class')).toEqual([expect.stringMatching(/^helm_release\.EnvoyGateway_/)]);
});

test.each([
  ['envoy-gateway', 'oci://docker.io/envoyproxy', 'gateway-helm', 'v1.9.0'],
  ['cert-manager', 'https://charts.jetstack.io', 'cert-manager', 'v1.21.1'],
])('%s is installed from its pinned chart', (name, repository, chart, version) => {
  expect(release(synthesized(), name)).toMatchObject({ repository, chart, version });
});

test('the HCL', async () => {
  expect(await synthesized().hcl()).toMatchSnapshot();
});
