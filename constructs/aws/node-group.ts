import { EksNodeGroup } from '@cdktf/provider-aws/lib/eks-node-group';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { LaunchTemplate } from '@cdktf/provider-aws/lib/launch-template';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { AwsAccount } from './aws-account';
import { amiType, type NodeCount } from './node-size';
import { serviceTrust } from './policy-document';

export interface NodeGroupProps {
  /** Name of the cluster, as text. */
  readonly namePrefix: string;
  /** References to the cluster's attributes. */
  readonly clusterName: string;
  readonly kubernetesVersion: string;
  readonly subnetIds: string[];
  readonly instanceType: string;
  readonly count: NodeCount;
  /** Tags of the instances, their disks and network interfaces, which the provider's default tags don't reach. */
  readonly tags: Record<string, string>;
  readonly dependsOn: ITerraformDependable[];
}

/** What every node may do: join the cluster, hand out Pod Identity's credentials, pull images of the account. */
const NODE_POLICIES = {
  WorkerNodePolicy: 'AmazonEKSWorkerNodePolicy',
  ImagePullPolicy: 'AmazonEC2ContainerRegistryPullOnly',
} as const;

/** Size of a node's disk for images and logs, in GiB. */
const DISK_GIB = 50;

/** Managed nodes on Amazon Linux 2023. How many run is the autoscaler's or operator's to change, not Terraform's. */
export class NodeGroup extends Construct {
  readonly resource: EksNodeGroup;
  readonly role: IamRole;
  readonly launchTemplate: LaunchTemplate;

  constructor(scope: Construct, id: string, props: NodeGroupProps) {
    super(scope, id);
    this.role = new IamRole(this, 'Role', {
      name: `${props.namePrefix}-node`,
      assumeRolePolicy: serviceTrust('ec2.amazonaws.com'),
    });
    const policies = Object.entries(NODE_POLICIES).map(
      ([name, policy]) =>
        new IamRolePolicyAttachment(this, name, {
          role: this.role.name,
          policyArn: AwsAccount.of(this).managedPolicyArn(policy),
        }),
    );
    this.launchTemplate = this.addLaunchTemplate(props);
    this.resource = this.addNodeGroup(props, policies);
  }

  private addLaunchTemplate({ namePrefix, tags }: NodeGroupProps): LaunchTemplate {
    return new LaunchTemplate(this, 'LaunchTemplate', {
      name: `${namePrefix}-node`,
      updateDefaultVersion: true,
      // With one hop only the node itself reaches its metadata, so no pod can act as the node.
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        {
          deviceName: '/dev/xvda',
          ebs: { volumeType: 'gp3', volumeSize: DISK_GIB, encrypted: 'true', deleteOnTermination: 'true' },
        },
      ],
      tagSpecifications: ['instance', 'volume', 'network-interface'].map((resourceType) => ({
        resourceType,
        tags: { ...tags, Name: `${namePrefix}-node` },
      })),
    });
  }

  private addNodeGroup(props: NodeGroupProps, policies: ITerraformDependable[]): EksNodeGroup {
    return new EksNodeGroup(this, 'Resource', {
      clusterName: props.clusterName,
      nodeGroupNamePrefix: 'default-',
      version: props.kubernetesVersion,
      nodeRoleArn: this.role.arn,
      subnetIds: props.subnetIds,
      amiType: amiType(props.instanceType),
      instanceTypes: [props.instanceType],
      capacityType: 'ON_DEMAND',
      launchTemplate: {
        id: this.launchTemplate.id,
        version: this.launchTemplate.getStringAttribute('latest_version'),
      },
      scalingConfig: { minSize: props.count.min, maxSize: props.count.max, desiredSize: props.count.min },
      updateConfig: { maxUnavailable: 1 },
      nodeRepairConfig: { enabled: true },
      // Another instance type or zone makes another group; pods move to it before the old one goes.
      lifecycle: { createBeforeDestroy: true, ignoreChanges: ['scaling_config[0].desired_size'] },
      dependsOn: [...policies, ...props.dependsOn],
    });
  }
}
