import { ConfigMapV1 } from '@cdktf/provider-kubernetes/lib/config-map-v1';
import { Construct } from 'constructs';
import type { Dashboard } from './dashboard';
import { GRAFANA_SIDECAR_LABELS } from './grafana-data-sources';

export interface GrafanaDashboardProps {
  readonly namespaceName: string;
  readonly dashboard: Dashboard;
}

/** A dashboard as a ConfigMap, which the sidecar of the `ObservabilityStack`'s Grafana loads. */
export class GrafanaDashboard extends Construct {
  readonly resource: ConfigMapV1;

  constructor(scope: Construct, id: string, { namespaceName, dashboard }: GrafanaDashboardProps) {
    super(scope, id);
    const name = `dashboard-${dashboard.name}`;
    this.resource = new ConfigMapV1(this, 'Resource', {
      metadata: { name, namespace: namespaceName, labels: GRAFANA_SIDECAR_LABELS.dashboard },
      data: { [`recommender-${dashboard.name}.json`]: dashboard.json },
    });
  }
}
