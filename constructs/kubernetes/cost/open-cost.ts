import type { Release } from '@cdktf/provider-helm/lib/release';
import { Construct } from 'constructs';
import type { Budget } from '../../../src';
import { chartRelease } from '../chart-release';
import { CHARTS } from '../charts';
import { resourcesOf } from '../container-sizes';
import { OPENCOST_METRICS } from '../dashboards/cluster-metrics';
import { costDashboard } from '../dashboards/cost-dashboard';
import { GrafanaDashboard } from '../dashboards/grafana-dashboard';
import { type ObservabilityStack, TAKEN_BY_PROMETHEUS } from '../observability-stack';
import { PROMETHEUS_URL } from '../prometheus-url';

export interface OpenCostProps {
  /** Its Prometheus tells what runs, and keeps what that costs; its Grafana shows it. */
  readonly observability: Pick<ObservabilityStack, 'namespace' | 'release'>;
  readonly budget: Budget;
  /**
   * Clouds that share the budget.
   * @default 1
   */
  readonly clouds?: number;
  /**
   * Values of the chart that win over the construct's own.
   * @default {}
   */
  readonly values?: object;
}

/** What the cluster costs, by OpenCost at the cloud's list prices, and the dashboard that holds it against the budget. */
export class OpenCost extends Construct {
  readonly release: Release;
  readonly dashboard: GrafanaDashboard;

  constructor(scope: Construct, id: string, props: OpenCostProps) {
    super(scope, id);
    const { observability, budget, clouds = 1 } = props;
    const { name: namespaceName } = observability.namespace.metadata;
    this.release = chartRelease(this, {
      chart: CHARTS.openCost,
      name: 'opencost',
      namespaceName,
      values: openCostValues(this),
      userValues: props.values,
      // Its ServiceMonitor is of a kind that the other brings.
      dependsOn: [observability.release],
    });
    this.dashboard = new GrafanaDashboard(this, 'Dashboard', {
      namespaceName,
      dashboard: costDashboard({ monthlyUsd: budget.shareUsd(clouds) }),
    });
  }
}

function openCostValues(scope: Construct) {
  const { hostname, port } = new URL(PROMETHEUS_URL);
  const [serviceName, namespaceName] = hostname.split('.');
  return {
    opencost: {
      exporter: {
        resources: resourcesOf(scope, 'openCost'),
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          seccompProfile: { type: 'RuntimeDefault' },
        },
      },
      prometheus: { internal: { enabled: true, serviceName, namespaceName, port: Number(port) } },
      metrics: {
        // kube-state-metrics has them already; what is there twice is counted twice.
        kubeStateMetrics: { emitKsmV1Metrics: false, emitKsmV1MetricsOnly: false },
        serviceMonitor: {
          enabled: true,
          additionalLabels: TAKEN_BY_PROMETHEUS,
          metricRelabelings: [
            { action: 'keep', sourceLabels: ['__name__'], regex: Object.values(OPENCOST_METRICS).join('|') },
          ],
        },
      },
      // Grafana shows it.
      ui: { enabled: false },
    },
  };
}
