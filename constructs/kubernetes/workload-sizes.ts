import type { CapacityPlan, NodeSize, ReplicaSize } from '../../src';

export interface ContainerSize extends ReplicaSize {
  /** CPU it may use while its node has it to spare, in millicores. */
  readonly cpuLimitMillis: number;
  /**
   * The node's disk, in MiB: its `emptyDir` volumes, full, and its log.
   * @default - not counted: what the chart has for it is on a volume
   */
  readonly diskMib?: { readonly request: number; readonly limit: number };
}

/**
 * What one replica of the model server asks for. The Deployment's resources and the clouds' node counts
 * (`CapacityPlan.nodesFor`) both come from here.
 */
export const MODEL_SERVER_SIZE: ContainerSize = {
  cpuMillis: 500,
  memoryMib: 768,
  cpuLimitMillis: 2000,
  diskMib: { request: 512, limit: 2304 },
};

/** What a run of the sync job asks for. */
export const MODEL_SYNC_SIZE: ContainerSize = {
  cpuMillis: 100,
  memoryMib: 256,
  cpuLimitMillis: 1000,
  diskMib: { request: 64, limit: 1280 },
};

/** What each container of the observability stack asks for. */
export const OBSERVABILITY_SIZES = {
  prometheus: { cpuMillis: 200, memoryMib: 1024, cpuLimitMillis: 1000 },
  configReloader: { cpuMillis: 10, memoryMib: 64, cpuLimitMillis: 100 },
  operator: { cpuMillis: 25, memoryMib: 128, cpuLimitMillis: 200 },
  alertmanager: { cpuMillis: 10, memoryMib: 64, cpuLimitMillis: 100 },
  kubeStateMetrics: { cpuMillis: 20, memoryMib: 128, cpuLimitMillis: 200 },
  grafana: { cpuMillis: 50, memoryMib: 256, cpuLimitMillis: 500 },
  grafanaSidecar: { cpuMillis: 10, memoryMib: 128, cpuLimitMillis: 100 },
} as const satisfies Record<string, ContainerSize>;

/** What each container of KEDA asks for, where it is used. */
export const KEDA_SIZES = {
  operator: { cpuMillis: 50, memoryMib: 128, cpuLimitMillis: 1000 },
  metricServer: { cpuMillis: 50, memoryMib: 128, cpuLimitMillis: 1000 },
  webhooks: { cpuMillis: 10, memoryMib: 64, cpuLimitMillis: 100 },
} as const satisfies Record<string, ContainerSize>;

/** What Flagger asks for, where it is used. */
export const FLAGGER_SIZE: ContainerSize = { cpuMillis: 20, memoryMib: 128, cpuLimitMillis: 500 };

/** What each container of the gateway asks for, where there is one. */
export const GATEWAY_SIZES = {
  controller: { cpuMillis: 50, memoryMib: 256, cpuLimitMillis: 500 },
  proxy: { cpuMillis: 100, memoryMib: 256, cpuLimitMillis: 2000 },
} as const satisfies Record<string, ContainerSize>;

/** What each container of cert-manager asks for, where it is used. */
export const CERT_MANAGER_SIZES = {
  controller: { cpuMillis: 10, memoryMib: 128, cpuLimitMillis: 200 },
  webhook: { cpuMillis: 10, memoryMib: 64, cpuLimitMillis: 200 },
  cainjector: { cpuMillis: 10, memoryMib: 128, cpuLimitMillis: 200 },
} as const satisfies Record<string, ContainerSize>;

/**
 * How many of them run, where it is not one: Prometheus and Alertmanager have a reloader each; Grafana has a sidecar for
 * dashboards and one for data sources.
 */
const CONTAINERS: Partial<Record<keyof typeof OBSERVABILITY_SIZES, number>> = { configReloader: 2, grafanaSidecar: 2 };

/** What runs in every cluster once, beside the model server's replicas: monitoring, and a run of the sync job. */
export const SHARED_SIZE: ReplicaSize = Object.entries(OBSERVABILITY_SIZES).reduce<ReplicaSize>((sum, [name, size]) => {
  const count = CONTAINERS[name as keyof typeof OBSERVABILITY_SIZES] ?? 1;
  return add(sum, { cpuMillis: size.cpuMillis * count, memoryMib: size.memoryMib * count });
}, MODEL_SYNC_SIZE);

function add(a: ReplicaSize, b: ReplicaSize): ReplicaSize {
  return { cpuMillis: a.cpuMillis + b.cpuMillis, memoryMib: a.memoryMib + b.memoryMib };
}

/**
 * Nodes that hold `replicas` of the model server, and apart from them what runs once, which is small pods that any
 * number of nodes can share.
 *
 * @param system what the cloud runs once in a cluster, if it is not left out of `node` already
 */
export function nodesForWorkloads(
  capacity: CapacityPlan,
  replicas: number,
  node: NodeSize,
  system: ReplicaSize = { cpuMillis: 0, memoryMib: 0 },
): number {
  const once = add(SHARED_SIZE, system);
  const shared = Math.ceil(Math.max(once.cpuMillis / node.cpuMillis, once.memoryMib / node.memoryMib));
  return capacity.nodesFor(replicas, MODEL_SERVER_SIZE, node) + shared;
}

/** Kubernetes quantities as the API server writes them, so that a plan sees no difference. Memory is request and limit at once: what was promised is never taken back. */
export function containerResources({ cpuMillis, cpuLimitMillis, memoryMib, diskMib }: ContainerSize) {
  const memory = bytesQuantity(memoryMib);
  const disk = (mib: number) => ({ 'ephemeral-storage': bytesQuantity(mib) });
  return {
    requests: { cpu: cpuQuantity(cpuMillis), memory, ...(diskMib && disk(diskMib.request)) },
    limits: { cpu: cpuQuantity(cpuLimitMillis), memory, ...(diskMib && disk(diskMib.limit)) },
  };
}

function cpuQuantity(millis: number): string {
  return millis % 1000 === 0 ? `${millis / 1000}` : `${millis}m`;
}

function bytesQuantity(mib: number): string {
  return mib % 1024 === 0 ? `${mib / 1024}Gi` : `${mib}Mi`;
}
