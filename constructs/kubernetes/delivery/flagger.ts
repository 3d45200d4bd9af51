import type { Release } from '@cdktf/provider-helm/lib/release';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { IRecommenderCluster } from '../../contracts';
import { chartRelease } from '../chart-release';
import { CHARTS } from '../charts';
import { resourcesOf } from '../container-sizes';
import { podSecurityLabels } from '../pod-security';
import { PROMETHEUS_URL } from '../prometheus-url';

export interface FlaggerProps {
  /** The cluster it is in. */
  readonly cluster: Pick<IRecommenderCluster, 'ready'>;
  /** What brings the kinds of the Gateway API, by which it splits traffic. */
  readonly gatewayApi: ITerraformDependable;
  /**
   * Prometheus whose answers decide on a version.
   * @default - the `ObservabilityStack`'s
   */
  readonly prometheusUrl?: string;
  /**
   * Values of the chart that win over the construct's own.
   * @default {}
   */
  readonly values?: object;
}

/** Flagger by its chart in the namespace `flagger-system`: it lets a new version at more and more requests. */
export class Flagger extends Construct {
  readonly namespace: NamespaceV1;
  readonly release: Release;
  readonly prometheusUrl: string;

  constructor(scope: Construct, id: string, props: FlaggerProps) {
    super(scope, id);
    const { cluster, gatewayApi, values } = props;
    this.prometheusUrl = props.prometheusUrl ?? PROMETHEUS_URL;
    this.namespace = new NamespaceV1(this, 'Namespace', {
      metadata: { name: 'flagger-system', labels: podSecurityLabels('restricted') },
      dependsOn: cluster.ready,
    });
    this.release = chartRelease(this, {
      chart: CHARTS.flagger,
      name: 'flagger',
      namespaceName: this.namespace.metadata.name,
      values: {
        meshProvider: 'gatewayapi:v1',
        metricsServer: this.prometheusUrl,
        resources: resourcesOf(this, 'flagger'),
      },
      userValues: values,
      dependsOn: [gatewayApi],
    });
  }
}
