import {
  addNode,
  apply,
  type ControlPlane,
  FLAGGER_VERSION,
  flaggerCrds,
  gatewayApiCrds,
  installCrds,
  startControlPlane,
  startFlagger,
  startPrometheus,
  succeed,
} from '@cdktf-recommender/rehearsal';
import { CHARTS } from '../../../constructs/kubernetes/charts';

const onProgress = (line: string) => console.error(line);
const stops: (() => Promise<void>)[] = [];
const started = <T extends { stop(): Promise<void> }>(service: T): T => {
  stops.push(() => service.stop());
  return service;
};
let controlPlane: ControlPlane;
beforeAll(async () => {
  controlPlane = started(await startControlPlane({ onProgress }));
}, 1_800_000);
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
});

const canary = (fields: object = {}) => ({
  apiVersion: 'flagger.app/v1beta1',
  kind: 'Canary',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    service: { port: 80 },
    analysis: { interval: '10s', threshold: 1, stepWeight: 10, maxWeight: 50 },
    ...fields,
  },
});

test('the Flagger that runs here is the one that the chart installs', () => {
  expect(FLAGGER_VERSION).toBe(`v${CHARTS.flagger.version}`);
});

test('the kinds of Flagger and of the Gateway API are served once they are installed', async () => {
  const names = await installCrds(controlPlane, [...(await flaggerCrds()), ...(await gatewayApiCrds())]);
  expect(names).toEqual(
    expect.arrayContaining([
      ...['canaries', 'metrictemplates', 'alertproviders'].map((kind) => `${kind}.flagger.app`),
      ...['gatewayclasses', 'gateways', 'httproutes'].map((kind) => `${kind}.gateway.networking.k8s.io`),
    ]),
  );
  expect(await succeed(controlPlane, 'get', 'canaries,gateways', '--all-namespaces', '-o', 'name')).toBe('');
}, 300_000);

test('an object with a field that they do not have is refused', async () => {
  await expect(apply(controlPlane, [canary({ colour: 'red' })])).rejects.toThrow(
    /unknown field "colour"|colour: field not declared/,
  );
});

test('Flagger takes up a Canary that it is given', async () => {
  const prometheus = started(await startPrometheus({ config: {}, onProgress }));
  started(await startFlagger(controlPlane, { prometheusUrl: prometheus.url, meshProvider: 'kubernetes', onProgress }));
  await addNode(controlPlane, { name: 'node', zone: 'a' });
  const labels = { app: 'web' };
  const container = { name: 'web', image: 'registry.example.com/web', ports: [{ containerPort: 80 }] };
  await apply(controlPlane, [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container] } },
      },
    },
    canary(),
  ]);
  await succeed(controlPlane, 'wait', 'canary/web', '--for=jsonpath={.status.phase}=Initialized', '--timeout=120s');
  await succeed(controlPlane, 'rollout', 'status', 'deployment/web-primary', '--timeout=60s');
}, 900_000);
