import type { Release } from '@cdktf/provider-helm/lib/release';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { Construct } from 'constructs';
import type { IRecommenderCluster, IWorkloadIdentity, WorkloadIdentityProps } from '../../contracts';
import { chartRelease } from '../chart-release';
import { CHARTS } from '../charts';
import { checkIdentity } from '../check-identity';
import { resourcesOf } from '../container-sizes';
import { podSecurityLabels } from '../pod-security';
import type { RecommenderNamespace } from '../recommender-namespace';

/** Service account of the operator, the same in either cluster: what its cloud identity is bound to. */
export const EXTERNAL_SECRETS_SERVICE_ACCOUNT: WorkloadIdentityProps = {
  namespace: 'external-secrets',
  serviceAccountName: 'external-secrets',
};

export interface ExternalSecretsProps {
  /** The cluster it is in. */
  readonly cluster: Pick<IRecommenderCluster, 'ready'>;
  /** The one namespace it works for; it may read and write Secrets of no other. */
  readonly namespace: RecommenderNamespace;
  /** Cloud identity of {@link EXTERNAL_SECRETS_SERVICE_ACCOUNT}, which may read the store's secrets. */
  readonly identity: IWorkloadIdentity;
  /**
   * Values of the chart that win over the construct's own.
   * @default {}
   */
  readonly values?: object;
}

/** External Secrets by its chart in the namespace `external-secrets`: it copies values from a cloud's store to Secrets. */
export class ExternalSecrets extends Construct {
  readonly namespace: NamespaceV1;
  readonly release: Release;

  constructor(scope: Construct, id: string, props: ExternalSecretsProps) {
    super(scope, id);
    checkIdentity(this, {
      identity: props.identity,
      expected: EXTERNAL_SECRETS_SERVICE_ACCOUNT,
      constant: 'EXTERNAL_SECRETS_SERVICE_ACCOUNT',
    });
    this.namespace = new NamespaceV1(this, 'Namespace', {
      metadata: { name: EXTERNAL_SECRETS_SERVICE_ACCOUNT.namespace, labels: podSecurityLabels('restricted') },
      dependsOn: props.cluster.ready,
    });
    this.release = this.addRelease(props);
  }

  private addRelease({ namespace, identity, values }: ExternalSecretsProps): Release {
    return chartRelease(this, {
      chart: CHARTS.externalSecrets,
      name: 'external-secrets',
      namespaceName: this.namespace.metadata.name,
      values: {
        // Roles in one namespace, and no kinds that work for all of them.
        scopedNamespace: namespace.namespaceName,
        scopedRBAC: true,
        leaderElect: true,
        replicaCount: 2,
        serviceAccount: {
          name: EXTERNAL_SECRETS_SERVICE_ACCOUNT.serviceAccountName,
          annotations: identity.serviceAccountAnnotations,
        },
        podLabels: identity.podLabels,
        resources: resourcesOf(this, 'externalSecrets'),
        webhook: { resources: resourcesOf(this, 'externalSecretsWebhook') },
        certController: { resources: resourcesOf(this, 'externalSecretsCertController') },
      },
      userValues: values,
      // EKS hands credentials to pods that start after the association was made.
      dependsOn: identity.ready,
    });
  }
}
