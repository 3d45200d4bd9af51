import type { Release } from '@cdktf/provider-helm/lib/release';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { Construct } from 'constructs';
import type { IRecommenderCluster } from '../../contracts';
import { chartRelease } from '../chart-release';
import { CHARTS } from '../charts';
import { podSecurityLabels } from '../pod-security';
import { containerResources, TRAINING_SIZES } from '../workload-sizes';

export interface KubeflowTrainerProps {
  /** The cluster it is in. */
  readonly cluster: Pick<IRecommenderCluster, 'ready'>;
  /**
   * Values of the chart that win over the construct's own.
   * @default {}
   */
  readonly values?: object;
}

/** Kubeflow Trainer and JobSet by its chart in the namespace `kubeflow-trainer`: they run trainings of several nodes. */
export class KubeflowTrainer extends Construct {
  readonly namespace: NamespaceV1;
  readonly release: Release;

  constructor(scope: Construct, id: string, { cluster, values }: KubeflowTrainerProps) {
    super(scope, id);
    this.namespace = new NamespaceV1(this, 'Namespace', {
      metadata: { name: 'kubeflow-trainer', labels: podSecurityLabels('restricted') },
      dependsOn: cluster.ready,
    });
    this.release = chartRelease(this, {
      chart: CHARTS.kubeflowTrainer,
      name: 'kubeflow-trainer',
      namespaceName: this.namespace.metadata.name,
      values: {
        manager: { resources: containerResources(TRAINING_SIZES.manager) },
        jobset: { controller: { resources: containerResources(TRAINING_SIZES.jobset) } },
      },
      userValues: values,
    });
  }
}
