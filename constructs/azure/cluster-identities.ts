import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { IResourceGroup } from './resource-group';

interface ClusterIdentitiesProps {
  readonly clusterName: string;
  readonly resourceGroup: IResourceGroup;
  readonly nodeSubnetId: string;
  readonly loadBalancerEgressIpId?: string;
  readonly containerRegistryId?: string;
}

/** What a cluster acts as, with the few roles it needs, all there before the cluster is. */
export class ClusterIdentities extends Construct {
  /** Of the control plane: joins nodes to their subnet, and the load balancer to its address. */
  readonly controlPlane: UserAssignedIdentity;
  /** Of the nodes: pulls images. Made here, because one that AKS makes has no role yet when the first pod starts. */
  readonly kubelet: UserAssignedIdentity;
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ClusterIdentitiesProps) {
    super(scope, id);
    this.controlPlane = this.addIdentity('ControlPlane', 'control-plane', props);
    this.kubelet = this.addIdentity('Kubelet', 'kubelet', props);
    this.ready = [
      this.assign('NodeSubnetRole', this.controlPlane, 'Network Contributor', props.nodeSubnetId),
      this.assign('KubeletRole', this.controlPlane, 'Managed Identity Operator', this.kubelet.id),
    ];
    const { containerRegistryId, loadBalancerEgressIpId } = props;
    if (loadBalancerEgressIpId) {
      this.ready.push(this.assign('EgressIpRole', this.controlPlane, 'Network Contributor', loadBalancerEgressIpId));
    }
    if (containerRegistryId) {
      this.ready.push(this.assign('ImagePullRole', this.kubelet, 'AcrPull', containerRegistryId));
    }
  }

  private addIdentity(id: string, part: string, props: ClusterIdentitiesProps): UserAssignedIdentity {
    return new UserAssignedIdentity(this, id, {
      name: `${props.clusterName}-${part}`,
      resourceGroupName: props.resourceGroup.name,
      location: props.resourceGroup.location,
    });
  }

  private assign(id: string, identity: UserAssignedIdentity, role: string, scope: string): RoleAssignment {
    return new RoleAssignment(this, id, {
      scope,
      roleDefinitionName: role,
      principalId: identity.principalId,
      principalType: 'ServicePrincipal',
    });
  }
}
