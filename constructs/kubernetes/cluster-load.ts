import type { CapacityPlan, ContainerSizes, NodeSize, ReplicaSize, SizedContainer } from '../../src';
import { containerSize } from './container-sizes';
import { GATEWAY_SIZES } from './workload-sizes';

/** Containers of one kind that run in a cluster beside the model server's. */
export interface RunningContainers {
  /** What each asks for, or the name of one whose size can be set. */
  readonly size: SizedContainer | ReplicaSize;
  /** @default 1 */
  readonly count?: number;
  /**
   * Whether each node has them.
   * @default false
   */
  readonly onEachNode?: boolean;
}

/** What runs in every cluster: monitoring, the follower of the model's channel, and a run of the sync job. */
export const ALWAYS_RUNNING: readonly RunningContainers[] = [
  { size: 'modelFollower' },
  { size: 'modelSync' },
  { size: 'prometheus' },
  { size: 'prometheusOperator' },
  { size: 'alertmanager' },
  // Prometheus and Alertmanager have one each.
  { size: 'configReloader', count: 2 },
  { size: 'kubeStateMetrics' },
  { size: 'grafana' },
  // One for dashboards and one for data sources.
  { size: 'grafanaSidecar', count: 2 },
];

/** What each operator adds, with the replicas that its construct asks for. */
export const OPERATORS_RUNNING = {
  keda: [{ size: 'kedaOperator', count: 2 }, { size: 'kedaMetricServer' }, { size: 'kedaWebhooks' }],
  // The proxies scale by their own CPU; as many as at the start are planned for.
  envoyGateway: [
    { size: 'envoyGateway', count: 2 },
    { size: 'envoyProxy', count: 2 },
    { size: GATEWAY_SIZES.shutdownManager, count: 2 },
  ],
  certManager: [{ size: 'certManager' }, { size: 'certManagerWebhook' }, { size: 'certManagerCainjector' }],
  flagger: [{ size: 'flagger' }],
  valkey: [{ size: 'valkey' }],
  externalDns: [{ size: 'externalDns' }],
  externalSecrets: [
    { size: 'externalSecrets' },
    { size: 'externalSecretsWebhook' },
    { size: 'externalSecretsCertController' },
  ],
  falco: [{ size: 'falco', onEachNode: true }],
  // Fluent Bit is part of both.
  logsInLoki: [{ size: 'loki' }, { size: 'fluentBit', onEachNode: true }],
  logsInElasticsearch: [
    { size: 'elasticOperator' },
    { size: 'elasticsearch' },
    { size: 'kibana' },
    { size: 'fluentBit', onEachNode: true },
  ],
  openCost: [{ size: 'openCost' }],
  blackboxExporter: [{ size: 'blackboxExporter' }],
  tracing: [{ size: 'traceCollector' }, { size: 'tempo' }],
} as const satisfies Record<string, readonly RunningContainers[]>;

interface WorkloadNodes {
  readonly capacity: CapacityPlan;
  /** Of the model server. */
  readonly replicas: number;
  /** What one node offers to pods. */
  readonly node: NodeSize;
  /**
   * What runs beside the model server.
   * @default ALWAYS_RUNNING
   */
  readonly running?: readonly RunningContainers[];
  /**
   * Sizes that are set.
   * @default {}
   */
  readonly sizes?: ContainerSizes;
  /**
   * What the cloud runs once in a cluster, if it is not left out of `node` already.
   * @default - nothing
   */
  readonly system?: ReplicaSize;
}

/**
 * Nodes that hold the replicas of the model server, and apart from them what runs once, which is small pods that any
 * number of nodes can share.
 */
export function nodesForWorkloads(props: WorkloadNodes): number {
  const { capacity, replicas, node, running = ALWAYS_RUNNING, sizes = {}, system } = props;
  const each = total(
    running.filter(({ onEachNode }) => onEachNode),
    sizes,
  );
  const offered = { cpuMillis: node.cpuMillis - each.cpuMillis, memoryMib: node.memoryMib - each.memoryMib };
  const once = total(
    [...running.filter(({ onEachNode }) => !onEachNode), ...(system ? [{ size: system }] : [])],
    sizes,
  );
  const forReplicas = capacity.nodesFor(replicas, containerSize('modelServer', sizes), offered);
  return forReplicas + Math.ceil(Math.max(once.cpuMillis / offered.cpuMillis, once.memoryMib / offered.memoryMib));
}

function total(running: readonly RunningContainers[], sizes: ContainerSizes): ReplicaSize {
  const asked = running.map(({ size, count = 1 }) => ({
    ...(typeof size === 'string' ? containerSize(size, sizes) : size),
    count,
  }));
  const sum = (of: (size: ReplicaSize) => number) => asked.reduce((all, one) => all + of(one) * one.count, 0);
  return { cpuMillis: sum(({ cpuMillis }) => cpuMillis), memoryMib: sum(({ memoryMib }) => memoryMib) };
}
