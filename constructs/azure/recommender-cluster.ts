import {
  KubernetesCluster,
  type KubernetesClusterDefaultNodePool,
} from '@cdktf/provider-azurerm/lib/kubernetes-cluster';
import { Sleep } from '@cdktf/provider-time/lib/sleep';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { type CapacityPlan, ConfigError } from '../../src';
import type {
  ClusterConnection,
  WorkloadIdentityProps as ContractIdentityProps,
  EndpointAccess,
  IRecommenderCluster,
} from '../contracts';
import type { RunningContainers } from '../kubernetes/cluster-load';
import { aksConnection, STORAGE_CLASS_NAME } from './cluster-connection';
import { ClusterIdentities } from './cluster-identities';
import { apiServer, networkProfile, UPKEEP } from './cluster-profile';
import type { ClusterTier } from './cluster-tier';
import { ExistingCluster, type ExistingClusterProps } from './existing-cluster';
import { checkKubernetesVersion, type KubernetesVersion } from './kubernetes-version';
import { MAX_PODS, type NodeCount, nodeCountFor } from './node-pool-size';
import type { IResourceGroup } from './resource-group';
import { WorkloadIdentity } from './workload-identity';

/** What a cluster needs of a network; a `Network` has it. */
export interface IClusterNetwork {
  readonly nodeSubnetId: string;
  /** The IPv4 address that nodes are seen from. */
  readonly egressIpAddress: string;
  /**
   * Id of that address, where the cluster's load balancer is to send traffic from it.
   * @default - a NAT gateway on the subnet does
   */
  readonly loadBalancerEgressIpId?: string;
  readonly ready: ITerraformDependable[];
}

export interface RecommenderClusterProps {
  /** 1 to 54 letters, digits and hyphens; also the DNS prefix of the API server. */
  readonly clusterName: string;
  readonly resourceGroup: IResourceGroup;
  readonly network: IClusterNetwork;
  /** Who may reach the API server. */
  readonly endpointAccess: EndpointAccess;
  /** Entra groups whose members, such as the people and the CI that deploy, administer the cluster. Object ids. */
  readonly adminGroupObjectIds: readonly string[];
  /** How many replicas the nodes must hold. */
  readonly capacity: CapacityPlan;
  /**
   * Kubernetes minor version; AKS applies its patches by itself.
   * @default '1.35'
   */
  readonly kubernetesVersion?: KubernetesVersion;
  /**
   * Size of the nodes.
   * @default 'Standard_D2ps_v6'
   */
  readonly vmSize?: string;
  /**
   * What runs in it beside the model server; the number of nodes derives from it too.
   * @default ALWAYS_RUNNING
   */
  readonly running?: readonly RunningContainers[];
  /**
   * Bounds of the node pool's autoscaler.
   * @default - what `capacity` needs
   */
  readonly nodeCount?: NodeCount;
  /**
   * Zones that nodes are spread over. Empty where the location has no zones.
   * @default ['1', '2', '3']
   */
  readonly zones?: readonly string[];
  /**
   * Tier of the control plane; `clusterTierFor(slo)` chooses one.
   * @default 'Standard'
   */
  readonly tier?: ClusterTier;
  /**
   * Resource id of the container registry that nodes pull from.
   * @default - nodes pull without credentials
   */
  readonly containerRegistryId?: string;
  /**
   * Refuses a destroy.
   * @default true
   */
  readonly protection?: boolean;
}

/** How long controllers get to give back load balancers and disks on destroy, before they are removed. */
const CLEANUP_TIME = '60s';

/**
 * An AKS cluster: Entra and Azure RBAC only, workload identity, Cilium on an overlay network, one node pool that
 * scales itself, patches in a weekly window. Its stack needs the azurerm provider and the time provider.
 */
export class RecommenderCluster extends Construct implements IRecommenderCluster<WorkloadIdentity> {
  /** A cluster that exists already, with OIDC issuer and workload identity on. */
  static fromExisting(
    scope: Construct,
    id: string,
    props: ExistingClusterProps,
  ): IRecommenderCluster<WorkloadIdentity> {
    return new ExistingCluster(scope, id, props);
  }

  readonly clusterName: string;
  readonly resource: KubernetesCluster;
  /** What control plane and nodes act as. */
  readonly identities: ClusterIdentities;
  readonly connection: ClusterConnection;
  readonly ready: ITerraformDependable[];
  /** AKS's own class: encrypted managed disks, zone-redundant in a cluster with zones. */
  readonly storageClassName = STORAGE_CLASS_NAME;

  private readonly resourceGroup: IResourceGroup;

  constructor(scope: Construct, id: string, props: RecommenderClusterProps) {
    super(scope, id);
    this.check(props);
    this.clusterName = props.clusterName;
    this.resourceGroup = props.resourceGroup;
    this.identities = new ClusterIdentities(this, 'Identities', {
      clusterName: props.clusterName,
      resourceGroup: props.resourceGroup,
      nodeSubnetId: props.network.nodeSubnetId,
      loadBalancerEgressIpId: props.network.loadBalancerEgressIpId,
      containerRegistryId: props.containerRegistryId,
    });
    this.resource = this.addCluster(props);
    this.connection = aksConnection(this.resource.kubeConfig);
    // What is in the cluster comes after it, and on destroy has been gone for a while before it goes.
    this.ready = [new Sleep(this, 'CleanupTime', { destroyDuration: CLEANUP_TIME, dependsOn: [this.resource] })];
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

  private check({ clusterName, kubernetesVersion, adminGroupObjectIds, nodeCount }: RecommenderClusterProps): void {
    checkKubernetesVersion(kubernetesVersion ?? '1.35', this);
    if (!/^[A-Za-z0-9]([A-Za-z0-9-]{0,52}[A-Za-z0-9])?$/.test(clusterName)) {
      throw new ConfigError(
        `clusterName is ${clusterName}; allowed are 1 to 54 letters, digits and hyphens, with a letter or digit at both ends.`,
        this,
      );
    }
    if (adminGroupObjectIds.length === 0) {
      throw new ConfigError(
        'adminGroupObjectIds is empty; local accounts are off, so name at least one Entra group that may administer the cluster.',
        this,
      );
    }
    if (nodeCount && !(nodeCount.min >= 1 && nodeCount.max >= nodeCount.min && nodeCount.max <= 1000)) {
      throw new ConfigError(
        `nodeCount is ${nodeCount.min} to ${nodeCount.max}; allowed are 1 to 1000, with min not above max.`,
        this,
      );
    }
  }

  private addCluster(props: RecommenderClusterProps): KubernetesCluster {
    const version = props.kubernetesVersion ?? '1.35';
    const { controlPlane, kubelet } = this.identities;
    return new KubernetesCluster(this, 'Resource', {
      name: this.clusterName,
      resourceGroupName: this.resourceGroup.name,
      nodeResourceGroup: `${this.clusterName}-nodes`,
      location: this.resourceGroup.location,
      dnsPrefix: this.clusterName,
      kubernetesVersion: version,
      skuTier: props.tier ?? 'Standard',
      ...apiServer(props.endpointAccess, props.network.egressIpAddress),
      identity: { type: 'UserAssigned', identityIds: [controlPlane.id] },
      kubeletIdentity: {
        clientId: kubelet.clientId,
        objectId: kubelet.principalId,
        userAssignedIdentityId: kubelet.id,
      },
      localAccountDisabled: true,
      azureActiveDirectoryRoleBasedAccessControl: {
        azureRbacEnabled: true,
        adminGroupObjectIds: [...props.adminGroupObjectIds],
      },
      roleBasedAccessControlEnabled: true,
      oidcIssuerEnabled: true,
      workloadIdentityEnabled: true,
      defaultNodePool: this.nodePool(props, version),
      networkProfile: networkProfile(props.network.loadBalancerEgressIpId),
      ...UPKEEP,
      dependsOn: [...this.identities.ready, ...props.network.ready],
      lifecycle: {
        preventDestroy: props.protection ?? true,
        // The autoscaler owns it.
        ignoreChanges: ['default_node_pool[0].node_count'],
      },
    });
  }

  private nodePool(props: RecommenderClusterProps, version: string): KubernetesClusterDefaultNodePool {
    const vmSize = props.vmSize ?? 'Standard_D2ps_v6';
    const { min, max } = props.nodeCount ?? nodeCountFor({ ...props, vmSize }, this);
    return {
      name: 'system',
      temporaryNameForRotation: 'systemtmp',
      vmSize,
      autoScalingEnabled: true,
      minCount: min,
      maxCount: max,
      maxPods: MAX_PODS,
      zones: [...(props.zones ?? ['1', '2', '3'])],
      vnetSubnetId: props.network.nodeSubnetId,
      orchestratorVersion: version,
      osSku: 'AzureLinux',
      osDiskType: 'Managed',
      osDiskSizeGb: 64,
      // Stated because AKS fills it in and a plan would take it away again.
      upgradeSettings: { maxSurge: '33%', drainTimeoutInMinutes: 30, nodeSoakDurationInMinutes: 0 },
    };
  }
}
