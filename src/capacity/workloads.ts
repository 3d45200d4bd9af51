import type { ReplicaSize } from '../declarations/capacity-plan';
import type { KubernetesObject } from '../synthesized/kubernetes-object';
import { type Fields, walk } from '../synthesized/stack-json';
import type { SynthesizedStack } from '../synthesized/synthesized-stack';
import { addLoads, type Load, NO_LOAD } from './placement';
import { cpuMillis, memoryMib } from './quantities';

/** Replicas of one Deployment, at most. */
export interface Service {
  readonly name: string;
  readonly replica: ReplicaSize;
  readonly maxReplicas: number;
  /** Path of what scales it, or of the Deployment. */
  readonly path: string;
}

export interface ClusterWorkloads {
  /** Absent where the cluster has no such Deployment. */
  readonly service?: Service;
  /** What runs beside the service, together. */
  readonly once: Load;
  /** What runs on every node. */
  readonly eachNode: Load;
}

/** Charts of others whose pods are on every node. */
const ON_EACH_NODE = new Set(['falco', 'fluent-bit', 'fluentd', 'node-exporter', 'prometheus-node-exporter']);

/**
 * What a cluster's pods ask for, at most: those of objects as these say, those of charts by every `resources.requests` in
 * what a stack sets of their values. What a chart asks for by itself isn't seen.
 *
 * @param serviceName the Deployment that answers requests
 */
export function clusterWorkloads(stack: SynthesizedStack, serviceName: string): ClusterWorkloads {
  const { objects, customResources, charts } = stack.contents;
  const custom = Object.values(customResources).flat();
  const deployed = objects.filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job', 'CronJob'].includes(kind));
  const others = deployed.filter(({ kind, metadata }) => !(kind === 'Deployment' && metadata.name === serviceName));
  const onEach = (name: string) => ON_EACH_NODE.has(name);
  return {
    service: serviceOf(stack, serviceName, custom),
    once: total([
      ...others.map((object) => times(podOf(object), replicasOf(object, [...objects, ...custom]))),
      ...custom.map((object) => requestsIn(object)),
      ...charts.filter(({ chart }) => !onEach(chart)).map(({ values }) => requestsIn(values)),
    ]),
    eachNode: total([
      ...objects.filter(({ kind }) => kind === 'DaemonSet').map(podOf),
      ...charts.filter(({ chart }) => onEach(chart)).map(({ values }) => requestsIn(values)),
    ]),
  };
}

function serviceOf(stack: SynthesizedStack, name: string, custom: readonly KubernetesObject[]): Service | undefined {
  const { objects } = stack.contents;
  const deployment = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === name);
  if (!deployment) return undefined;
  const { cpuMillis, memoryMib } = podOf(deployment);
  if (cpuMillis === 0 || memoryMib === 0) return undefined;
  return {
    name,
    replica: { cpuMillis, memoryMib },
    maxReplicas: replicasOf(deployment, [...objects, ...custom]),
    path: pathOf(stack, ['kubernetes_horizontal_pod_autoscaler_v2', 'kubernetes_deployment_v1'], name),
  };
}

function pathOf(stack: SynthesizedStack, types: readonly string[], name: string): string {
  const found = types
    .flatMap((type) => stack.ofType(type))
    .find(({ block }) => stack.known(walk(block, ['metadata', 0, 'name'])) === name);
  return found?.path ?? stack.name;
}

/** As many as an autoscaler may make of it, or as it says itself. */
function replicasOf(object: KubernetesObject, all: readonly KubernetesObject[]): number {
  const scalers = all.filter(
    (one) =>
      ['HorizontalPodAutoscaler', 'ScaledObject'].includes(one.kind) &&
      walk(one, ['spec', 'scaleTargetRef', 'name']) === object.metadata.name,
  );
  const most = scalers.map((one) => walk(one, ['spec', 'maxReplicas']) ?? walk(one, ['spec', 'maxReplicaCount']));
  return Number([...most, walk(object, ['spec', 'replicas'])].find((count) => Number.isFinite(Number(count))) ?? 1);
}

/** A pod asks for what its containers do together, or for what its largest init container does, and for its overhead. */
function podOf(object: KubernetesObject): Load {
  const template =
    walk(object, ['spec', 'template', 'spec']) ?? walk(object, ['spec', 'jobTemplate', 'spec', 'template', 'spec']);
  const requests = (list: string) => ((walk(template, [list]) ?? []) as Fields[]).map((one) => requestsOf(one));
  const together = total(requests('containers'));
  const first = requests('initContainers');
  const overhead = requestsOf({ resources: { requests: walk(template, ['overhead']) } });
  return addLoads(overhead, {
    cpuMillis: Math.max(together.cpuMillis, ...first.map((one) => one.cpuMillis)),
    memoryMib: Math.max(together.memoryMib, ...first.map((one) => one.memoryMib)),
    pods: 1,
  });
}

function requestsOf(container: unknown): Load {
  const requests = walk(container, ['resources', 'requests']);
  return {
    cpuMillis: cpuMillis(walk(requests, ['cpu'])) ?? 0,
    memoryMib: memoryMib(walk(requests, ['memory'])) ?? 0,
    pods: 0,
  };
}

const COUNTS = /^(replicas|replicaCount|minReplicas)$/;

/** Every `resources.requests` in a chart's values or an operator's object, by the count that is nearest above it. */
function requestsIn(value: unknown, count = 1): Load {
  if (Array.isArray(value)) return total(value.map((one) => requestsIn(one, count)));
  if (typeof value !== 'object' || value === null) return NO_LOAD;
  const own = nearestCount(value as Fields) ?? count;
  const { cpuMillis, memoryMib } = requestsOf(value);
  const asks = cpuMillis > 0 || memoryMib > 0;
  const below = Object.entries(value).map(([key, one]) => (key === 'resources' ? NO_LOAD : requestsIn(one, own)));
  return total([...(asks ? [times({ cpuMillis, memoryMib, pods: 1 }, own)] : []), ...below]);
}

/** Of the object itself, or of an autoscaler beside it, such as EnvoyProxy's `envoyHpa`. */
function nearestCount(fields: Fields): number | undefined {
  const scaler = Object.entries(fields).find(([key]) => /Hpa$|^autoscaling$/.test(key))?.[1];
  const counts = [...Object.entries((scaler ?? {}) as Fields), ...Object.entries(fields)]
    .filter(([key, count]) => COUNTS.test(key) && Number.isInteger(count))
    .map(([, count]) => count as number);
  return counts[0];
}

function times(load: Load, count: number): Load {
  return { cpuMillis: load.cpuMillis * count, memoryMib: load.memoryMib * count, pods: load.pods * count };
}

const total = (loads: readonly Load[]) => loads.reduce(addLoads, NO_LOAD);
