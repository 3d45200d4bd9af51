import { EksNodeGroup } from '@cdktf/provider-aws/lib/eks-node-group';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { LaunchTemplate } from '@cdktf/provider-aws/lib/launch-template';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { addNodeRole, type NodeRole } from './node-role';
import { amiType, type NodeCount, type NodeImage } from './node-size';

export interface NodeGroupProps {
  /** Name of the cluster, as text. */
  readonly namePrefix: string;
  /** References to the cluster's attributes. */
  readonly clusterName: string;
  readonly kubernetesVersion: string;
  readonly subnetIds: string[];
  /** More than one for spot nodes; all of one architecture. */
  readonly instanceTypes: readonly [string, ...string[]];
  readonly image: NodeImage;
  readonly count: NodeCount;
  readonly capacity: NodeCapacity;
  /**
   * Labels of the nodes.
   * @default {}
   */
  readonly labels?: Readonly<Record<string, string>>;
  /** Tags of the instances, their disks and network interfaces, which the provider's default tags don't reach. */
  readonly tags: Record<string, string>;
  /**
   * @default - a role of its own
   */
  readonly nodeRole?: NodeRole;
  readonly dependsOn: ITerraformDependable[];
}

/** Whether AWS may take nodes back. */
export type NodeCapacity = 'on-demand' | 'spot';

/** Size of a node's disk for images and logs, in GiB. */
const DISK_GIB = 50;

const ENCRYPTED = { volumeType: 'gp3', encrypted: 'true', deleteOnTermination: 'true' };

/** Bottlerocket has its system on a disk of its own, in the size of its image. */
const DISKS = {
  'amazon-linux-2023': [{ deviceName: '/dev/xvda', ebs: { ...ENCRYPTED, volumeSize: DISK_GIB } }],
  bottlerocket: [
    { deviceName: '/dev/xvda', ebs: ENCRYPTED },
    { deviceName: '/dev/xvdb', ebs: { ...ENCRYPTED, volumeSize: DISK_GIB } },
  ],
};

/** What groups are called, before the random end of a group's name, and their launch templates. */
const NAMES = {
  'on-demand': { group: 'default-', template: 'node' },
  spot: { group: 'spot-', template: 'spot-node' },
};

/** Managed nodes. How many run is the autoscaler's or operator's to change, not Terraform's. */
export class NodeGroup extends Construct {
  readonly resource: EksNodeGroup;
  readonly nodeRole: NodeRole;
  readonly launchTemplate: LaunchTemplate;

  constructor(scope: Construct, id: string, props: NodeGroupProps) {
    super(scope, id);
    this.nodeRole = props.nodeRole ?? addNodeRole(this, `${props.namePrefix}-node`);
    this.launchTemplate = this.addLaunchTemplate(props);
    this.resource = this.addNodeGroup(props);
  }

  get role(): IamRole {
    return this.nodeRole.role;
  }

  private addLaunchTemplate({ namePrefix, image, capacity, tags }: NodeGroupProps): LaunchTemplate {
    const name = `${namePrefix}-${NAMES[capacity].template}`;
    return new LaunchTemplate(this, 'LaunchTemplate', {
      name,
      updateDefaultVersion: true,
      // With one hop only the node itself reaches its metadata, so no pod can act as the node.
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      blockDeviceMappings: DISKS[image],
      tagSpecifications: ['instance', 'volume', 'network-interface'].map((resourceType) => ({
        resourceType,
        tags: { ...tags, Name: name },
      })),
    });
  }

  private addNodeGroup(props: NodeGroupProps): EksNodeGroup {
    return new EksNodeGroup(this, 'Resource', {
      clusterName: props.clusterName,
      nodeGroupNamePrefix: NAMES[props.capacity].group,
      version: props.kubernetesVersion,
      nodeRoleArn: this.role.arn,
      subnetIds: props.subnetIds,
      amiType: amiType(props.instanceTypes[0], props.image),
      instanceTypes: [...props.instanceTypes],
      capacityType: props.capacity === 'spot' ? 'SPOT' : 'ON_DEMAND',
      labels: props.labels,
      launchTemplate: {
        id: this.launchTemplate.id,
        version: this.launchTemplate.getStringAttribute('latest_version'),
      },
      scalingConfig: { minSize: props.count.min, maxSize: props.count.max, desiredSize: props.count.min },
      updateConfig: { maxUnavailable: 1 },
      nodeRepairConfig: { enabled: true },
      // Another instance type or zone makes another group; pods move to it before the old one goes. Terraform then makes
      // all that it needs in this order, too, whose names are taken: docs/failed-deploys.md says what that can lead to.
      lifecycle: { createBeforeDestroy: true, ignoreChanges: ['scaling_config[0].desired_size'] },
      dependsOn: [...this.nodeRole.permissions, ...props.dependsOn],
    });
  }
}
