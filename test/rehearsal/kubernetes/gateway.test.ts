import { setTimeout as pause } from 'node:timers/promises';
import {
  addNode,
  apply,
  type ControlPlane,
  ENVOY_GATEWAY_VERSION,
  envoyGatewayCrds,
  gatewayApiCrds,
  installCrds,
  type KubernetesObject,
  startControlPlane,
  startEnvoyGateway,
  succeed,
} from '@cdktf-recommender/rehearsal';
import { EnvoyGateway, Gateway, GatewayAuthentication, GatewayCertificate } from '../../../constructs/kubernetes';
import { CHARTS } from '../../../constructs/kubernetes/charts';
import { containerResources, GATEWAY_SIZES } from '../../../constructs/kubernetes/workload-sizes';
import { CapacityPlan, ServiceLevelObjective } from '../../../src';
import { CLUSTER, inCluster, modelServer } from '../../constructs/kubernetes/fixtures';
import { customObjects, namespacesFirst, ownObjects } from './cluster-objects';

const onProgress = (line: string) => console.error(line);
const stops: (() => Promise<void>)[] = [];
const started = <T extends { stop(): Promise<void> }>(service: T): T => {
  stops.push(() => service.stop());
  return service;
};

const SECONDS = 60;
const PROXIES = ['-n', 'envoy-gateway-system'];

const stack = inCluster((stack, namespace) => {
  const authentication = GatewayAuthentication.jwt({
    issuer: 'https://login.example.com',
    audiences: ['recommender'],
    jwksUri: 'https://login.example.com/.well-known/jwks.json',
  });
  new Gateway(stack, 'Gateway', {
    namespace,
    controller: new EnvoyGateway(stack, 'EnvoyGateway', { cluster: CLUSTER }),
    modelServer: modelServer(stack, namespace),
    hostname: 'recommendations.shop.example.com',
    certificate: GatewayCertificate.secret('certificate'),
    authentication,
    capacity: new CapacityPlan(),
    slo: new ServiceLevelObjective(),
  });
});

let controlPlane: ControlPlane;
let objects: KubernetesObject[];
beforeAll(async () => {
  controlPlane = started(await startControlPlane({ onProgress }));
  for (const zone of ['a', 'b', 'c']) await addNode(controlPlane, { name: `node-${zone}`, zone });
  await installCrds(controlPlane, [...(await gatewayApiCrds()), ...(await envoyGatewayCrds())]);
  await apply(controlPlane, namespacesFirst(await ownObjects(stack, controlPlane)));
  started(await startEnvoyGateway(controlPlane, { onProgress }));
  const { key, cert } = controlPlane.serving;
  const certificate = { 'tls.key': key, 'tls.crt': cert };
  objects = await customObjects(stack, controlPlane);
  await apply(controlPlane, [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'certificate', namespace: 'recommender' },
      type: 'kubernetes.io/tls',
      stringData: certificate,
    },
    ...objects,
  ]);
}, 1_800_000);
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
});

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message: string;
}
interface Status {
  readonly conditions?: readonly Condition[];
  /** Of a route. */
  readonly parents?: readonly { readonly conditions: readonly Condition[] }[];
  /** Of a policy. */
  readonly ancestors?: readonly { readonly conditions: readonly Condition[] }[];
}

/** What the controller says of an object: `Accepted=True`, with a message where it isn't. */
async function verdict({ kind, metadata: { name, namespace = 'default' } }: KubernetesObject): Promise<string[]> {
  const text = await succeed(controlPlane, 'get', kind, name, '-n', namespace, '-o', 'json');
  const { conditions = [], parents = [], ancestors = [] } = (JSON.parse(text).status ?? {}) as Status;
  return [...conditions, ...[...parents, ...ancestors].flatMap((one) => one.conditions)].map(
    ({ type, status, message }) => `${type}=${status}${status === 'True' ? '' : `: ${message}`}`,
  );
}

/** What the controller says once it has said that, or its last word. */
async function eventually(object: KubernetesObject, wanted: string): Promise<string[]> {
  const deadline = Date.now() + SECONDS * 1000;
  for (;;) {
    const said = await verdict(object);
    if (said.includes(wanted) || Date.now() > deadline) return said;
    await pause(200);
  }
}

const ofKind = (kind: string) => {
  const found = objects.filter((object) => object.kind === kind);
  expect(found).not.toEqual([]);
  return found;
};

test('the Envoy Gateway that runs here is the one that the chart installs', () => {
  expect(ENVOY_GATEWAY_VERSION).toBe(CHARTS.envoyGateway.version);
});

test.each(['GatewayClass', 'Gateway', 'HTTPRoute', 'ClientTrafficPolicy', 'BackendTrafficPolicy', 'SecurityPolicy'])(
  'accepts every %s',
  async (kind) => {
    for (const object of ofKind(kind)) expect(await eventually(object, 'Accepted=True')).toContain('Accepted=True');
  },
  200_000,
);

test('finds what routes lead to', async () => {
  for (const route of ofKind('HTTPRoute')) {
    expect(await eventually(route, 'ResolvedRefs=True')).toEqual(['Accepted=True', 'ResolvedRefs=True']);
  }
});

test('makes the proxies with the sizes and bounds of the EnvoyProxy', async () => {
  const get = async (kind: string) =>
    JSON.parse(await succeed(controlPlane, 'get', kind, ...PROXIES, '-o', 'json')).items;
  const [deployment] = await get('deployment');
  const envoy = deployment.spec.template.spec.containers.find(({ name }: { name: string }) => name === 'envoy');
  expect(envoy.resources.requests).toMatchObject({ memory: `${GATEWAY_SIZES.proxy.memoryMib}Mi` });
  const containers: { name: string; resources: object }[] = deployment.spec.template.spec.containers;
  const beside = containers.find(({ name }) => name === 'shutdown-manager');
  expect(beside?.resources).toEqual(containerResources(GATEWAY_SIZES.shutdownManager));
  const [autoscaler] = await get('hpa');
  expect(autoscaler.spec).toMatchObject({ minReplicas: 2, maxReplicas: 10 });
  const [service] = await get('service');
  expect(service.spec).toMatchObject({ type: 'LoadBalancer', externalTrafficPolicy: 'Local' });
});

test('is programmed once the cloud gives the load balancer an address, which is played here', async () => {
  const service = (await succeed(controlPlane, 'get', 'service', ...PROXIES, '-o', 'name')).trim();
  const status = { status: { loadBalancer: { ingress: [{ hostname: 'balancer.cloud.example.com' }] } } };
  await succeed(controlPlane, 'patch', service, ...PROXIES, '--subresource=status', '-p', JSON.stringify(status));
  const [gateway] = ofKind('Gateway') as [KubernetesObject];
  expect(await eventually(gateway, 'Programmed=True')).toEqual(['Accepted=True', 'Programmed=True']);
}, 120_000);
