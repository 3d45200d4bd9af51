import type { ReplicaSize } from '../../src';

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

/** What Karpenter's controller asks for, where it is used; its memory grows with nodes and instance types. */
export const KARPENTER_SIZE: ContainerSize = { cpuMillis: 200, memoryMib: 512, cpuLimitMillis: 1000 };

/** What Flagger asks for, where it is used. */
export const FLAGGER_SIZE: ContainerSize = { cpuMillis: 20, memoryMib: 128, cpuLimitMillis: 500 };

/** What each container of the gateway asks for, where there is one; `certgen` runs when its chart is installed. */
export const GATEWAY_SIZES = {
  controller: { cpuMillis: 50, memoryMib: 256, cpuLimitMillis: 500 },
  certgen: { cpuMillis: 10, memoryMib: 64, cpuLimitMillis: 200 },
  proxy: { cpuMillis: 100, memoryMib: 256, cpuLimitMillis: 2000 },
  shutdownManager: { cpuMillis: 10, memoryMib: 32, cpuLimitMillis: 100 },
} as const satisfies Record<string, ContainerSize>;

/** What each container of Kong asks for, where it is the gateway. */
export const KONG_SIZES = {
  controller: { cpuMillis: 50, memoryMib: 256, cpuLimitMillis: 500 },
  proxy: { cpuMillis: 100, memoryMib: 1024, cpuLimitMillis: 2000 },
} as const satisfies Record<string, ContainerSize>;

/**
 * What each container of cert-manager asks for, where it is used; the last two run when its chart is installed and when an
 * authority asks.
 */
export const CERT_MANAGER_SIZES = {
  controller: { cpuMillis: 10, memoryMib: 128, cpuLimitMillis: 200 },
  webhook: { cpuMillis: 10, memoryMib: 64, cpuLimitMillis: 200 },
  cainjector: { cpuMillis: 10, memoryMib: 128, cpuLimitMillis: 200 },
  startupApiCheck: { cpuMillis: 10, memoryMib: 64, cpuLimitMillis: 200 },
  acmeSolver: { cpuMillis: 10, memoryMib: 64, cpuLimitMillis: 100 },
} as const satisfies Record<string, ContainerSize>;

/** What each container of the logs asks for, where they are kept; Fluent Bit's on every node. */
export const LOGGING_SIZES = {
  loki: { cpuMillis: 100, memoryMib: 512, cpuLimitMillis: 1000 },
  fluentBit: { cpuMillis: 25, memoryMib: 128, cpuLimitMillis: 200 },
} as const satisfies Record<string, ContainerSize>;

/** The same where Elasticsearch keeps them, in place of Loki. Half of its memory is Java's heap. */
export const ELASTIC_SIZES = {
  operator: { cpuMillis: 25, memoryMib: 256, cpuLimitMillis: 200 },
  elasticsearch: { cpuMillis: 500, memoryMib: 2048, cpuLimitMillis: 2000 },
  kibana: { cpuMillis: 100, memoryMib: 1024, cpuLimitMillis: 1000 },
} as const satisfies Record<string, ContainerSize>;

/** What each container of the traces asks for, where they are kept. */
export const TRACING_SIZES = {
  collector: { cpuMillis: 50, memoryMib: 512, cpuLimitMillis: 1000 },
  tempo: { cpuMillis: 50, memoryMib: 512, cpuLimitMillis: 1000 },
} as const satisfies Record<string, ContainerSize>;

/** What OpenCost asks for, where it is used. */
export const OPENCOST_SIZE: ContainerSize = { cpuMillis: 25, memoryMib: 256, cpuLimitMillis: 500 };

/** What the blackbox exporter asks for, where it is used. */
export const BLACKBOX_SIZE: ContainerSize = { cpuMillis: 10, memoryMib: 64, cpuLimitMillis: 100 };

/** What each container of Kyverno asks for, where it is used: its admission controller, and what prepares that. */
export const KYVERNO_SIZES = {
  admissionController: { cpuMillis: 100, memoryMib: 384, cpuLimitMillis: 1000 },
  initContainer: { cpuMillis: 10, memoryMib: 256, cpuLimitMillis: 100 },
} as const satisfies Record<string, ContainerSize>;

/** What each container of Falco asks for on every node, where it is used. */
export const FALCO_SIZES = {
  falco: { cpuMillis: 100, memoryMib: 512, cpuLimitMillis: 1000 },
  rules: { cpuMillis: 10, memoryMib: 64, cpuLimitMillis: 200 },
} as const satisfies Record<string, ContainerSize>;

/** What each container of the Trivy operator asks for, where it is used. A scan unpacks an image's layers to its disk. */
export const TRIVY_SIZES = {
  operator: { cpuMillis: 50, memoryMib: 512, cpuLimitMillis: 500 },
  scan: { cpuMillis: 100, memoryMib: 512, cpuLimitMillis: 1000 },
} as const satisfies Record<string, ContainerSize>;

/** What each container of Velero asks for, where it is used. */
export const VELERO_SIZES = {
  server: { cpuMillis: 50, memoryMib: 512, cpuLimitMillis: 1000 },
  plugin: { cpuMillis: 10, memoryMib: 64, cpuLimitMillis: 200 },
} as const satisfies Record<string, ContainerSize>;

/** What each container of Valkey asks for, where it is used. */
export const VALKEY_SIZES = {
  server: { cpuMillis: 100, memoryMib: 1024, cpuLimitMillis: 1000 },
  init: { cpuMillis: 10, memoryMib: 32, cpuLimitMillis: 100 },
} as const satisfies Record<string, ContainerSize>;

/** What each container of Istio asks for, where it is used: `istiod` is in a cluster, the others on every node. */
export const ISTIO_SIZES = {
  istiod: { cpuMillis: 50, memoryMib: 512, cpuLimitMillis: 1000 },
  cni: { cpuMillis: 20, memoryMib: 128, cpuLimitMillis: 500 },
  ztunnel: { cpuMillis: 100, memoryMib: 256, cpuLimitMillis: 2000 },
} as const satisfies Record<string, ContainerSize>;

/** What each container of Strimzi and of a Kafka by it asks for, where they are used. */
export const KAFKA_SIZES = {
  clusterOperator: { cpuMillis: 50, memoryMib: 512, cpuLimitMillis: 1000 },
  node: { cpuMillis: 250, memoryMib: 2048, cpuLimitMillis: 2000 },
  topicOperator: { cpuMillis: 20, memoryMib: 256, cpuLimitMillis: 500 },
  userOperator: { cpuMillis: 20, memoryMib: 256, cpuLimitMillis: 500 },
} as const satisfies Record<string, ContainerSize>;

/**
 * What a training or an evaluation asks for. 400,000 purchases of 4,000 items took 682 MiB at most and 14 s on 4 cores;
 * memory grows with the purchases and with the square of the items.
 */
export const TRAINER_SIZE: ContainerSize = {
  cpuMillis: 1000,
  memoryMib: 2048,
  cpuLimitMillis: 4000,
  diskMib: { request: 64, limit: 1280 },
};

/** What each container of External Secrets asks for, where it is used. */
export const EXTERNAL_SECRETS_SIZES = {
  operator: { cpuMillis: 20, memoryMib: 128, cpuLimitMillis: 200 },
  webhook: { cpuMillis: 10, memoryMib: 64, cpuLimitMillis: 100 },
  certController: { cpuMillis: 10, memoryMib: 128, cpuLimitMillis: 200 },
} as const satisfies Record<string, ContainerSize>;

/** What each container of Argo Workflows asks for, where it is used: its controller, and two beside each step. */
export const ARGO_SIZES = {
  controller: { cpuMillis: 50, memoryMib: 128, cpuLimitMillis: 500, diskMib: { request: 16, limit: 128 } },
  executor: { cpuMillis: 10, memoryMib: 64, cpuLimitMillis: 500, diskMib: { request: 16, limit: 256 } },
} as const satisfies Record<string, ContainerSize>;

/** What external-dns asks for, where it is used. */
export const EXTERNAL_DNS_SIZE: ContainerSize = { cpuMillis: 10, memoryMib: 64, cpuLimitMillis: 100 };

/** What each container of KServe asks for, where it is used, and a model that it serves. */
export const KSERVE_SIZES = {
  controller: { cpuMillis: 50, memoryMib: 384, cpuLimitMillis: 500 },
  rbacProxy: { cpuMillis: 10, memoryMib: 64, cpuLimitMillis: 100 },
  model: { cpuMillis: 500, memoryMib: 2048, cpuLimitMillis: 2000, diskMib: { request: 1024, limit: 4096 } },
} as const satisfies Record<string, ContainerSize>;

/** What each container of Kubeflow Trainer asks for, where it is used, and a node of a training. */
export const TRAINING_SIZES = {
  manager: { cpuMillis: 20, memoryMib: 128, cpuLimitMillis: 500 },
  jobset: { cpuMillis: 20, memoryMib: 128, cpuLimitMillis: 500 },
  node: { cpuMillis: 1000, memoryMib: 4096, cpuLimitMillis: 4000, diskMib: { request: 1024, limit: 4096 } },
} as const satisfies Record<string, ContainerSize>;

/** What the model follower asks for, where it is used. Its log is all it writes. */
export const MODEL_FOLLOWER_SIZE: ContainerSize = {
  cpuMillis: 10,
  memoryMib: 256,
  cpuLimitMillis: 500,
  diskMib: { request: 16, limit: 64 },
};

/** What a replica of TensorFlow Serving asks for, where it is used. */
export const TENSORFLOW_SERVING_SIZE: ContainerSize = {
  cpuMillis: 500,
  memoryMib: 1024,
  cpuLimitMillis: 2000,
  diskMib: { request: 64, limit: 512 },
};

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

/** What a replica of MLflow asks for, where it is used: 770 MiB in four processes when it has started. */
export const MLFLOW_SIZE: ContainerSize = {
  cpuMillis: 100,
  memoryMib: 1536,
  cpuLimitMillis: 2000,
  diskMib: { request: 64, limit: 1280 },
};
