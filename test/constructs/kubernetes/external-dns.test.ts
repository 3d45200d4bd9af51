import { parse } from 'yaml';
import {
  CHARTS,
  EnvoyGateway,
  EXTERNAL_DNS_SERVICE_ACCOUNT,
  ExternalDns,
  type ExternalDnsProps,
  type ExternalDnsSettings,
  Gateway,
  GatewayAuthentication,
  GatewayCertificate,
} from '../../../constructs/kubernetes';
import { CapacityPlan, ServiceLevelObjective } from '../../../src';
import { CLUSTER, identity, inCluster, keepDefault, modelServer } from './fixtures';

// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
type Json = any;

const AWS: ExternalDnsSettings = {
  provider: 'aws',
  args: { 'zone-id-filter': 'Z0123' },
  environment: { AWS_DEFAULT_REGION: 'eu-central-1' },
};
const AZURE: ExternalDnsSettings = {
  provider: 'azure',
  args: {},
  environment: {},
  configFile: { flag: 'azure-config-file', content: '{"useWorkloadIdentityExtension":true}' },
};
const zone = (externalDns: ExternalDnsSettings, domainName = 'shop.example.com') => ({
  domainName,
  externalDns,
  grants: { write: () => {} },
});

const synthesized = keepDefault((props?: Partial<ExternalDnsProps>) =>
  inCluster((stack, namespace) => {
    const gateway = new Gateway(stack, 'Gateway', {
      namespace,
      controller: new EnvoyGateway(stack, 'EnvoyGateway', { cluster: CLUSTER }),
      modelServer: modelServer(stack, namespace),
      hostname: 'recommendations.shop.example.com',
      certificate: GatewayCertificate.secret('shop-certificate'),
      authentication: GatewayAuthentication.none(),
      capacity: new CapacityPlan(),
      slo: new ServiceLevelObjective(),
    });
    new ExternalDns(stack, 'Dns', {
      cluster: { ...CLUSTER, clusterName: 'shop' },
      gateway,
      zone: zone(AWS),
      identity: identity(EXTERNAL_DNS_SERVICE_ACCOUNT),
      ...props,
    });
  }),
);
const release = (props?: Partial<ExternalDnsProps>): Json => {
  const found = Object.values(synthesized(props).resources('helm_release')).filter(
    ({ name }) => name === 'external-dns',
  );
  expect(found).toHaveLength(1);
  return found[0];
};
const values = (props?: Partial<ExternalDnsProps>): Json => parse(release(props).values[0], { version: '1.1' });
const azure = { zone: zone(AZURE) };

test('is of the pinned chart, and comes after the Gateway, which brings what it looks at', () => {
  expect(release()).toMatchObject(CHARTS.externalDns);
  expect(release().depends_on).toEqual([expect.stringMatching(/^helm_release\.Gateway_/)]);
});

describe('records', () => {
  test("are of the Gateway's routes in the zone, and nothing else's", () => {
    expect(values()).toMatchObject({
      sources: ['gateway-httproute'],
      gatewayNamespace: expect.stringMatching(/^\$\{kubernetes_namespace_v1\.Namespace/),
      domainFilters: ['shop.example.com'],
      extraArgs: { 'zone-id-filter': 'Z0123' },
    });
  });

  test('carry the name of the cluster, and are taken away with what they lead to', () => {
    expect(values()).toMatchObject({ policy: 'sync', registry: 'txt', txtOwnerId: 'shop' });
  });
});

describe('the provider', () => {
  test('is known by flags and variables, and needs no file on AWS', () => {
    expect(values()).toMatchObject({
      provider: { name: 'aws' },
      env: [{ name: 'AWS_DEFAULT_REGION', value: 'eu-central-1' }],
    });
    expect(values().extraVolumes).toBeUndefined();
    expect(Object.keys(synthesized().resources('kubernetes_config_map_v1'))).toEqual([
      expect.stringMatching(/^ModelServer_/),
    ]);
  });

  test('has a file on Azure', () => {
    expect(values(azure)).toMatchObject({
      provider: { name: 'azure' },
      extraArgs: { 'azure-config-file': '/etc/external-dns/provider.json' },
      extraVolumes: [
        { name: 'configuration', configMap: { name: expect.stringMatching(/^\$\{kubernetes_config_map/) } },
      ],
      extraVolumeMounts: [{ name: 'configuration', mountPath: '/etc/external-dns', readOnly: true }],
    });
    const maps = Object.values(synthesized(azure).resources('kubernetes_config_map_v1')) as Json[];
    expect(maps.find(({ metadata }) => metadata.name === 'external-dns').data).toEqual({
      'provider.json': '{"useWorkloadIdentityExtension":true}',
    });
  });
});

test('its pod acts by its identity, keeps to "restricted", and has a size', () => {
  expect(values()).toMatchObject({
    serviceAccount: { name: 'external-dns', annotations: { 'cloud.example.com/identity': 'reader' } },
    podLabels: { 'cloud.example.com/use': 'true' },
    podSecurityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
    securityContext: { readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { cpu: '100m', memory: '64Mi' } },
  });
});

test('nobody connects to it, and it connects to the cloud and the API server', () => {
  const policies = Object.values(synthesized().resources('kubernetes_network_policy_v1')) as Json[];
  const { spec } = policies.find(({ metadata }) => metadata.name === 'external-dns');
  expect(spec.pod_selector.match_labels).toEqual({ 'app.kubernetes.io/name': 'external-dns' });
  expect(spec.ingress).toBeUndefined();
  expect(spec.egress.map(({ ports }: Json) => ports.map(({ port }: Json) => port))).toEqual([
    ['53', '53'],
    ['443'],
    ['80'],
  ]);
});

test("a user's values come last, and win", () => {
  const { values: all } = release({ values: { policy: 'upsert-only' } });
  expect(all).toHaveLength(2);
  expect(parse(all[1])).toEqual({ policy: 'upsert-only' });
});

test.each([
  [
    { zone: zone(AWS, 'example.org') },
    'gateway has the hostname recommendations.shop.example.com, which is not in the zone example.org; allowed is',
  ],
  [
    { zone: zone(AWS, 'hop.example.com') },
    'gateway has the hostname recommendations.shop.example.com, which is not in',
  ],
  [
    { identity: identity({ namespace: 'recommender', serviceAccountName: 'external-dns' }) },
    'identity belongs to the service account recommender/external-dns, but the pods run as external-dns/external-dns.',
  ],
])('fails with %j', (props, message) => {
  expect(() => synthesized(props)).toThrow(`test/Dns: ${message}`);
});

test('the HCL of external-dns', async () => {
  const hcl = await synthesized(azure).hcl();
  const start = hcl.indexOf('resource "kubernetes_namespace_v1" "Dns_');
  expect(hcl.slice(start)).toMatchSnapshot();
});
