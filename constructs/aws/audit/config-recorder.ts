import { ConfigConfigurationRecorder } from '@cdktf/provider-aws/lib/config-configuration-recorder';
import { ConfigConfigurationRecorderStatus } from '@cdktf/provider-aws/lib/config-configuration-recorder-status';
import { ConfigDeliveryChannel } from '@cdktf/provider-aws/lib/config-delivery-channel';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { AwsAccount } from '../aws-account';
import { EncryptionKey } from '../encryption-key';
import { keyUse } from '../key-use';
import type { PolicyStatement } from '../policy-document';
import { ServiceRole } from '../service-role';
import { AuditBucket } from './audit-bucket';

export interface ConfigRecorderProps {
  /** Name of the recorder, its role and its key's alias, at most 60 characters. */
  readonly recorderName: string;
  /** Name of the bucket that keeps snapshots, unique in all of AWS. */
  readonly bucketName: string;
  /**
   * Days after which a snapshot goes.
   * @default 400
   */
  readonly expirationDays?: number;
  /**
   * Refuses a destroy of the bucket and its key.
   * @default true
   */
  readonly protection?: boolean;
}

/**
 * AWS Config's record of how everything in the account and region is set. An account has one recorder in a region: where
 * there is one already, leave this out. $0.003 for each change that it records. Its bucket has no lock, because Config
 * can't deliver to one with a default retention.
 */
export class ConfigRecorder extends Construct {
  readonly resource: ConfigConfigurationRecorder;
  readonly bucket: AuditBucket;
  readonly key: EncryptionKey;
  readonly role: ServiceRole;
  /** What it takes that something is recorded. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ConfigRecorderProps) {
    super(scope, id);
    const { recorderName, bucketName, expirationDays = 400, protection = true } = props;
    if (!/^[a-z0-9][a-z0-9-]{0,58}[a-z0-9]$/.test(recorderName)) {
      throw new ConfigError(
        `recorderName is ${recorderName}; it must be 2 to 60 lowercase letters, digits and hyphens.`,
        this,
      );
    }
    this.key = new EncryptionKey(this, 'Key', {
      aliasName: recorderName,
      description: `Snapshots of the recorder ${recorderName}`,
      protection,
    });
    const { key } = this;
    this.bucket = new AuditBucket(this, 'Bucket', {
      bucketName,
      key,
      expirationDays,
      protection,
      statements: () => [],
    });
    this.role = this.addRole(recorderName);
    this.resource = this.addRecorder(recorderName);
    this.ready = [this.start(recorderName)];
  }

  /** It writes to the bucket by its role, so that the bucket lets in no service. */
  private addRole(roleName: string): ServiceRole {
    const role = new ServiceRole(this, 'Role', {
      roleName,
      description: 'Records how everything in the account is set',
      service: 'config.amazonaws.com',
    });
    role.addManagedPolicy('ReadConfiguration', AwsAccount.of(this).managedPolicyArn('service-role/AWS_ConfigRole'));
    role.addPolicy('DeliverSnapshots', this.deliverStatements());
    return role;
  }

  private deliverStatements(): PolicyStatement[] {
    const { arn } = this.bucket.resource;
    const { accountId } = AwsAccount.of(this);
    return [
      { Effect: 'Allow', Action: ['s3:GetBucketAcl', 's3:ListBucket'], Resource: arn },
      {
        Effect: 'Allow',
        Action: 's3:PutObject',
        // Config's own folders, by region and day.
        Resource: `${arn}/AWSLogs/${accountId}/Config/*`,
        Condition: { StringLike: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
      },
      keyUse(this, { keyArn: this.key.keyArn, through: 's3', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] }),
    ];
  }

  private addRecorder(name: string): ConfigConfigurationRecorder {
    return new ConfigConfigurationRecorder(this, 'Resource', {
      name,
      roleArn: this.role.roleArn,
      recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
      dependsOn: this.role.ready,
    });
  }

  /** It can be started once there is somewhere to deliver to. */
  private start(name: string): ConfigConfigurationRecorderStatus {
    const channel = new ConfigDeliveryChannel(this, 'DeliveryChannel', {
      name,
      s3BucketName: this.bucket.bucketName,
      s3KmsKeyArn: this.key.keyArn,
      snapshotDeliveryProperties: { deliveryFrequency: 'TwentyFour_Hours' },
      dependsOn: [this.resource, ...this.bucket.ready],
    });
    return new ConfigConfigurationRecorderStatus(this, 'Status', {
      name: this.resource.name,
      isEnabled: true,
      dependsOn: [channel],
    });
  }
}
