import { DataAwsSsmParameter } from '@cdktf/provider-aws/lib/data-aws-ssm-parameter';
import { LaunchTemplate } from '@cdktf/provider-aws/lib/launch-template';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import type { SecurityGroup } from '../network/security-group';
import { type CloudConfigProps, cloudConfig } from './cloud-config';
import { encodedText } from './encoded-text';
import type { InstanceRole } from './instance-role';

export interface MachineTemplateProps {
  readonly name: string;
  /** What a machine does on its first start. */
  readonly server: CloudConfigProps;
  readonly role: InstanceRole;
  readonly securityGroup: SecurityGroup;
  /** Tags of machines, disks and network interfaces, which the provider's default tags don't reach. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Where AWS names the newest Amazon Linux 2023 for arm64 of the region. */
const NEWEST_IMAGE = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64';

/** Size of a disk, for the system, the image and models, in GiB. */
const DISK_GIB = 20;

/** What the machines of a service are made from: nobody logs in but by Session Manager. */
export class MachineTemplate extends Construct {
  readonly resource: LaunchTemplate;
  /** Its newest version, by number: a rollback goes back to a number only. */
  readonly latestVersion: string;

  constructor(scope: Construct, id: string, props: MachineTemplateProps) {
    super(scope, id);
    const { name, server, role, securityGroup, tags } = props;
    // Read with each plan, not with each start: a template that asks for it at a start can't be rolled back.
    const image = new DataAwsSsmParameter(this, 'Image', { name: NEWEST_IMAGE });
    this.resource = new LaunchTemplate(this, 'Resource', {
      name,
      updateDefaultVersion: true,
      // The provider calls every parameter's value a secret; this one is public.
      imageId: Fn.nonsensitive(image.value),
      iamInstanceProfile: { arn: role.profile.arn },
      vpcSecurityGroupIds: [securityGroup.resource.id],
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        {
          deviceName: '/dev/xvda',
          ebs: { volumeType: 'gp3', volumeSize: DISK_GIB, encrypted: 'true', deleteOnTermination: 'true' },
        },
      ],
      tagSpecifications: ['instance', 'volume', 'network-interface'].map((resourceType) => ({
        resourceType,
        tags: { ...tags, Name: name },
      })),
      userData: encodedText(`#cloud-config\n${JSON.stringify(cloudConfig(server))}\n`),
      dependsOn: role.ready,
    });
    this.latestVersion = this.resource.getStringAttribute('latest_version');
  }
}
