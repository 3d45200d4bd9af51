import { Release } from '@cdktf/provider-helm/lib/release';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { Construct } from 'constructs';
import type { ServiceLevelObjective } from '../../src';
import type { IRecommenderCluster } from '../contracts';
import type { ModelServer } from './model-server';
import { podSecurityLabels } from './recommender-namespace';

export interface ObservabilityStackProps {
  /** The cluster it is in. Prometheus keeps its data on a volume of the cluster's storage class. */
  readonly cluster: Pick<IRecommenderCluster, 'ready' | 'storageClassName'>;
  /** What is scraped. */
  readonly modelServer: ModelServer;
  /** What is alerted on. */
  readonly slo: ServiceLevelObjective;
}

/** Prometheus, Alertmanager and Grafana by kube-prometheus-stack, with the model server's targets and alerts. */
export class ObservabilityStack extends Construct {
  readonly namespace: NamespaceV1;
  readonly release: Release;

  constructor(scope: Construct, id: string, props: ObservabilityStackProps) {
    super(scope, id);
    this.namespace = new NamespaceV1(this, 'Namespace', {
      metadata: { name: 'monitoring', labels: podSecurityLabels('baseline') },
      dependsOn: props.cluster.ready,
    });
    this.release = new Release(this, 'Resource', {
      name: 'kube-prometheus-stack',
      namespace: this.namespace.metadata.name,
      repository: 'https://prometheus-community.github.io/helm-charts',
      chart: 'kube-prometheus-stack',
      version: '88.5.3',
    });
  }
}
