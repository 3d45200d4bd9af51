import { SagemakerNotebookInstance } from '@cdktf/provider-aws/lib/sagemaker-notebook-instance';
import { SagemakerNotebookInstanceLifecycleConfiguration } from '@cdktf/provider-aws/lib/sagemaker-notebook-instance-lifecycle-configuration';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { AwsAccount } from '../aws-account';
import { EncryptionKey } from '../encryption-key';
import type { Connections, IConnectable } from '../network/connections';
import type { Network } from '../network/network';
import { Peer, Port } from '../network/peer';
import { SecurityGroup } from '../network/security-group';
import type { IGrantee, PolicyStatement } from '../policy-document';
import { ServiceRole } from '../service-role';
import { joinNetwork, writeLogs } from './execution-statements';
import type { SageMakerLogs } from './sagemaker-logs';
import { ON_INSTANCE, stopWhenIdle } from './stop-when-idle';

export interface NotebookInstanceProps {
  /** 2 to 40 lowercase letters, digits and hyphens, beginning with a letter. */
  readonly notebookName: string;
  readonly network: Network;
  /** Of the kind `NotebookInstances`. */
  readonly logs: SageMakerLogs;
  /**
   * @default 'ml.t3.medium' - 2 vCPUs and 4 GiB; there is none for arm64
   */
  readonly instanceType?: `ml.${string}`;
  /**
   * GiB of the disk, which is all that lasts: 5 to 16384.
   * @default 10
   */
  readonly volumeGigabytes?: number;
  /**
   * Minutes without a kernel's or a terminal's activity after which it is stopped, 15 to 1440.
   * @default 60
   */
  readonly idleMinutes?: number;
  /**
   * Where services of AWS are reached, on HTTPS: SageMaker, to stop itself, and what its role may read.
   * @default [Peer.anywhere()] - through the NAT gateway; the services' addresses can't be listed
   */
  readonly awsServices?: readonly Peer[];
  /**
   * Refuses a destroy of the instance, whose disk goes with it, and of its key.
   * @default true
   */
  readonly protection?: boolean;
}

/**
 * A Jupyter notebook instance for one person or a few: in a private subnet, without SageMaker's way to the internet,
 * without root, its disk encrypted, stopped when nobody works. It may read nothing until it is granted something.
 */
export class NotebookInstance extends Construct implements IGrantee, IConnectable {
  readonly resource: SagemakerNotebookInstance;
  readonly lifecycle: SagemakerNotebookInstanceLifecycleConfiguration;
  readonly key: EncryptionKey;
  readonly role: ServiceRole;
  readonly securityGroup: SecurityGroup;
  readonly connections: Connections;

  constructor(scope: Construct, id: string, props: NotebookInstanceProps) {
    super(scope, id);
    this.check(props);
    const { notebookName, network, instanceType = 'ml.t3.medium', volumeGigabytes = 10, protection = true } = props;
    this.key = new EncryptionKey(this, 'Key', {
      aliasName: `${notebookName}-notebook`,
      description: `Disk of the notebook instance ${notebookName}`,
      protection,
    });
    this.role = this.addRole(props);
    this.securityGroup = this.addSecurityGroup(props);
    this.connections = this.securityGroup.connections;
    this.lifecycle = new SagemakerNotebookInstanceLifecycleConfiguration(this, 'Lifecycle', {
      name: notebookName,
      onStart: Buffer.from(stopWhenIdle({ idleMinutes: props.idleMinutes ?? 60, ...ON_INSTANCE })).toString('base64'),
    });
    this.resource = new SagemakerNotebookInstance(this, 'Resource', {
      name: notebookName,
      instanceType,
      // The platform is AWS's newest default: provider 5 knows none that Amazon Linux 2 is not under.
      roleArn: this.role.roleArn,
      subnetId: network.privateSubnets[0]?.id,
      securityGroups: [this.securityGroup.resource.id],
      directInternetAccess: 'Disabled',
      rootAccess: 'Disabled',
      instanceMetadataServiceConfiguration: { minimumInstanceMetadataServiceVersion: '2' },
      kmsKeyId: this.key.keyArn,
      volumeSize: volumeGigabytes,
      lifecycleConfigName: this.lifecycle.name,
      lifecycle: { preventDestroy: protection },
      dependsOn: [props.logs.resource, ...this.role.ready],
    });
  }

  /** Lets what runs in notebooks do more: `modelStore.grants.read(notebook)`. */
  addPolicy(name: string, statements: readonly PolicyStatement[]): void {
    this.role.addPolicy(name, statements);
  }

  private check({ notebookName, logs, idleMinutes = 60, volumeGigabytes = 10 }: NotebookInstanceProps): void {
    if (!/^[a-z][a-z0-9-]{0,38}[a-z0-9]$/.test(notebookName)) {
      throw new ConfigError(
        `notebookName is ${notebookName}; it must be 2 to 40 lowercase letters, digits and hyphens, beginning with a letter.`,
        this,
      );
    }
    if (logs.kind !== 'NotebookInstances') {
      throw new ConfigError(`logs are those of ${logs.kind}; they must be those of NotebookInstances.`, this);
    }
    this.checkNumber('idleMinutes', idleMinutes, 15, 1440);
    this.checkNumber('volumeGigabytes', volumeGigabytes, 5, 16_384);
  }

  private checkNumber(prop: string, value: number, least: number, most: number): void {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    throw new ConfigError(`${prop} is ${value}; it must be a whole number from ${least} to ${most}.`, this);
  }

  private addRole({ notebookName, network }: NotebookInstanceProps): ServiceRole {
    const role = new ServiceRole(this, 'Role', {
      roleName: `${notebookName}-notebook`,
      description: `What runs in the notebook instance ${notebookName}`,
      service: 'sagemaker.amazonaws.com',
    });
    role.addPolicy('Logs', writeLogs(this, 'NotebookInstances', `${notebookName}/`));
    role.addPolicy('Network', joinNetwork(network));
    role.addPolicy('StopItself', [
      {
        Effect: 'Allow',
        Action: 'sagemaker:StopNotebookInstance',
        Resource: AwsAccount.of(this).arn('sagemaker', `notebook-instance/${notebookName}`),
      },
    ]);
    return role;
  }

  private addSecurityGroup(props: NotebookInstanceProps): SecurityGroup {
    const { notebookName, network, awsServices = [Peer.anywhere()] } = props;
    const group = new SecurityGroup(this, 'SecurityGroup', {
      network,
      groupName: `${notebookName}-notebook`,
      description: 'A notebook instance',
    });
    const reason = 'A notebook stops itself, and reads data, by services of AWS';
    for (const services of awsServices) group.connections.allowTo(services, Port.tcp(443), reason);
    return group;
  }
}
