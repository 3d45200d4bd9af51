import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { localApiService } from './api-service';
import type { ControlPlane } from './control-plane';
import { apply, succeed } from './kubectl';

const GROUP = 'metrics.k8s.io';
const API = `/apis/${GROUP}/v1beta1`;

export interface MeasuredPods {
  readonly namespace: string;
  /** Label selector: `app.kubernetes.io/name=web`. */
  readonly selector: string;
  /** Name of the container that uses the CPU. */
  readonly container: string;
}

export interface FedMetrics {
  /** CPU that each pod is said to use from now on, in millicores; at first 0. */
  cpuMillis: number;
  stop(): Promise<void>;
}

/**
 * Stands in the place of a metrics server, which would ask kubelets that kwok's nodes don't have: says of pods that they
 * use what is set, so that the real autoscaler has something to go by.
 */
export async function feedMetrics(controlPlane: ControlPlane, pods: MeasuredPods): Promise<FedMetrics> {
  const metrics = { cpuMillis: 0 };
  const server = createServer(controlPlane.serving, async (request, response) => {
    const asked = request.url?.startsWith(`${API}/namespaces/${pods.namespace}/pods`);
    const answer = asked ? await podMetrics(controlPlane, pods, metrics.cpuMillis) : discovery();
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  await register(controlPlane, (server.address() as AddressInfo).port);
  return Object.assign(metrics, {
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  });
}

async function podMetrics(controlPlane: ControlPlane, pods: MeasuredPods, cpuMillis: number) {
  const { namespace, selector, container } = pods;
  const list = (await controlPlane.get(
    `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(selector)}`,
  )) as { items: { metadata: { name: string; labels: object } }[] };
  const items = list.items.map(({ metadata: { name, labels } }) => ({
    metadata: { name, namespace, labels },
    timestamp: new Date().toISOString(),
    // The autoscaler counts a new pod as idle until a whole window was measured after it became ready.
    window: '1s',
    containers: [{ name: container, usage: { cpu: `${cpuMillis}m`, memory: '200Mi' } }],
  }));
  return { kind: 'PodMetricsList', apiVersion: `${GROUP}/v1beta1`, metadata: {}, items };
}

function discovery() {
  const resource = { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] };
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: `${GROUP}/v1beta1`, resources: [resource] };
}

async function register(controlPlane: ControlPlane, port: number): Promise<void> {
  const place = { group: GROUP, name: 'fed-metrics', namespace: 'kube-system', port };
  await apply(controlPlane, localApiService(place));
  await succeed(controlPlane, 'wait', '--for=condition=Available', `apiservice/v1beta1.${GROUP}`, '--timeout=60s');
}
