import type { Release } from '@cdktf/provider-helm/lib/release';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { Construct } from 'constructs';
import type { IRecommenderCluster } from '../../contracts';
import { chartRelease } from '../chart-release';
import { CHARTS } from '../charts';
import { NetworkPeer } from '../network-peer';
import { podSecurityLabels } from '../pod-security';
import type { RecommenderNamespace } from '../recommender-namespace';
import { containerResources, KAFKA_SIZES } from '../workload-sizes';

const NAMESPACE = 'strimzi';

export interface StrimziProps {
  /** The cluster it is in. */
  readonly cluster: Pick<IRecommenderCluster, 'ready'>;
  /** Where it makes Kafkas. */
  readonly namespace: RecommenderNamespace;
  /**
   * Values of the chart that win over the construct's own.
   * @default {}
   */
  readonly values?: object;
}

/** Strimzi by its chart in the namespace `strimzi`: it makes what a Kafka consists of, and keeps it so. */
export class Strimzi extends Construct {
  readonly namespace: NamespaceV1;
  readonly release: Release;
  /** Its pods, as a network policy selects them. */
  readonly peer = NetworkPeer.pods(NAMESPACE, { 'strimzi.io/kind': 'cluster-operator' });

  constructor(scope: Construct, id: string, { cluster, namespace, values }: StrimziProps) {
    super(scope, id);
    this.namespace = new NamespaceV1(this, 'Namespace', {
      metadata: { name: NAMESPACE, labels: podSecurityLabels('restricted') },
      dependsOn: cluster.ready,
    });
    this.release = chartRelease(this, {
      chart: CHARTS.strimzi,
      name: 'strimzi',
      namespaceName: this.namespace.metadata.name,
      values: {
        watchNamespaces: [namespace.namespaceName],
        // Its own would let anybody in at a listener that names nobody: a Kafka's `Connections` say who may.
        generateNetworkPolicy: false,
        extraEnvs: [{ name: 'STRIMZI_POD_SECURITY_PROVIDER_CLASS', value: 'restricted' }],
        resources: containerResources(KAFKA_SIZES.clusterOperator),
      },
      userValues: values,
    });
  }
}
