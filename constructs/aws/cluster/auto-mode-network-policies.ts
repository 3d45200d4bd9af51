import { ConfigMapV1 } from '@cdktf/provider-kubernetes/lib/config-map-v1';
import { Construct } from 'constructs';
import type { IRecommenderCluster } from '../../contracts';

export interface AutoModeNetworkPoliciesProps {
  readonly cluster: Pick<IRecommenderCluster, 'ready'>;
}

/**
 * Lets EKS Auto Mode enforce network policies, which it does not before it is told: without this, everything that is
 * closed in the cluster is open. It is an object in the cluster, so a stack without workloads leaves it out. Its stack
 * needs the Kubernetes provider. Source: EKS user guide, "Use network policies with EKS Auto Mode".
 */
export class AutoModeNetworkPolicies extends Construct {
  readonly resource: ConfigMapV1;

  constructor(scope: Construct, id: string, { cluster }: AutoModeNetworkPoliciesProps) {
    super(scope, id);
    this.resource = new ConfigMapV1(this, 'Resource', {
      metadata: { name: 'amazon-vpc-cni', namespace: 'kube-system' },
      data: { 'enable-network-policy-controller': 'true' },
      dependsOn: cluster.ready,
    });
  }
}
