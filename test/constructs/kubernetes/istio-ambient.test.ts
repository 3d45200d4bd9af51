import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { parse } from 'yaml';
import {
  CHARTS,
  Connections,
  IstioAmbient,
  type IstioValues,
  NetworkPeer,
  Valkey,
  ValkeyData,
} from '../../../constructs/kubernetes';
import type { SynthesizedStack } from '../../helpers/synth';
import { CLUSTER, inCluster, keepDefault, modelServer } from './fixtures';

// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
type Json = any;

interface Options {
  readonly values?: IstioValues;
  /** Whom the model server lets in after it was protected. */
  readonly callers?: readonly { readonly namespaceName: string; readonly port: number | string }[];
}

const CALLERS = [
  { namespaceName: 'monitoring', port: 'http' },
  { namespaceName: 'shop', port: 9000 },
];

const synthesized = keepDefault(({ values, callers = CALLERS }: Options = {}) =>
  inCluster((stack, namespace) => {
    const mesh = new IstioAmbient(stack, 'Mesh', { cluster: CLUSTER, values });
    const server = modelServer(stack, namespace);
    mesh.enroll(new NamespaceV1(stack, 'Shop', { metadata: { name: 'shop', labels: { team: 'shop' } } }));
    const { connections } = server;
    mesh.protect('ModelServer', { namespace: namespace.resource, connections, probePorts: ['http'] });
    for (const { namespaceName, port } of callers) {
      connections.allowFrom(NetworkPeer.namespace(namespaceName), [{ port }], 'It asks for recommendations');
    }
    new Valkey(stack, 'Cache', { cluster: CLUSTER, namespace, data: ValkeyData.answers() }).allowFrom(
      { namespaceName: namespace.namespaceName, podLabels: { app: 'model-server' } },
      'It keeps answers',
    );
    new Connections(stack, 'Elsewhere', { name: 'elsewhere', namespaceName: 'other', podLabels: {} });
  }),
);
const releases = (options?: Options): Json[] => Object.values(synthesized(options).resources('helm_release'));
const release = (name: string, options?: Options): Json => {
  const found = releases(options).filter((one) => one.name === name);
  expect(found).toHaveLength(1);
  return found[0];
};
const values = (name: string): Json => parse(release(name).values[0], { version: '1.1' });
const object = (kind: string, options?: Options): Json => {
  const { objects } = parse(release('model-server-mesh', options).values[0], { version: '1.1' });
  const found = objects.filter((one: Json) => one.kind === kind);
  expect(found).toHaveLength(1);
  return found[0];
};
const policy = (name: string, stack: SynthesizedStack = synthesized()): Json =>
  Object.values(stack.resources('kubernetes_network_policy_v1')).find(({ metadata }: Json) => metadata.name === name);
const ports = (rules: Json[]) => rules.map((rule) => rule.ports.map(({ port }: Json) => port));
const labels = (name: string): Json =>
  (Object.entries(synthesized().resources('kubernetes_namespace_v1')).find(([id]) => id.startsWith(name)) as Json)[1]
    .metadata.labels;

describe('the charts', () => {
  test.each([
    ['istio-base', CHARTS.istioBase],
    ['istiod', CHARTS.istiod],
    ['istio-cni', CHARTS.istioCni],
    ['ztunnel', CHARTS.istioZtunnel],
  ])('%s is of the one pinned version', (name, chart) => {
    expect(release(name)).toMatchObject(chart);
    expect(chart.version).toBe('1.30.3');
  });

  test('come one after the other, each by what it needs', () => {
    const needs = (name: string) => release(name).depends_on?.map((id: string) => id.replace(/_[0-9A-F]{8}$/, ''));
    expect(needs('istio-base')).toBeUndefined();
    expect(needs('istiod')).toEqual(['helm_release.Mesh_Base']);
    expect(needs('istio-cni')).toEqual(['helm_release.Mesh_Istiod']);
    expect(needs('ztunnel')).toEqual(['helm_release.Mesh_Cni']);
  });

  test('are for ambient mode, and every container has its size', () => {
    expect(values('istiod')).toMatchObject({ profile: 'ambient', autoscaleMin: 2 });
    expect(values('istio-cni').profile).toBe('ambient');
    for (const name of ['istiod', 'istio-cni', 'ztunnel']) {
      expect(values(name).resources).toMatchObject({
        requests: { cpu: expect.any(String), memory: expect.any(String) },
        limits: { cpu: expect.any(String), memory: expect.any(String) },
      });
    }
  });

  test('are in a namespace of their own, whose pods set up the network of the nodes', () => {
    expect(labels('Mesh')['pod-security.kubernetes.io/enforce']).toBe('privileged');
  });

  test("take a user's values last", () => {
    const { values: all } = release('ztunnel', { values: { ztunnel: { logLevel: 'warn' } } });
    expect(all).toHaveLength(2);
    expect(parse(all[1])).toEqual({ logLevel: 'warn' });
  });
});

describe('a namespace of the mesh', () => {
  test('is labelled so, beside the labels it has', () => {
    expect(labels('Shop')).toEqual({ team: 'shop', 'istio.io/dataplane-mode': 'ambient' });
    expect(labels('Namespace')).toMatchObject({
      'istio.io/dataplane-mode': 'ambient',
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
  });

  test('has the tunnel in the policies of all its workloads, those that are made later too', () => {
    expect(ports(policy('valkey-answers').spec.ingress)).toEqual([['6379', '15008']]);
    expect(ports(policy('elsewhere').spec.egress)).toEqual([['53', '53']]);
  });
});

describe('a protected workload', () => {
  test('answers over mutual TLS only', () => {
    expect(object('PeerAuthentication').spec).toEqual({
      selector: { matchLabels: { 'app.kubernetes.io/component': 'model-server' } },
      mtls: { mode: 'STRICT' },
    });
  });

  test('answers whom its connections name, by number of the port, those that were named later too', () => {
    expect(object('AuthorizationPolicy').spec).toEqual({
      selector: { matchLabels: { 'app.kubernetes.io/component': 'model-server' } },
      action: 'ALLOW',
      rules: [
        { from: [{ source: { namespaces: ['monitoring'] } }], to: [{ operation: { ports: ['8080'] } }] },
        { from: [{ source: { namespaces: ['shop'] } }], to: [{ operation: { ports: ['9000'] } }] },
      ],
    });
  });

  test('answers nobody when they name nobody', () => {
    expect(object('AuthorizationPolicy', { callers: [] }).spec).toEqual({
      selector: { matchLabels: { 'app.kubernetes.io/component': 'model-server' } },
      action: 'ALLOW',
    });
  });

  test('takes the tunnel from pods, and the probes from the address that they have in a mesh', () => {
    const { ingress, egress } = policy('model-server').spec;
    expect(ports(ingress)).toEqual([['http'], ['http', '15008'], ['9000', '15008']]);
    expect(ingress[0].from).toEqual([{ ip_block: { cidr: '169.254.7.127/32' } }]);
    // Names are looked up at pods; the cloud's addresses are not in the mesh.
    expect(ports(egress)).toEqual([['53', '53', '15008'], ['443'], ['80']]);
  });

  test('comes after the tunnels', () => {
    expect(release('model-server-mesh').depends_on).toEqual([expect.stringMatching(/^helm_release\.Mesh_Ztunnel/)]);
  });

  test('fails with a port whose number nobody knows', () => {
    expect(() => synthesized({ callers: [{ namespaceName: 'shop', port: 'grpc' }] })).toThrow(
      'test/Mesh: model-server lets callers at its port grpc, which has no number here; name it in portNumbers.',
    );
  });
});

test('the HCL of a mesh', async () => {
  const stack = inCluster((scope, namespace) => {
    const mesh = new IstioAmbient(scope, 'Mesh', { cluster: CLUSTER });
    mesh.enroll(namespace.resource);
  });
  expect(await stack.hcl()).toMatchSnapshot();
});
