import type { CapacityPlan, NodeSize, ReplicaSize } from '../../src';
import {
  BLACKBOX_SIZE,
  CERT_MANAGER_SIZES,
  ELASTIC_SIZES,
  EXTERNAL_DNS_SIZE,
  EXTERNAL_SECRETS_SIZES,
  FALCO_SIZES,
  FLAGGER_SIZE,
  GATEWAY_SIZES,
  KEDA_SIZES,
  LOGGING_SIZES,
  MODEL_FOLLOWER_SIZE,
  MODEL_SERVER_SIZE,
  MODEL_SYNC_SIZE,
  OBSERVABILITY_SIZES,
  OPENCOST_SIZE,
  TRACING_SIZES,
  VALKEY_SIZES,
} from './workload-sizes';

/** Containers of one kind that run in a cluster beside the model server's. */
export interface RunningContainers {
  readonly size: ReplicaSize;
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
  { size: MODEL_FOLLOWER_SIZE },
  { size: MODEL_SYNC_SIZE },
  { size: OBSERVABILITY_SIZES.prometheus },
  { size: OBSERVABILITY_SIZES.operator },
  { size: OBSERVABILITY_SIZES.alertmanager },
  // Prometheus and Alertmanager have one each.
  { size: OBSERVABILITY_SIZES.configReloader, count: 2 },
  { size: OBSERVABILITY_SIZES.kubeStateMetrics },
  { size: OBSERVABILITY_SIZES.grafana },
  // One for dashboards and one for data sources.
  { size: OBSERVABILITY_SIZES.grafanaSidecar, count: 2 },
];

/** What each operator adds, with the replicas that its construct asks for. */
export const OPERATORS_RUNNING = {
  keda: [{ size: KEDA_SIZES.operator, count: 2 }, { size: KEDA_SIZES.metricServer }, { size: KEDA_SIZES.webhooks }],
  // The proxies scale by their own CPU; as many as at the start are planned for.
  envoyGateway: [
    { size: GATEWAY_SIZES.controller, count: 2 },
    { size: GATEWAY_SIZES.proxy, count: 2 },
  ],
  certManager: Object.values(CERT_MANAGER_SIZES).map((size) => ({ size })),
  flagger: [{ size: FLAGGER_SIZE }],
  valkey: [{ size: VALKEY_SIZES.server }],
  externalDns: [{ size: EXTERNAL_DNS_SIZE }],
  externalSecrets: Object.values(EXTERNAL_SECRETS_SIZES).map((size) => ({ size })),
  falco: [{ size: FALCO_SIZES.falco, onEachNode: true }],
  // Fluent Bit is part of both.
  logsInLoki: [{ size: LOGGING_SIZES.loki }, { size: LOGGING_SIZES.fluentBit, onEachNode: true }],
  logsInElasticsearch: [
    ...Object.values(ELASTIC_SIZES).map((size) => ({ size })),
    { size: LOGGING_SIZES.fluentBit, onEachNode: true },
  ],
  openCost: [{ size: OPENCOST_SIZE }],
  blackboxExporter: [{ size: BLACKBOX_SIZE }],
  tracing: Object.values(TRACING_SIZES).map((size) => ({ size })),
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
  const { capacity, replicas, node, running = ALWAYS_RUNNING, system } = props;
  const each = total(running.filter(({ onEachNode }) => onEachNode));
  const offered = { cpuMillis: node.cpuMillis - each.cpuMillis, memoryMib: node.memoryMib - each.memoryMib };
  const once = total([...running.filter(({ onEachNode }) => !onEachNode), ...(system ? [{ size: system }] : [])]);
  const forReplicas = capacity.nodesFor(replicas, MODEL_SERVER_SIZE, offered);
  return forReplicas + Math.ceil(Math.max(once.cpuMillis / offered.cpuMillis, once.memoryMib / offered.memoryMib));
}

function total(running: readonly RunningContainers[]): ReplicaSize {
  const sum = (of: (size: ReplicaSize) => number) =>
    running.reduce((all, { size, count = 1 }) => all + of(size) * count, 0);
  return { cpuMillis: sum(({ cpuMillis }) => cpuMillis), memoryMib: sum(({ memoryMib }) => memoryMib) };
}
