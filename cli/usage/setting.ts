import { SIZED_CONTAINERS, type SizedContainer } from '../../src';

/** Namespace and container of each that the config can size, as its construct or its chart calls them. */
const PLACES: Readonly<Record<SizedContainer, RegExp>> = {
  modelServer: /^recommender\/model-server$/,
  modelFollower: /^recommender\/model-follower$/,
  modelSync: /^recommender\/model-sync$/,
  prometheus: /^monitoring\/prometheus$/,
  prometheusOperator: /^monitoring\/kube-prometheus-stack$/,
  configReloader: /^monitoring\/config-reloader$/,
  alertmanager: /^monitoring\/alertmanager$/,
  kubeStateMetrics: /^monitoring\/kube-state-metrics$/,
  grafana: /^monitoring\/grafana$/,
  grafanaSidecar: /^monitoring\/grafana-sc-/,
  kedaOperator: /^keda\/keda-operator$/,
  kedaMetricServer: /^keda\/keda-operator-metrics-apiserver$/,
  kedaWebhooks: /^keda\/keda-admission-webhooks$/,
  envoyGateway: /^envoy-gateway-system\/envoy-gateway$/,
  envoyProxy: /^envoy-gateway-system\/envoy$/,
  certManager: /^cert-manager\/cert-manager-controller$/,
  certManagerWebhook: /^cert-manager\/cert-manager-webhook$/,
  certManagerCainjector: /^cert-manager\/cert-manager-cainjector$/,
  flagger: /^flagger-system\/flagger$/,
  valkey: /^recommender\/valkey-(histories|answers)$/,
  externalDns: /^external-dns\/external-dns$/,
  externalSecrets: /^external-secrets\/external-secrets$/,
  externalSecretsWebhook: /^external-secrets\/webhook$/,
  externalSecretsCertController: /^external-secrets\/cert-controller$/,
  falco: /^falco\/falco$/,
  loki: /^monitoring\/loki$/,
  fluentBit: /^logging\/fluent-bit$/,
  elasticOperator: /^logging\/manager$/,
  elasticsearch: /^logging\/elasticsearch$/,
  kibana: /^logging\/kibana$/,
  traceCollector: /^monitoring\/trace-collector$/,
  tempo: /^monitoring\/tempo$/,
  openCost: /^monitoring\/opencost$/,
  blackboxExporter: /^monitoring\/blackbox-exporter$/,
};

/** Which of the config's `sizes` is a container's; undefined for what is somebody else's. */
export function settingOf({
  namespace,
  container,
}: {
  readonly namespace: string;
  readonly container: string;
}): SizedContainer | undefined {
  return SIZED_CONTAINERS.find((name) => PLACES[name].test(`${namespace}/${container}`));
}
