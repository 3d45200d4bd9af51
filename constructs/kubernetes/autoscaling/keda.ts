import type { Release } from '@cdktf/provider-helm/lib/release';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { Construct } from 'constructs';
import type { IRecommenderCluster } from '../../contracts';
import { chartRelease } from '../chart-release';
import { CHARTS } from '../charts';
import { resourcesOf } from '../container-sizes';
import { podSecurityLabels } from '../pod-security';

export interface KedaProps {
  /** The cluster it is in. */
  readonly cluster: Pick<IRecommenderCluster, 'ready'>;
  /**
   * Values of the chart that win over the construct's own.
   * @default {}
   */
  readonly values?: object;
}

/** KEDA by its chart in the namespace `keda`: it scales Deployments by what Prometheus, queues and the clock say. */
export class Keda extends Construct {
  readonly namespace: NamespaceV1;
  readonly release: Release;

  constructor(scope: Construct, id: string, { cluster, values }: KedaProps) {
    super(scope, id);
    this.namespace = new NamespaceV1(this, 'Namespace', {
      metadata: { name: 'keda', labels: podSecurityLabels('restricted') },
      dependsOn: cluster.ready,
    });
    this.release = chartRelease(this, {
      chart: CHARTS.keda,
      name: 'keda',
      namespaceName: this.namespace.metadata.name,
      values: {
        resources: {
          operator: resourcesOf(this, 'kedaOperator'),
          metricServer: resourcesOf(this, 'kedaMetricServer'),
          webhooks: resourcesOf(this, 'kedaWebhooks'),
        },
        // Two, because without one nothing scales.
        operator: { replicaCount: 2 },
      },
      userValues: values,
    });
  }
}
