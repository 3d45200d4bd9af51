import { DataAwsEksCluster } from '@cdktf/provider-aws/lib/data-aws-eks-cluster';
import type { EksCluster } from '@cdktf/provider-aws/lib/eks-cluster';
import { Fn, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { ClusterConnection, IRecommenderCluster, WorkloadIdentityProps } from '../../contracts';
import { AwsAccount } from '../aws-account';
import { PodIdentity } from '../pod-identity';
import { STORAGE_CLASS_NAME } from './storage-class';

/** How the Kubernetes and Helm providers reach a cluster: by the `aws` command, so that no token is in the state. */
export function eksConnection(scope: Construct, cluster: EksCluster | DataAwsEksCluster): ClusterConnection {
  return {
    host: cluster.endpoint,
    clusterCaCertificate: Fn.base64decode(cluster.certificateAuthority.get(0).data),
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      command: 'aws',
      args: [
        ...['eks', 'get-token', '--output', 'json'],
        ...['--cluster-name', cluster.name, '--region', AwsAccount.of(scope).region],
      ],
    },
  };
}

export interface ExistingClusterProps {
  readonly clusterName: string;
}

/** See `RecommenderCluster.fromExisting`. */
export class ExistingCluster extends Construct implements IRecommenderCluster<PodIdentity> {
  readonly clusterName: string;
  readonly connection: ClusterConnection;
  readonly oidcIssuerUrl: string;
  readonly ready: ITerraformDependable[] = [];
  readonly storageClassName = STORAGE_CLASS_NAME;
  private readonly resource: DataAwsEksCluster;

  constructor(scope: Construct, id: string, { clusterName }: ExistingClusterProps) {
    super(scope, id);
    this.clusterName = clusterName;
    this.resource = new DataAwsEksCluster(this, 'Resource', { name: clusterName });
    this.connection = eksConnection(this, this.resource);
    this.oidcIssuerUrl = this.resource.identity.get(0).oidc.get(0).issuer;
  }

  addWorkloadIdentity(id: string, props: WorkloadIdentityProps): PodIdentity {
    return new PodIdentity(this, id, {
      ...props,
      roleName: `${this.clusterName}-${props.namespace}-${props.serviceAccountName}`,
      clusterName: this.clusterName,
      clusterArn: this.resource.arn,
    });
  }
}
