/** Containers whose size can be set. */
export const SIZED_CONTAINERS = [
  'modelServer',
  'modelFollower',
  'modelSync',
  'prometheus',
  'prometheusOperator',
  'configReloader',
  'alertmanager',
  'kubeStateMetrics',
  'grafana',
  'grafanaSidecar',
  'kedaOperator',
  'kedaMetricServer',
  'kedaWebhooks',
  'envoyGateway',
  'envoyProxy',
  'certManager',
  'certManagerWebhook',
  'certManagerCainjector',
  'flagger',
  'valkey',
  'externalDns',
  'externalSecrets',
  'externalSecretsWebhook',
  'externalSecretsCertController',
  'falco',
  'loki',
  'fluentBit',
  'elasticOperator',
  'elasticsearch',
  'kibana',
  'traceCollector',
  'tempo',
  'openCost',
  'blackboxExporter',
] as const;
export type SizedContainer = (typeof SIZED_CONTAINERS)[number];

/** What a container asks for in place of what the library has for it. */
export interface OwnContainerSize {
  /**
   * Requested CPU, in millicores.
   * @default - as in the library
   */
  readonly cpuMillis?: number;
  /**
   * Requested memory, and the most it gets, in MiB.
   * @default - as in the library
   */
  readonly memoryMib?: number;
  /**
   * CPU it may use while its node has it to spare, in millicores.
   * @default - as in the library, and no less than what it requests
   */
  readonly cpuLimitMillis?: number;
}

export type ContainerSizes = { readonly [container in SizedContainer]?: OwnContainerSize };
