import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { EksAddon } from '@cdktf/provider-aws/lib/eks-addon';
import type { EksCluster } from '@cdktf/provider-aws/lib/eks-cluster';
import { Sleep } from '@cdktf/provider-time/lib/sleep';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { CapacityPlan } from '../../../src';
import type { ClusterConnection, EndpointAccess, IRecommenderCluster, WorkloadIdentityProps } from '../../contracts';
import type { RunningContainers } from '../../kubernetes/cluster-load';
import { EncryptionKey } from '../encryption-key';
import { logsKeyStatement } from '../log-group-key';
import { Connections, type IConnectable } from '../network/connections';
import type { Network } from '../network/network';
import { PodIdentity } from '../pod-identity';
import { checkAddOnVersions } from './add-on-versions';
import { ClusterAccess, type ClusterAccessPolicy, checkPrincipals } from './cluster-access';
import { ClusterAddOns } from './cluster-add-ons';
import { type AutoModeProps, ClusterCompute, type NodeGroupsProps } from './cluster-compute';
import { addControlPlane } from './control-plane';
import { ExistingCluster, type ExistingClusterProps, eksConnection } from './existing-cluster';
import { checkKubernetesVersion, DEFAULT_KUBERNETES_VERSION, type KubernetesVersion } from './kubernetes-version';
import type { NodeGroup } from './node-group';
import { addNodeGroups, DEFAULT_INSTANCE_TYPE } from './node-groups';
import { nodeCount } from './node-size';
import { EBS_DRIVER, STORAGE_CLASS_NAME, type StorageProvisioner } from './storage-class';

export interface RecommenderClusterProps {
  /** At most 100 letters, digits, hyphens and underscores. */
  readonly clusterName: string;
  readonly network: Network;
  /** Who may reach the API server. */
  readonly endpointAccess: EndpointAccess;
  /**
   * ARNs of the IAM roles or users that administer the cluster: the one that deploys, and the people on call. Nobody
   * else gets in, not even the cluster's creator, so that a change of runner locks nobody out.
   */
  readonly adminPrincipalArns: readonly string[];
  /** Traffic to be ready for; the number of nodes in groups derives from it. */
  readonly capacity: CapacityPlan;
  /**
   * ARNs of IAM roles or users that see everything in it but Secrets, and change nothing.
   * @default []
   */
  readonly viewerPrincipalArns?: readonly string[];
  /**
   * What its pods run on.
   * @default ClusterCompute.nodeGroups()
   */
  readonly compute?: ClusterCompute;
  /**
   * What runs in it beside the model server; the number of nodes derives from it too.
   * @default ALWAYS_RUNNING
   */
  readonly running?: readonly RunningContainers[];
  /**
   * @default '1.35'
   */
  readonly kubernetesVersion?: KubernetesVersion;
  /**
   * Refuses a destroy of the cluster and of the key of its secrets.
   * @default true
   */
  readonly protection?: boolean;
  /**
   * Days that the control plane's logs are kept.
   * @default 30
   */
  readonly logRetentionDays?: number;
  /**
   * Tags for what is made outside Terraform's sight: instances, disks, volumes.
   * @default {}
   */
  readonly tags?: Record<string, string>;
}

/** How long controllers get to remove their load balancers and volumes on destroy, before they are removed. */
const CLEANUP_TIME = '60s';

/** An EKS cluster with nodes and add-ons. Its stack needs the AWS provider and the time provider. */
export class RecommenderCluster extends Construct implements IRecommenderCluster<PodIdentity>, IConnectable {
  /**
   * An EKS cluster that exists, with the add-ons `eks-pod-identity-agent`, `aws-ebs-csi-driver` and `metrics-server`.
   */
  static fromExisting(scope: Construct, id: string, props: ExistingClusterProps): IRecommenderCluster<PodIdentity> {
    return new ExistingCluster(scope, id, props);
  }

  readonly resource: EksCluster;
  readonly key: EncryptionKey;
  readonly logGroup: CloudwatchLogGroup;
  /** Absent in Auto Mode, which has all but `metrics-server` built in. */
  readonly addOns?: ClusterAddOns;
  /** None in Auto Mode. */
  readonly nodeGroups: readonly NodeGroup[];
  readonly clusterName: string;
  readonly connection: ClusterConnection;
  readonly oidcIssuerUrl: string;
  /** Of the nodes, and so of every pod. EKS lets them connect to anywhere. */
  readonly connections: Connections;
  readonly ready: ITerraformDependable[];
  readonly storageClassName = STORAGE_CLASS_NAME;
  readonly storageProvisioner: StorageProvisioner;
  /** Its name as text, known at synth. */
  readonly name: string;

  constructor(scope: Construct, id: string, props: RecommenderClusterProps) {
    super(scope, id);
    const { kubernetesVersion = DEFAULT_KUBERNETES_VERSION } = props;
    checkKubernetesVersion(kubernetesVersion, this);
    const { choice } = props.compute ?? ClusterCompute.nodeGroups();
    checkAddOnVersions(choice.addOnVersions ?? {}, this);
    checkPrincipals(props, this);
    this.name = props.clusterName;
    this.key = this.addKey(props.protection ?? true);
    this.logGroup = this.addLogGroup(props.logRetentionDays ?? 30);
    this.resource = addControlPlane(this, {
      ...props,
      kubernetesVersion,
      key: this.key,
      logGroup: this.logGroup,
      autoMode: choice.kind === 'auto-mode' ? choice : undefined,
    });
    this.clusterName = this.resource.name;
    this.connection = eksConnection(this, this.resource);
    this.connections = new Connections(this, 'Connections', {
      groupName: this.name,
      securityGroupId: this.resource.vpcConfig.clusterSecurityGroupId,
      outbound: 'anywhere',
    });
    this.oidcIssuerUrl = this.resource.identity.get(0).oidc.get(0).issuer;
    if (choice.kind === 'auto-mode') {
      this.storageProvisioner = 'ebs.csi.eks.amazonaws.com';
      this.nodeGroups = [];
      this.ready = this.addReadiness(props, [this.addMetricsServer(choice)]);
      return;
    }
    this.storageProvisioner = EBS_DRIVER;
    this.addOns = this.addAddOns(props, choice);
    this.nodeGroups = this.addNodes(props, choice, this.addOns);
    const nodes = this.nodeGroups.map(({ resource }) => resource);
    this.ready = this.addReadiness(props, nodes, () => this.addOns?.addAfter(nodes) ?? []);
  }

  addWorkloadIdentity(id: string, props: WorkloadIdentityProps): PodIdentity {
    return new PodIdentity(this, id, {
      ...props,
      roleName: this.roleName(props),
      clusterName: this.clusterName,
      clusterArn: this.resource.arn,
    });
  }

  private roleName({ namespace, serviceAccountName }: WorkloadIdentityProps): string {
    return `${this.name}-${namespace}-${serviceAccountName}`;
  }

  private get logGroupName(): string {
    return `/aws/eks/${this.name}/cluster`;
  }

  private addKey(protection: boolean): EncryptionKey {
    return new EncryptionKey(this, 'Key', {
      aliasName: `eks/${this.name}`,
      description: `Kubernetes secrets and control plane logs of ${this.name}`,
      protection,
      statements: [logsKeyStatement(this, [this.logGroupName])],
    });
  }

  /** Made before the cluster, which else makes it by itself, without an end and without the key. */
  private addLogGroup(retentionInDays: number): CloudwatchLogGroup {
    return new CloudwatchLogGroup(this, 'LogGroup', {
      name: this.logGroupName,
      retentionInDays,
      kmsKeyId: this.key.keyArn,
    });
  }

  private addAddOns({ tags = {} }: RecommenderClusterProps, { addOnVersions = {} }: NodeGroupsProps): ClusterAddOns {
    return new ClusterAddOns(this, 'AddOns', {
      clusterName: this.clusterName,
      clusterArn: this.resource.arn,
      roleName: (serviceAccount) => this.roleName(serviceAccount),
      versions: addOnVersions,
      tags,
    });
  }

  /** Of Auto Mode, whose nodes come when it asks for one. */
  private addMetricsServer({ addOnVersions = {} }: AutoModeProps): EksAddon {
    return new EksAddon(this, 'MetricsServer', {
      clusterName: this.clusterName,
      addonName: 'metrics-server',
      addonVersion: addOnVersions['metrics-server'],
      resolveConflictsOnCreate: 'OVERWRITE',
      resolveConflictsOnUpdate: 'OVERWRITE',
    });
  }

  private addNodes(
    props: RecommenderClusterProps,
    choice: NodeGroupsProps,
    { beforeNodes }: ClusterAddOns,
  ): NodeGroup[] {
    const { network, capacity, running } = props;
    const { instanceType = DEFAULT_INSTANCE_TYPE } = choice;
    const zones = network.privateSubnets.length;
    return addNodeGroups(this, {
      choice,
      count: choice.count ?? nodeCount({ capacity, instanceType, zones, running }, this),
      zones,
      common: {
        namePrefix: this.name,
        clusterName: this.clusterName,
        kubernetesVersion: this.resource.version,
        subnetIds: network.privateSubnets.map((subnet) => subnet.id),
        tags: props.tags ?? {},
        dependsOn: [...beforeNodes, ...network.egress],
      },
    });
  }

  /** What is in the cluster comes after the add-ons, and on destroy has been gone for a while before they go. */
  private addReadiness(
    { adminPrincipalArns, viewerPrincipalArns = [] }: RecommenderClusterProps,
    nodes: readonly ITerraformDependable[],
    addAfter: () => readonly ITerraformDependable[] = () => [],
  ): ITerraformDependable[] {
    const { clusterName } = this;
    const access = (id: string, principalArns: readonly string[], policy: ClusterAccessPolicy) =>
      new ClusterAccess(this, id, { clusterName, principalArns, policy });
    const admins = access('Admins', adminPrincipalArns, 'AmazonEKSClusterAdminPolicy');
    access('Viewers', viewerPrincipalArns, 'AmazonEKSViewPolicy');
    const dependsOn = [...nodes, ...addAfter(), ...admins.ready];
    return [new Sleep(this, 'CleanupTime', { destroyDuration: CLEANUP_TIME, dependsOn })];
  }
}
