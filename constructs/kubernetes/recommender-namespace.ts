import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { NetworkPolicyV1 } from '@cdktf/provider-kubernetes/lib/network-policy-v1';
import { Construct } from 'constructs';
import type { IRecommenderCluster } from '../contracts';
import { podSecurityLabels } from './pod-security';

/** The namespace that identities are bound to, known at synth. */
export const RECOMMENDER_NAMESPACE = 'recommender';

export interface RecommenderNamespaceProps {
  /** The cluster it is in; everything in the namespace waits for the cluster and is gone before it. */
  readonly cluster: Pick<IRecommenderCluster, 'ready'>;
}

/**
 * The namespace `recommender`, which admits only pods that keep to the Pod Security Standard "restricted". They may
 * connect to nobody and nobody to them, but for what their `Connections` say.
 */
export class RecommenderNamespace extends Construct {
  readonly resource: NamespaceV1;
  readonly defaultDeny: NetworkPolicyV1;
  /** A reference, so that what uses it comes after the namespace. */
  readonly namespaceName: string;

  constructor(scope: Construct, id: string, props: RecommenderNamespaceProps) {
    super(scope, id);
    this.resource = new NamespaceV1(this, 'Resource', {
      metadata: { name: RECOMMENDER_NAMESPACE, labels: podSecurityLabels('restricted') },
      dependsOn: props.cluster.ready,
    });
    this.namespaceName = this.resource.metadata.name;
    this.defaultDeny = new NetworkPolicyV1(this, 'DefaultDeny', {
      metadata: { name: 'default-deny', namespace: this.namespaceName },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    });
  }
}
