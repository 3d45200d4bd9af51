import * as units from '@grafana/grafana-foundation-sdk/units';
import type { CapacityPlan } from '../../../src';
import { CADVISOR_METRICS, KUBE_STATE_METRICS } from './cluster-metrics';
import { type Dashboard, dashboard } from './dashboard';
import { figure, graph } from './panels';
import { perSecond, select } from './queries';

const ksm = KUBE_STATE_METRICS;
const cadvisor = CADVISOR_METRICS;
/** Containers, without the sums of a pod and without the sandbox that holds its network. */
const CONTAINERS = 'container!="",container!="POD"';

export interface ClusterDashboardProps {
  readonly capacity: CapacityPlan;
  /** The model server's. */
  readonly namespaceName: string;
  /** Name of the model server's HorizontalPodAutoscaler. */
  readonly autoscalerName: string;
}

/** Where it runs: replicas against their bounds, pods, and what nodes have left. */
export function clusterDashboard(props: ClusterDashboardProps): Dashboard {
  const { namespaceName } = props;
  return dashboard({
    name: 'cluster',
    title: 'Cluster',
    description: "The model server's replicas and pods, and what the nodes have left.",
    rows: [
      { title: 'Replicas', panels: [nodes(), pending(), replicas(props), phases(namespaceName)] },
      { title: 'Pods', panels: [cpu(namespaceName), memory(namespaceName), throttled(namespaceName)] },
      { title: 'Nodes', panels: [restarts(namespaceName), nodeCpu(), nodeMemory()] },
    ],
  });
}

function nodes() {
  return figure({
    title: 'Nodes ready',
    description: 'Nodes that take pods.',
    unit: units.Short,
    queries: [{ expr: `sum(${select(ksm.nodeCondition, 'condition="Ready"', 'status="true"')})`, legend: 'ready' }],
    bad: { below: 1 },
  });
}

function pending() {
  return figure({
    title: 'Pods that wait',
    description: 'For a node that has room, in all namespaces.',
    unit: units.Short,
    queries: [{ expr: `sum(${select(ksm.podPhase, 'phase="Pending"')})`, legend: 'pending' }],
    bad: { from: 1 },
  });
}

function replicas({ capacity, namespaceName, autoscalerName }: ClusterDashboardProps) {
  const { minReplicas, maxReplicas } = capacity;
  const hpa = [`namespace="${namespaceName}"`, `horizontalpodautoscaler="${autoscalerName}"`];
  const series = (metric: string, legend: string) => ({ expr: `max(${select(metric, ...hpa)})`, legend });
  return graph({
    title: 'Replicas against their bounds',
    description: `The plan has ${minReplicas} to ${maxReplicas}. At the upper bound more traffic makes answers slower.`,
    unit: units.Short,
    queries: [
      series(ksm.hpaCurrent, 'current'),
      series(ksm.hpaDesired, 'desired'),
      series(ksm.hpaMin, 'fewest'),
      series(ksm.hpaMax, 'most'),
    ],
    bad: { from: maxReplicas },
  });
}

function phases(namespaceName: string) {
  return graph({
    title: 'Pods by phase',
    description: 'Of the namespace of the model server.',
    unit: units.Short,
    queries: [
      { expr: `sum by (phase) (${select(ksm.podPhase, `namespace="${namespaceName}"`)})`, legend: '{{phase}}' },
    ],
    stacked: true,
  });
}

function cpu(namespaceName: string) {
  const namespace = `namespace="${namespaceName}"`;
  return graph({
    title: 'CPU by pod',
    description: 'Cores in use.',
    unit: units.Short,
    queries: [{ expr: perSecond(select(cadvisor.cpuSeconds, namespace, CONTAINERS), 'pod'), legend: '{{pod}}' }],
  });
}

function memory(namespaceName: string) {
  const namespace = `namespace="${namespaceName}"`;
  const limits = select(ksm.containerLimits, namespace, 'resource="memory"');
  return graph({
    title: 'Memory by pod',
    description: 'Share of its limit. At 1 the kernel ends it.',
    unit: units.PercentUnit,
    queries: [
      {
        expr: `sum by (pod) (${select(cadvisor.memory, namespace, CONTAINERS)}) / sum by (pod) (${limits})`,
        legend: '{{pod}}',
      },
    ],
    bad: { from: 0.9 },
    max: 1,
  });
}

function throttled(namespaceName: string) {
  const of = (metric: string) => perSecond(select(metric, `namespace="${namespaceName}"`, CONTAINERS), 'pod');
  return graph({
    title: 'CPU withheld',
    description: 'Share of the periods in which a pod had used up its limit and had to wait.',
    unit: units.PercentUnit,
    queries: [{ expr: `${of(cadvisor.throttledPeriods)} / ${of(cadvisor.periods)}`, legend: '{{pod}}' }],
    bad: { from: 0.25 },
    max: 1,
  });
}

function restarts(namespaceName: string) {
  return graph({
    title: 'Restarts',
    description: 'Of containers in the last hour.',
    unit: units.Short,
    queries: [
      {
        expr: `sum by (pod) (increase(${select(ksm.restarts, `namespace="${namespaceName}"`)}[1h]))`,
        legend: '{{pod}}',
      },
    ],
    bad: { from: 1 },
  });
}

function nodeCpu() {
  return nodeShares('cpu', 'CPU', perSecond(select(cadvisor.cpuSeconds, CONTAINERS), 'namespace', 'pod'));
}

function nodeMemory() {
  const used = `sum by (namespace, pod) (${select(cadvisor.memory, CONTAINERS)})`;
  return nodeShares('memory', 'Memory', used);
}

/** The kubelet's series name pods; kube-state-metrics knows which node has them. */
function nodeShares(resource: 'cpu' | 'memory', title: string, usedByPod: string) {
  const offered = `sum by (node) (${select(ksm.nodeAllocatable, `resource="${resource}"`)})`;
  const requested = `sum by (node) (${select(ksm.containerRequests, `resource="${resource}"`)})`;
  const places = `max by (namespace, pod, node) (${select(ksm.podInfo, 'node!=""')})`;
  return graph({
    title: `${title} of nodes`,
    description:
      'Shares of what a node offers to pods: what they asked for, which decides what fits, and what they use.',
    unit: units.PercentUnit,
    queries: [
      { expr: `${requested} / ${offered}`, legend: '{{node}} requested' },
      {
        expr: `sum by (node) (${usedByPod} * on (namespace, pod) group_left (node) ${places}) / ${offered}`,
        legend: '{{node}} used',
      },
    ],
    max: 1,
  });
}
