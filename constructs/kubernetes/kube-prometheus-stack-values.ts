import type { Construct } from 'constructs';
import type { AlertRouting } from './alerting/alert-routing';
import { resourcesOf } from './container-sizes';
import type { PrometheusRuleGroup } from './slo-rules';

export interface ScrapeTarget {
  readonly namespaceName: string;
  readonly podLabels: Record<string, string>;
  readonly portName: string;
}

export interface KubePrometheusStackValuesProps {
  readonly storageClassName: string;
  readonly retentionDays: number;
  readonly volumeGib: number;
  readonly target: ScrapeTarget;
  readonly ruleGroups: readonly PrometheusRuleGroup[];
  readonly alerts?: AlertRouting;
}

/**
 * Values of the chart where they differ from its own. What runs on a managed control plane or needs the host (etcd,
 * scheduler, controller manager, kube-proxy, node exporter) is off, with the rules that need it.
 */
export function kubePrometheusStackValues(scope: Construct, props: KubePrometheusStackValuesProps) {
  return {
    ...CONTROL_PLANE_OFF,
    prometheusOperator: {
      resources: resourcesOf(scope, 'prometheusOperator'),
      prometheusConfigReloader: { resources: resourcesOf(scope, 'configReloader') },
      // The webhook checks rules that people apply by hand; ours are checked before they get here.
      admissionWebhooks: { enabled: false },
      tls: { enabled: false },
    },
    prometheus: {
      prometheusSpec: {
        resources: resourcesOf(scope, 'prometheus'),
        retention: `${props.retentionDays}d`,
        // Below the volume's size, so that old blocks go before the disk is full.
        retentionSize: `${Math.floor(props.volumeGib * 0.85)}GiB`,
        storageSpec: {
          volumeClaimTemplate: {
            spec: {
              storageClassName: props.storageClassName,
              accessModes: ['ReadWriteOnce'],
              resources: { requests: { storage: `${props.volumeGib}Gi` } },
            },
          },
        },
        // Without it a destroy leaves the disk behind, and its bill.
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' },
      },
      additionalPodMonitors: [podMonitor(props.target)],
    },
    additionalPrometheusRulesMap: { recommender: { groups: props.ruleGroups } },
    alertmanager: {
      ...(props.alerts && { config: props.alerts.config }),
      alertmanagerSpec: {
        resources: resourcesOf(scope, 'alertmanager'),
        ...(props.alerts && { secrets: [props.alerts.secretName] }),
      },
    },
    grafana: {
      // Empty, the chart makes a random one in the cluster and keeps it; its own default is a known word. So the
      // password is in no code, no plan and no state.
      adminPassword: '',
      resources: resourcesOf(scope, 'grafana'),
      sidecar: { resources: resourcesOf(scope, 'grafanaSidecar') },
    },
    'kube-state-metrics': { resources: resourcesOf(scope, 'kubeStateMetrics') },
  };
}

function podMonitor({ namespaceName, podLabels, portName }: ScrapeTarget) {
  return {
    name: 'model-server',
    namespaceSelector: { matchNames: [namespaceName] },
    selector: { matchLabels: podLabels },
    podMetricsEndpoints: [{ port: portName, path: '/metrics', interval: '15s' }],
  };
}

const CONTROL_PLANE_OFF = {
  kubeApiServer: { enabled: false },
  kubeControllerManager: { enabled: false },
  kubeEtcd: { enabled: false },
  kubeProxy: { enabled: false },
  kubeScheduler: { enabled: false },
  nodeExporter: { enabled: false },
  defaultRules: {
    rules: {
      etcd: false,
      kubeApiserverAvailability: false,
      kubeApiserverBurnrate: false,
      kubeApiserverHistogram: false,
      kubeApiserverSlos: false,
      kubeControllerManager: false,
      kubeProxy: false,
      kubeSchedulerAlerting: false,
      kubeSchedulerRecording: false,
      network: false,
      node: false,
      nodeExporterAlerting: false,
      nodeExporterRecording: false,
      windows: false,
    },
  },
};
