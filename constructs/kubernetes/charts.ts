/** Where a chart is and which version, which pins the versions of everything in it. */
export interface Chart {
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
}

/** KServe's charts are released together. */
const KSERVE = { repository: 'oci://ghcr.io/kserve/charts', version: 'v0.20.0' } as const;

/** Istio's charts are released together. */
const ISTIO = { repository: 'https://istio-release.storage.googleapis.com/charts', version: '1.30.3' } as const;

/** Karpenter's charts are released together. */
const KARPENTER = { repository: 'oci://public.ecr.aws/karpenter', version: '1.14.1' } as const;

/** Every chart that is installed, in its exact version. */
export const CHARTS = {
  argoWorkflows: { repository: 'https://argoproj.github.io/argo-helm', chart: 'argo-workflows', version: '2.0.1' },
  kubePrometheusStack: {
    repository: 'https://prometheus-community.github.io/helm-charts',
    chart: 'kube-prometheus-stack',
    version: '88.5.3',
  },
  blackboxExporter: {
    repository: 'https://prometheus-community.github.io/helm-charts',
    chart: 'prometheus-blackbox-exporter',
    version: '11.18.0',
  },
  certManager: { repository: 'https://charts.jetstack.io', chart: 'cert-manager', version: 'v1.21.1' },
  eckOperator: { repository: 'https://helm.elastic.co', chart: 'eck-operator', version: '3.5.0' },
  envoyGateway: { repository: 'oci://docker.io/envoyproxy', chart: 'gateway-helm', version: 'v1.9.0' },
  externalSecrets: {
    repository: 'https://charts.external-secrets.io',
    chart: 'external-secrets',
    version: '2.9.0',
  },
  falco: { repository: 'https://falcosecurity.github.io/charts', chart: 'falco', version: '9.1.1' },
  externalDns: {
    repository: 'https://kubernetes-sigs.github.io/external-dns',
    chart: 'external-dns',
    version: '1.21.1',
  },
  flagger: { repository: 'https://flagger.app', chart: 'flagger', version: '1.44.0' },
  fluentBit: { repository: 'https://fluent.github.io/helm-charts', chart: 'fluent-bit', version: '0.58.1' },
  istioBase: { ...ISTIO, chart: 'base' },
  istioCni: { ...ISTIO, chart: 'cni' },
  istiod: { ...ISTIO, chart: 'istiod' },
  istioZtunnel: { ...ISTIO, chart: 'ztunnel' },
  kong: { repository: 'https://charts.konghq.com', chart: 'ingress', version: '0.24.0' },
  karpenter: { ...KARPENTER, chart: 'karpenter' },
  karpenterCrd: { ...KARPENTER, chart: 'karpenter-crd' },
  keda: { repository: 'https://kedacore.github.io/charts', chart: 'keda', version: '2.20.2' },
  kubeflowTrainer: { repository: 'oci://ghcr.io/kubeflow/charts', chart: 'kubeflow-trainer', version: '2.3.0' },
  kserve: { ...KSERVE, chart: 'kserve-resources' },
  kserveCrd: { ...KSERVE, chart: 'kserve-crd' },
  strimzi: { repository: 'oci://quay.io/strimzi-helm', chart: 'strimzi-kafka-operator', version: '1.2.0' },
  valkey: { repository: 'https://valkey.io/valkey-helm', chart: 'valkey', version: '0.11.0' },
  loki: { repository: 'https://grafana-community.github.io/helm-charts', chart: 'loki', version: '18.11.0' },
  openCost: { repository: 'https://opencost.github.io/opencost-helm-chart', chart: 'opencost', version: '2.5.17' },
  tempo: { repository: 'https://grafana-community.github.io/helm-charts', chart: 'tempo', version: '2.2.4' },
  kyverno: { repository: 'https://kyverno.github.io/kyverno', chart: 'kyverno', version: '3.9.1' },
  trivyOperator: {
    repository: 'https://aquasecurity.github.io/helm-charts',
    chart: 'trivy-operator',
    version: '0.34.0',
  },
  velero: { repository: 'https://vmware-tanzu.github.io/helm-charts', chart: 'velero', version: '12.1.0' },
} as const satisfies Record<string, Chart>;
