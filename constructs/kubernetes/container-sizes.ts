import type { Construct, IConstruct } from 'constructs';
import { ConfigError, type ContainerSizes, SIZED_CONTAINERS, type SizedContainer } from '../../src';
import {
  BLACKBOX_SIZE,
  CERT_MANAGER_SIZES,
  type ContainerSize,
  containerResources,
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

/** What containers ask for where nobody set their size. */
export const DEFAULT_SIZES: Readonly<Record<SizedContainer, ContainerSize>> = {
  modelServer: MODEL_SERVER_SIZE,
  modelFollower: MODEL_FOLLOWER_SIZE,
  modelSync: MODEL_SYNC_SIZE,
  prometheus: OBSERVABILITY_SIZES.prometheus,
  prometheusOperator: OBSERVABILITY_SIZES.operator,
  configReloader: OBSERVABILITY_SIZES.configReloader,
  alertmanager: OBSERVABILITY_SIZES.alertmanager,
  kubeStateMetrics: OBSERVABILITY_SIZES.kubeStateMetrics,
  grafana: OBSERVABILITY_SIZES.grafana,
  grafanaSidecar: OBSERVABILITY_SIZES.grafanaSidecar,
  kedaOperator: KEDA_SIZES.operator,
  kedaMetricServer: KEDA_SIZES.metricServer,
  kedaWebhooks: KEDA_SIZES.webhooks,
  envoyGateway: GATEWAY_SIZES.controller,
  envoyProxy: GATEWAY_SIZES.proxy,
  certManager: CERT_MANAGER_SIZES.controller,
  certManagerWebhook: CERT_MANAGER_SIZES.webhook,
  certManagerCainjector: CERT_MANAGER_SIZES.cainjector,
  flagger: FLAGGER_SIZE,
  valkey: VALKEY_SIZES.server,
  externalDns: EXTERNAL_DNS_SIZE,
  externalSecrets: EXTERNAL_SECRETS_SIZES.operator,
  externalSecretsWebhook: EXTERNAL_SECRETS_SIZES.webhook,
  externalSecretsCertController: EXTERNAL_SECRETS_SIZES.certController,
  falco: FALCO_SIZES.falco,
  loki: LOGGING_SIZES.loki,
  fluentBit: LOGGING_SIZES.fluentBit,
  elasticOperator: ELASTIC_SIZES.operator,
  elasticsearch: ELASTIC_SIZES.elasticsearch,
  kibana: ELASTIC_SIZES.kibana,
  traceCollector: TRACING_SIZES.collector,
  tempo: TRACING_SIZES.tempo,
  openCost: OPENCOST_SIZE,
  blackboxExporter: BLACKBOX_SIZE,
};

const CONTEXT = 'recommender:container-sizes';

/**
 * Sets sizes for all constructs below `scope`, which has none yet.
 *
 * @throws ConfigError when a container would request more CPU than it may use
 */
export function setContainerSizes(scope: Construct, sizes: ContainerSizes): void {
  for (const container of SIZED_CONTAINERS) {
    const limit = sizes[container]?.cpuLimitMillis;
    const { cpuMillis } = containerSize(container, sizes);
    if (limit === undefined || limit >= cpuMillis) continue;
    throw new ConfigError(
      `sizes.${container}.cpuLimitMillis is ${limit}, and the container requests ${cpuMillis}; allowed is no less. Raise it, or lower cpuMillis.`,
      scope,
    );
  }
  scope.node.setContext(CONTEXT, sizes);
}

/** The sizes that are set for what is in `scope`. */
export function containerSizesIn(scope: IConstruct): ContainerSizes {
  return scope.node.tryGetContext(CONTEXT) ?? {};
}

/** What a container asks for: what `sizes` has of it, and the library's own for the rest. */
export function containerSize(container: SizedContainer, sizes: ContainerSizes): ContainerSize {
  const size: ContainerSize = { ...DEFAULT_SIZES[container], ...sizes[container] };
  return { ...size, cpuLimitMillis: Math.max(size.cpuLimitMillis, size.cpuMillis) };
}

/** Requests and limits of a container in `scope`. */
export function resourcesOf(scope: IConstruct, container: SizedContainer) {
  return containerResources(containerSize(container, containerSizesIn(scope)));
}
