/** Data sources of Grafana by their uid. kube-prometheus-stack makes the first with its own. */
export const GRAFANA_DATA_SOURCES = { prometheus: 'prometheus', loki: 'loki', tempo: 'tempo' } as const;

/** Labels by which Grafana's sidecars, as kube-prometheus-stack sets them up, find what to load. */
export const GRAFANA_SIDECAR_LABELS = {
  dashboard: { grafana_dashboard: '1' },
  dataSource: { grafana_datasource: '1' },
} as const;
