import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import {
  addNode,
  apply,
  type ControlPlane,
  installCrds,
  KEDA_VERSION,
  kedaCrds,
  type PrometheusServer,
  startControlPlane,
  startKeda,
  startPrometheus,
  succeed,
} from '@cdktf-recommender/rehearsal';
import { Autoscaling, Keda, KedaTrigger } from '../../../constructs/kubernetes';
import { AUTOSCALER_BEHAVIOR } from '../../../constructs/kubernetes/autoscaling/behavior';
import { CHARTS } from '../../../constructs/kubernetes/charts';
import { CapacityPlan, SERVER_METRICS } from '../../../src';
import { CLUSTER, inCluster, modelServer } from '../../constructs/kubernetes/fixtures';
import type { SynthesizedStack } from '../../helpers/synth';
import { customObjects, namespacesFirst, ownObjects } from './cluster-objects';

const onProgress = (line: string) => console.error(line);
const stops: (() => Promise<void>)[] = [];
const started = <T extends { stop(): Promise<void> }>(service: T): T => {
  stops.push(() => service.stop());
  return service;
};

/** Its peak needs 2 replicas. */
const capacity = new CapacityPlan();
const PER_REPLICA = 100;
const inNamespace = ['-n', 'recommender'];
/** Requests a second to the API that the metrics say there are: 10 replicas, also when they are measured a little off. */
const REQUESTS_PER_SECOND = 9.5 * PER_REPLICA;

let controlPlane: ControlPlane;
let prometheus: PrometheusServer;
beforeAll(async () => {
  controlPlane = started(await startControlPlane({ onProgress, args: FAST_AUTOSCALER }));
  for (const zone of ['a', 'b', 'c']) {
    await addNode(controlPlane, { name: `node-${zone}`, zone, cpu: '64', memory: '256Gi' });
  }
  await installCrds(controlPlane, await kedaCrds());
  prometheus = started(await startPrometheus({ config: scrape(started(await countedTraffic()).port), onProgress }));
  const stack = scaledFor(capacity);
  await apply(controlPlane, namespacesFirst(await ownObjects(stack, controlPlane)));
  started(await startKeda(controlPlane, { onProgress }));
  await trafficIsSteady();
  await apply(controlPlane, await customObjects(stack, controlPlane));
}, 1_800_000);
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
});

const FAST_AUTOSCALER = { 'kube-controller-manager': ['--horizontal-pod-autoscaler-sync-period=2s'] };

function scaledFor(capacity: CapacityPlan): SynthesizedStack {
  const trigger = KedaTrigger.requestsPerSecond({ perReplica: PER_REPLICA, prometheusUrl: prometheus.url });
  return inCluster((stack, namespace) => {
    const keda = new Keda(stack, 'Keda', { cluster: CLUSTER });
    modelServer(stack, namespace, { capacity, autoscaling: Autoscaling.keda({ keda, triggers: [trigger] }) });
  });
}

const scrape = (port: number) => ({
  global: { scrape_interval: '1s' },
  scrape_configs: [{ job_name: 'model-server', static_configs: [{ targets: [`127.0.0.1:${port}`] }] }],
});

/** Metrics as a model server has them that answers as many requests. */
async function countedTraffic(): Promise<{ port: number; stop(): Promise<void> }> {
  let [requests, last] = [0, Date.now()];
  const server = createServer((_, response) => {
    requests += (REQUESTS_PER_SECOND * (Date.now() - last)) / 1000;
    last = Date.now();
    const pod = 'namespace="recommender",pod="model-server-5d8f9c7b6-x2x4z"';
    const sample = `${SERVER_METRICS.requests}{${pod},route="/v1/users/:id/recommendations",status="200"} ${requests}\n`;
    response.setHeader('content-type', 'text/plain; version=0.0.4').end(sample);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A rate over little time may be far too high, and the autoscaler is in no hurry to take back what it added. */
async function trafficIsSteady(): Promise<void> {
  for (;;) {
    const [rate] = await prometheus.query(`sum(rate(${SERVER_METRICS.requests}[1m]))`);
    const [scrapes] = await prometheus.query(`sum(count_over_time(${SERVER_METRICS.requests}[1m]))`);
    if (rate && scrapes && scrapes.value > 30 && Math.abs(rate.value / REQUESTS_PER_SECOND - 1) < 0.03) return;
    await pause(500);
  }
}

const wait = (condition: string, object: string, seconds: number) =>
  succeed(controlPlane, 'wait', ...inNamespace, `--for=${condition}`, object, `--timeout=${seconds}s`);

test('the KEDA that runs here is the one that the chart installs', () => {
  expect(KEDA_VERSION).toBe(`v${CHARTS.keda.version}`);
});

test('makes the HorizontalPodAutoscaler that alerts know, with our bounds and behaviour', async () => {
  await wait('condition=Ready', 'scaledobject/model-server', 60);
  const text = await succeed(controlPlane, 'get', 'hpa', 'model-server', ...inNamespace, '-o', 'json');
  const { spec } = JSON.parse(text);
  expect(spec).toMatchObject({
    minReplicas: capacity.minReplicas,
    maxReplicas: capacity.maxReplicas,
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'model-server' },
    behavior: AUTOSCALER_BEHAVIOR,
    metrics: [{ type: 'External', external: { target: { type: 'AverageValue', averageValue: `${PER_REPLICA}` } } }],
  });
});

test('scales by what Prometheus answers, to a replica for each share of the requests', async () => {
  await wait('jsonpath={.status.desiredReplicas}=10', 'hpa/model-server', 100);
  await wait('jsonpath={.status.readyReplicas}=10', 'deployment/model-server', 60);
}, 400_000);

test('holds what the peak needs once Prometheus says nothing any more', async () => {
  const larger = new CapacityPlan({ concurrentUsers: 70_000 });
  expect(larger.initialReplicas).toBe(12);
  await apply(controlPlane, await customObjects(scaledFor(larger), controlPlane));
  await prometheus.stop();
  await wait('condition=Fallback', 'scaledobject/model-server', 100);
  await wait('jsonpath={.status.desiredReplicas}=12', 'hpa/model-server', 100);
  await wait('jsonpath={.status.readyReplicas}=12', 'deployment/model-server', 60);
}, 300_000);

test('takes none away while it is blind, even where the peak needs fewer', async () => {
  expect(capacity.initialReplicas).toBe(2);
  await apply(controlPlane, await customObjects(scaledFor(capacity), controlPlane));
  const [metric] = JSON.parse(await succeed(controlPlane, 'get', 'hpa/model-server', ...inNamespace, '-o', 'json')).spec
    .metrics;
  const { name, selector } = metric.external.metric;
  const labels = Object.entries(selector.matchLabels).map((pair) => pair.join('='));
  const path = `/apis/external.metrics.k8s.io/v1beta1/namespaces/recommender/${name}?labelSelector=${labels.join()}`;
  const { items } = (await controlPlane.get(path)) as { items: { value: string }[] };
  expect(items).toEqual([expect.objectContaining({ value: `${12 * PER_REPLICA}` })]);
});
