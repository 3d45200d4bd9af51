/** Where the `ObservabilityStack`'s Prometheus answers inside the cluster. */
export const PROMETHEUS_URL = 'http://kube-prometheus-stack-prometheus.monitoring.svc:9090';
