import { Release } from '@cdktf/provider-helm/lib/release';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { Construct } from 'constructs';
import { stringify } from 'yaml';
import type { ServiceLevelObjective } from '../../src';
import type { IRecommenderCluster } from '../contracts';
import { kubePrometheusStackValues } from './kube-prometheus-stack-values';
import type { ModelServer } from './model-server';
import { podSecurityLabels } from './pod-security';
import { serviceRules } from './service-rules';
import { sloRules } from './slo-rules';

/** The chart, which pins the versions of everything in it. */
export const KUBE_PROMETHEUS_STACK = {
  repository: 'https://prometheus-community.github.io/helm-charts',
  chart: 'kube-prometheus-stack',
  version: '88.5.3',
} as const;

export interface ObservabilityStackProps {
  /** The cluster it is in. Prometheus keeps its data on a volume of the cluster's storage class. */
  readonly cluster: Pick<IRecommenderCluster, 'ready' | 'storageClassName'>;
  /** What is scraped. */
  readonly modelServer: Pick<ModelServer, 'scrapeTarget' | 'autoscalerName'>;
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
}

/**
 * Prometheus, Alertmanager and Grafana by kube-prometheus-stack in the namespace `monitoring`, with the model server's
 * metrics and the alerts that the objective asks for. Reached by `kubectl port-forward` only.
 */
export class ObservabilityStack extends Construct {
  readonly namespace: NamespaceV1;
  readonly release: Release;

  constructor(scope: Construct, id: string, props: ObservabilityStackProps) {
    super(scope, id);
    this.namespace = this.addNamespace(props);
    this.release = this.addRelease(props);
  }

  private addNamespace({ cluster }: ObservabilityStackProps): NamespaceV1 {
    return new NamespaceV1(this, 'Namespace', {
      // Not every container of the chart is known to keep to "restricted"; the API server warns of those that don't.
      metadata: { name: 'monitoring', labels: podSecurityLabels('baseline') },
      dependsOn: cluster.ready,
    });
  }

  private addRelease({ cluster, modelServer, slo, volumeGib, runbooksUrl }: ObservabilityStackProps): Release {
    const runbook = (alert: string) => `${runbooksUrl ?? 'docs/runbooks'}/${alert}.md`;
    const { scrapeTarget, autoscalerName } = modelServer;
    const values = kubePrometheusStackValues({
      storageClassName: cluster.storageClassName,
      retentionDays: slo.windowDays,
      volumeGib: volumeGib ?? 20,
      target: scrapeTarget,
      ruleGroups: [
        ...sloRules(slo, runbook),
        serviceRules({ namespaceName: scrapeTarget.namespaceName, name: autoscalerName }, runbook),
      ],
    });
    return new Release(this, 'Resource', {
      name: 'kube-prometheus-stack',
      namespace: this.namespace.metadata.name,
      ...KUBE_PROMETHEUS_STACK,
      // YAML 1.1, because Helm reads it and takes an unquoted `on` or `yes` for a boolean.
      values: [stringify(values, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false })],
      // A first install that failed halfway is taken back, so that the next apply starts clean.
      atomic: true,
      maxHistory: 5,
      timeout: 900,
    });
  }
}
