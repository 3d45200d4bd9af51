import { DataAzurermKubernetesCluster } from '@cdktf/provider-azurerm/lib/data-azurerm-kubernetes-cluster';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type {
  ClusterConnection,
  WorkloadIdentityProps as ContractIdentityProps,
  IRecommenderCluster,
} from '../contracts';
import { aksConnection, STORAGE_CLASS_NAME } from './cluster-connection';
import type { IResourceGroup } from './resource-group';
import { WorkloadIdentity } from './workload-identity';

export interface ExistingClusterProps {
  readonly clusterName: string;
  /** Name of the resource group the cluster is in. */
  readonly clusterResourceGroupName: string;
  /** Where identities for its pods are made. */
  readonly resourceGroup: IResourceGroup;
}

/** See `RecommenderCluster.fromExisting`. */
export class ExistingCluster extends Construct implements IRecommenderCluster<WorkloadIdentity> {
  readonly clusterName: string;
  readonly resource: DataAzurermKubernetesCluster;
  readonly connection: ClusterConnection;
  readonly ready: ITerraformDependable[] = [];
  readonly storageClassName = STORAGE_CLASS_NAME;

  private readonly resourceGroup: IResourceGroup;

  constructor(scope: Construct, id: string, props: ExistingClusterProps) {
    super(scope, id);
    this.clusterName = props.clusterName;
    this.resourceGroup = props.resourceGroup;
    this.resource = new DataAzurermKubernetesCluster(this, 'Resource', {
      name: props.clusterName,
      resourceGroupName: props.clusterResourceGroupName,
    });
    this.connection = aksConnection(this.resource.kubeConfig);
  }

  get oidcIssuerUrl(): string {
    return this.resource.oidcIssuerUrl;
  }

  addWorkloadIdentity(id: string, props: ContractIdentityProps): WorkloadIdentity {
    return new WorkloadIdentity(this, id, {
      ...props,
      identityName: `${this.clusterName}-${props.namespace}-${props.serviceAccountName}`,
      resourceGroup: this.resourceGroup,
      issuerUrl: this.oidcIssuerUrl,
    });
  }
}
