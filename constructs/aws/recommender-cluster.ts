import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { EksCluster } from '@cdktf/provider-aws/lib/eks-cluster';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { Sleep } from '@cdktf/provider-time/lib/sleep';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { type CapacityPlan, ConfigError } from '../../src';
import type { ClusterConnection, EndpointAccess, IRecommenderCluster, WorkloadIdentityProps } from '../contracts';
import { AwsAccount } from './aws-account';
import { ClusterAddOns } from './cluster-add-ons';
import { ClusterAdmins } from './cluster-admins';
import { EncryptionKey } from './encryption-key';
import { ExistingCluster, type ExistingClusterProps, eksConnection } from './existing-cluster';
import { checkKubernetesVersion, type KubernetesVersion } from './kubernetes-version';
import type { Network } from './network';
import { NodeGroup } from './node-group';
import { type NodeCount, nodeCount } from './node-size';
import { PodIdentity } from './pod-identity';
import { policyDocument, serviceTrust } from './policy-document';
import { STORAGE_CLASS_NAME } from './storage-class';

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
  /** Traffic to be ready for; the number of nodes derives from it. */
  readonly capacity: CapacityPlan;
  /**
   * Instance type of the nodes. Graviton types run arm64 images, the others x86-64.
   * @default 't4g.large'
   */
  readonly instanceType?: string;
  /**
   * Fewest and most nodes.
   * @default - derived from `capacity` and `instanceType`
   */
  readonly nodeCount?: NodeCount;
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
export class RecommenderCluster extends Construct implements IRecommenderCluster<PodIdentity> {
  /**
   * An EKS cluster that exists, with the add-ons `eks-pod-identity-agent`, `aws-ebs-csi-driver` and `metrics-server`.
   */
  static fromExisting(scope: Construct, id: string, props: ExistingClusterProps): IRecommenderCluster<PodIdentity> {
    return new ExistingCluster(scope, id, props);
  }

  readonly resource: EksCluster;
  readonly key: EncryptionKey;
  readonly logGroup: CloudwatchLogGroup;
  readonly addOns: ClusterAddOns;
  readonly nodeGroup: NodeGroup;
  readonly clusterName: string;
  readonly connection: ClusterConnection;
  readonly oidcIssuerUrl: string;
  readonly ready: ITerraformDependable[];
  readonly storageClassName = STORAGE_CLASS_NAME;
  private readonly name: string;

  constructor(scope: Construct, id: string, props: RecommenderClusterProps) {
    super(scope, id);
    checkKubernetesVersion(props.kubernetesVersion ?? '1.35', this);
    this.checkAdmins(props.adminPrincipalArns);
    this.name = props.clusterName;
    this.key = this.addKey(props.protection ?? true);
    this.logGroup = this.addLogGroup(props.logRetentionDays ?? 30);
    this.resource = this.addCluster(props);
    this.clusterName = this.resource.name;
    this.connection = eksConnection(this, this.resource);
    this.oidcIssuerUrl = this.resource.identity.get(0).oidc.get(0).issuer;
    this.addOns = this.addAddOns(props.tags ?? {});
    this.nodeGroup = this.addNodeGroup(props);
    this.ready = this.addReadiness(props.adminPrincipalArns);
  }

  addWorkloadIdentity(id: string, props: WorkloadIdentityProps): PodIdentity {
    return new PodIdentity(this, id, {
      ...props,
      roleName: this.roleName(props),
      clusterName: this.clusterName,
      clusterArn: this.resource.arn,
    });
  }

  private checkAdmins(principalArns: readonly string[]): void {
    if (principalArns.length === 0) {
      throw new ConfigError(
        'adminPrincipalArns is empty, so nobody could reach into the cluster; name the IAM role that deploys, and those of the people on call.',
        this,
      );
    }
    const twice = principalArns.find((arn, index) => principalArns.indexOf(arn) !== index);
    if (twice) throw new ConfigError(`adminPrincipalArns has ${twice} twice; leave one out.`, this);
  }

  private roleName({ namespace, serviceAccountName }: WorkloadIdentityProps): string {
    return `${this.name}-${namespace}-${serviceAccountName}`;
  }

  private get logGroupName(): string {
    return `/aws/eks/${this.name}/cluster`;
  }

  private addKey(protection: boolean): EncryptionKey {
    const account = AwsAccount.of(this);
    return new EncryptionKey(this, 'Key', {
      aliasName: `eks/${this.name}`,
      description: `Kubernetes secrets and control plane logs of ${this.name}`,
      protection,
      statements: [
        {
          Sid: 'ControlPlaneLogs',
          Effect: 'Allow',
          Principal: { Service: `logs.${account.region}.amazonaws.com` },
          Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
          // In a key policy the only resource is the key itself.
          Resource: '*',
          Condition: {
            ArnEquals: {
              'kms:EncryptionContext:aws:logs:arn': account.arn('logs', `log-group:${this.logGroupName}`),
            },
          },
        },
      ],
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

  private addCluster(props: RecommenderClusterProps): EksCluster {
    const { endpointAccess, network } = props;
    const role = new IamRole(this, 'Role', {
      name: `${this.name}-cluster`,
      assumeRolePolicy: serviceTrust('eks.amazonaws.com'),
    });
    const permissions = [
      new IamRolePolicyAttachment(this, 'ClusterPolicy', {
        role: role.name,
        policyArn: AwsAccount.of(this).managedPolicyArn('AmazonEKSClusterPolicy'),
      }),
      new IamRolePolicy(this, 'EncryptSecrets', {
        name: 'encrypt-secrets',
        role: role.name,
        policy: policyDocument({
          Effect: 'Allow',
          Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ListGrants', 'kms:DescribeKey'],
          Resource: this.key.keyArn,
        }),
      }),
    ];
    return new EksCluster(this, 'Resource', {
      name: this.name,
      version: props.kubernetesVersion ?? '1.35',
      roleArn: role.arn,
      // The add-ons below are the only ones, so that Terraform knows all that runs.
      bootstrapSelfManagedAddons: false,
      accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: false },
      // Beyond standard support a cluster costs $438 a month instead of $73; AWS upgrades it before that.
      upgradePolicy: { supportType: 'STANDARD' },
      encryptionConfig: { resources: ['secrets'], provider: { keyArn: this.key.keyArn } },
      enabledClusterLogTypes: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'],
      vpcConfig: {
        subnetIds: network.privateSubnets.map((subnet) => subnet.id),
        endpointPrivateAccess: true,
        endpointPublicAccess: endpointAccess.isPublic,
        publicAccessCidrs: endpointAccess.isPublic ? [...endpointAccess.publicCidrs] : undefined,
      },
      lifecycle: { preventDestroy: props.protection ?? true },
      dependsOn: [...permissions, this.logGroup],
    });
  }

  private addAddOns(tags: Record<string, string>): ClusterAddOns {
    return new ClusterAddOns(this, 'AddOns', {
      clusterName: this.clusterName,
      clusterArn: this.resource.arn,
      roleName: (serviceAccount) => this.roleName(serviceAccount),
      tags,
    });
  }

  private addNodeGroup(props: RecommenderClusterProps): NodeGroup {
    const { network, capacity, instanceType = 't4g.large' } = props;
    return new NodeGroup(this, 'NodeGroup', {
      namePrefix: this.name,
      clusterName: this.clusterName,
      kubernetesVersion: this.resource.version,
      subnetIds: network.privateSubnets.map((subnet) => subnet.id),
      instanceType,
      count: props.nodeCount ?? nodeCount(capacity, instanceType, network.privateSubnets.length, this),
      tags: props.tags ?? {},
      dependsOn: [...this.addOns.beforeNodes, ...network.egress],
    });
  }

  /** What is in the cluster comes after the add-ons, and on destroy has been gone for a while before they go. */
  private addReadiness(principalArns: readonly string[]): ITerraformDependable[] {
    const admins = new ClusterAdmins(this, 'Admins', { clusterName: this.clusterName, principalArns });
    const addOns = this.addOns.addAfter(this.nodeGroup.resource);
    return [
      new Sleep(this, 'CleanupTime', {
        destroyDuration: CLEANUP_TIME,
        dependsOn: [this.nodeGroup.resource, ...addOns, ...admins.ready],
      }),
    ];
  }
}
