import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CADVISOR_METRICS,
  KUBE_STATE_METRICS,
  OPENCOST_METRICS,
} from '../../../constructs/kubernetes/dashboards/cluster-metrics';

type Labels = Record<string, string>;
/** Value at the n-th scrape: counters grow with it. */
type Series = readonly [metric: string, labels: Labels, value: (scrape: number) => number];

const always = (value: number) => () => value;
const growing = (by: number) => (scrape: number) => by * scrape;
const POD = { namespace: 'recommender', pod: 'model-server-6d5f7c9b8-x2x7k' };
const HPA = { namespace: 'recommender', horizontalpodautoscaler: 'model-server' };
const CONTAINER = { ...POD, container: 'model-server' };
const NODE = 'ip-10-0-1-7.ec2.internal';
const resource = (name: 'cpu' | 'memory') => ({ resource: name, unit: name === 'cpu' ? 'core' : 'byte' });
const GIB = 2 ** 30;
const ksm = KUBE_STATE_METRICS;
const cadvisor = CADVISOR_METRICS;
const cost = OPENCOST_METRICS;

/** With the labels that kube-state-metrics documents for each. */
const KUBE_STATE: readonly Series[] = [
  [ksm.hpaCurrent, HPA, always(3)],
  [ksm.hpaDesired, HPA, always(4)],
  [ksm.hpaMin, HPA, always(2)],
  [ksm.hpaMax, HPA, always(50)],
  [ksm.podInfo, { ...POD, host_ip: '10.0.1.7', pod_ip: '10.0.1.20', node: NODE, uid: 'u1' }, always(1)],
  ...['Pending', 'Running', 'Failed', 'Succeeded', 'Unknown'].map(
    (phase): Series => [ksm.podPhase, { ...POD, uid: 'u1', phase }, always(phase === 'Running' ? 1 : 0)],
  ),
  [ksm.restarts, { ...CONTAINER, uid: 'u1' }, growing(1)],
  [ksm.containerRequests, { ...CONTAINER, uid: 'u1', node: NODE, ...resource('cpu') }, always(0.5)],
  [ksm.containerRequests, { ...CONTAINER, uid: 'u1', node: NODE, ...resource('memory') }, always(0.75 * GIB)],
  [ksm.containerLimits, { ...CONTAINER, uid: 'u1', node: NODE, ...resource('memory') }, always(0.75 * GIB)],
  [ksm.nodeAllocatable, { node: NODE, ...resource('cpu') }, always(2)],
  [ksm.nodeAllocatable, { node: NODE, ...resource('memory') }, always(4 * GIB)],
  [ksm.nodeCondition, { node: NODE, condition: 'Ready', status: 'true' }, always(1)],
  [ksm.volumeCapacity, { persistentvolume: 'pvc-1' }, always(20 * GIB)],
];

/** The kubelet's, with the sandbox and the sum of the pod that dashboards have to leave out. */
const CADVISOR: readonly Series[] = [
  { container: 'model-server', image: 'registry.example.com/model-server' },
  { container: 'POD', image: 'registry.k8s.io/pause' },
  { container: '', image: '' },
].flatMap(({ container, image }): Series[] => {
  const labels = { ...POD, container, image, id: `/kubepods/${container}`, name: container };
  return [
    [cadvisor.cpuSeconds, { ...labels, cpu: 'total' }, growing(0.4)],
    [cadvisor.memory, labels, always(0.3 * GIB)],
    [cadvisor.throttledPeriods, labels, growing(1)],
    [cadvisor.periods, labels, growing(10)],
  ];
});

/** With the labels that OpenCost documents; there is no load balancer, as in a cluster without a gateway. */
const OPENCOST: readonly Series[] = [
  [cost.node, { instance: NODE, node: NODE, instance_type: 't4g.large', region: 'us-east-1' }, always(0.0672)],
  [cost.nodeCpu, { instance: NODE, node: NODE, instance_type: 't4g.large', region: 'us-east-1' }, always(0.02)],
  [cost.nodeMemory, { instance: NODE, node: NODE, instance_type: 't4g.large', region: 'us-east-1' }, always(0.003)],
  [cost.volume, { persistentvolume: 'pvc-1', volumename: 'pvc-1', provider_id: 'vol-1' }, always(0.0001)],
  [cost.management, { provisioner_name: 'EKS' }, always(0.1)],
  [cost.cpuAllocation, { ...CONTAINER, instance: NODE, node: NODE }, always(0.5)],
  [cost.memoryAllocation, { ...CONTAINER, instance: NODE, node: NODE }, always(0.75 * GIB)],
];

export interface Exporters {
  /** `127.0.0.1:1234` */
  readonly target: string;
  stop(): Promise<void>;
}

/** Stands in for kube-state-metrics, the kubelet's cAdvisor and OpenCost, which can't run without a cluster. */
export async function startExporters(): Promise<Exporters> {
  let scrape = 0;
  const server = createServer((_, response) => {
    scrape += 1;
    const lines = [...KUBE_STATE, ...CADVISOR, ...OPENCOST].map(
      ([metric, labels, value]) => `${metric}{${pairs(labels)}} ${value(scrape)}\n`,
    );
    response.setHeader('content-type', 'text/plain; version=0.0.4').end(lines.join(''));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    target: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function pairs(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',');
}
