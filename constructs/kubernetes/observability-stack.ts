import type { Release } from '@cdktf/provider-helm/lib/release';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { Construct } from 'constructs';
import { type ServiceLevelObjective, TrafficModel } from '../../src';
import type { IRecommenderCluster } from '../contracts';
import type { AlertRouting } from './alerting/alert-routing';
import { chartRelease } from './chart-release';
import { CHARTS } from './charts';
import { businessDashboard } from './dashboards/business-dashboard';
import { clusterDashboard } from './dashboards/cluster-dashboard';
import type { Dashboard } from './dashboards/dashboard';
import { GrafanaDashboard } from './dashboards/grafana-dashboard';
import { modelDashboard } from './dashboards/model-dashboard';
import { serviceDashboard } from './dashboards/service-dashboard';
import { implyVolumes } from './implied-volume';
import { kubePrometheusStackValues } from './kube-prometheus-stack-values';
import type { ModelServer } from './model-server';
import { NetworkPeer } from './network-peer';
import { podSecurityLabels } from './pod-security';
import { serviceRules } from './service-rules';
import { sloRules } from './slo-rules';
import { trafficRules } from './traffic-rules';

const NAMESPACE = 'monitoring';
const RELEASE = 'kube-prometheus-stack';

/** Label of the monitors, probes and rules that its Prometheus takes. */
export const TAKEN_BY_PROMETHEUS = { release: RELEASE };

export interface ObservabilityStackProps {
  /** The cluster it is in. Prometheus keeps its data on a volume of the cluster's storage class. */
  readonly cluster: Pick<IRecommenderCluster, 'ready' | 'storageClassName'>;
  /** What is scraped. */
  readonly modelServer: Pick<ModelServer, 'scrapeTarget' | 'autoscalerName' | 'capacity' | 'connections'>;
  /** What is alerted on. Metrics are kept for its window. */
  readonly slo: ServiceLevelObjective;
  /**
   * Size of Prometheus' volume, in GiB. The oldest data goes first when it fills up.
   * @default 20
   */
  readonly volumeGib?: number;
  /**
   * Where the runbooks are read: a page of your own, or their folder in this repository.
   * @default 'docs/runbooks'
   */
  readonly runbooksUrl?: string;
  /**
   * What is known of traffic beforehand.
   * @default new TrafficModel()
   */
  readonly traffic?: TrafficModel;
  /**
   * Who is told of alerts.
   * @default - nobody: alerts show in Grafana
   */
  readonly alerts?: AlertRouting;
  /**
   * Values of the chart that win over the construct's own.
   * @default {}
   */
  readonly values?: object;
}

/**
 * Prometheus, Alertmanager and Grafana by kube-prometheus-stack in the namespace `monitoring`, with the model server's
 * metrics and the alerts that the objective asks for. Reached by `kubectl port-forward` only.
 */
export class ObservabilityStack extends Construct {
  readonly namespace: NamespaceV1;
  readonly release: Release;
  readonly dashboards: readonly GrafanaDashboard[];

  constructor(scope: Construct, id: string, props: ObservabilityStackProps) {
    super(scope, id);
    this.namespace = this.addNamespace(props);
    this.release = this.addRelease(props);
    this.dashboards = this.addDashboards(props);
    const { connections, scrapeTarget } = props.modelServer;
    connections.allowFrom(
      NetworkPeer.pods(NAMESPACE, { 'app.kubernetes.io/name': 'prometheus' }),
      [{ port: scrapeTarget.portName }],
      'Prometheus scrapes its metrics',
    );
  }

  private addNamespace({ cluster }: ObservabilityStackProps): NamespaceV1 {
    return new NamespaceV1(this, 'Namespace', {
      // Not every container of the chart is known to keep to "restricted"; the API server warns of those that don't.
      metadata: { name: NAMESPACE, labels: podSecurityLabels('baseline') },
      dependsOn: cluster.ready,
    });
  }

  private addRelease(props: ObservabilityStackProps): Release {
    const { cluster, modelServer, slo, volumeGib = 20, runbooksUrl, alerts, traffic = new TrafficModel() } = props;
    const { storageClassName } = cluster;
    implyVolumes(this, { storageClassName, gib: volumeGib, madeBy: 'Prometheus' });
    const runbook = (alert: string) => `${runbooksUrl ?? 'docs/runbooks'}/${alert}.md`;
    const { scrapeTarget, autoscalerName, capacity } = modelServer;
    const values = kubePrometheusStackValues(this, {
      storageClassName,
      retentionDays: slo.windowDays,
      volumeGib,
      target: scrapeTarget,
      alerts,
      ruleGroups: [
        ...sloRules(slo, runbook),
        serviceRules({ namespaceName: scrapeTarget.namespaceName, name: autoscalerName }, runbook),
        trafficRules(traffic, capacity, runbook),
      ],
    });
    return chartRelease(this, {
      chart: CHARTS.kubePrometheusStack,
      name: RELEASE,
      namespaceName: this.namespace.metadata.name,
      values,
      userValues: props.values,
    });
  }

  private addDashboards({ modelServer, slo }: ObservabilityStackProps): GrafanaDashboard[] {
    const { capacity, autoscalerName, scrapeTarget } = modelServer;
    const { namespaceName } = scrapeTarget;
    return [
      this.addDashboard('ServiceDashboard', serviceDashboard({ slo, capacity })),
      this.addDashboard('ModelDashboard', modelDashboard()),
      this.addDashboard('BusinessDashboard', businessDashboard()),
      this.addDashboard('ClusterDashboard', clusterDashboard({ capacity, namespaceName, autoscalerName })),
    ];
  }

  private addDashboard(id: string, dashboard: Dashboard): GrafanaDashboard {
    return new GrafanaDashboard(this, id, { namespaceName: this.namespace.metadata.name, dashboard });
  }
}
