/** Where a chart is and which version, which pins the versions of everything in it. */
export interface Chart {
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
}

/** Every chart that is installed, in its exact version. */
export const CHARTS = {
  kubePrometheusStack: {
    repository: 'https://prometheus-community.github.io/helm-charts',
    chart: 'kube-prometheus-stack',
    version: '88.5.3',
  },
  certManager: { repository: 'https://charts.jetstack.io', chart: 'cert-manager', version: 'v1.21.1' },
  envoyGateway: { repository: 'oci://docker.io/envoyproxy', chart: 'gateway-helm', version: 'v1.9.0' },
  flagger: { repository: 'https://flagger.app', chart: 'flagger', version: '1.44.0' },
  keda: { repository: 'https://kedacore.github.io/charts', chart: 'keda', version: '2.20.2' },
} as const satisfies Record<string, Chart>;
