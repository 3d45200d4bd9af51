import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketReplicationConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-replication-configuration';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { EncryptionKey } from '../encryption-key';
import { keyUse } from '../key-use';
import { policyDocument, serviceTrust } from '../policy-document';

/**
 * A bucket of this account in another region that has versions, and the key its objects are encrypted by. To copy from a
 * store with an object lock, S3 asks that this bucket has one too.
 */
export interface ReplicaBucket {
  readonly bucketArn: string;
  readonly keyArn: string;
  /** e.g. `us-west-2` */
  readonly region: string;
}

export interface ModelStoreReplicationProps {
  readonly bucketName: string;
  readonly source: S3Bucket;
  readonly key: EncryptionKey;
  readonly replica: ReplicaBucket;
  /** Whether the source has an object lock: how long an object is kept is copied with it. */
  readonly locked: boolean;
  /** What S3 asks of the source before: its versions. */
  readonly versioning: ITerraformDependable;
}

/**
 * Copies each new object to a bucket of another region, most within minutes. Deletions are not copied, so that whoever
 * empties one bucket has not emptied both. What was there before is not copied either: S3 Batch Replication does that.
 */
export class ModelStoreReplication extends Construct {
  readonly resource: S3BucketReplicationConfigurationA;
  readonly role: IamRole;

  constructor(scope: Construct, id: string, props: ModelStoreReplicationProps) {
    super(scope, id);
    this.role = this.addRole(props);
    const permissions = this.allowCopies(props);
    this.resource = new S3BucketReplicationConfigurationA(this, 'Resource', {
      bucket: props.source.id,
      role: this.role.arn,
      rule: [
        {
          id: 'everything',
          status: 'Enabled',
          filter: { prefix: '' },
          deleteMarkerReplication: { status: 'Disabled' },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } },
          destination: {
            bucket: props.replica.bucketArn,
            encryptionConfiguration: { replicaKmsKeyId: props.replica.keyArn },
          },
        },
      ],
      dependsOn: [props.versioning, permissions],
    });
  }

  private addRole({ bucketName, replica }: ModelStoreReplicationProps): IamRole {
    return new IamRole(this, 'Role', {
      name: `${bucketName.slice(0, 52)}-replication`,
      description: `Copies the objects of ${bucketName} to ${replica.region}`,
      // Without a condition on the source: S3 is not documented to name one when it replicates.
      assumeRolePolicy: serviceTrust('s3.amazonaws.com'),
    });
  }

  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html */
  private allowCopies({ source, key, replica, locked }: ModelStoreReplicationProps): IamRolePolicy {
    const policy = policyDocument(
      { Effect: 'Allow', Action: ['s3:GetReplicationConfiguration', 's3:ListBucket'], Resource: source.arn },
      {
        Effect: 'Allow',
        Action: [
          's3:GetObjectVersionForReplication',
          's3:GetObjectVersionAcl',
          's3:GetObjectVersionTagging',
          ...(locked ? ['s3:GetObjectRetention', 's3:GetObjectLegalHold'] : []),
        ],
        // The trailing * is the objects of this bucket.
        Resource: `${source.arn}/*`,
      },
      { Effect: 'Allow', Action: ['s3:ReplicateObject', 's3:ReplicateTags'], Resource: `${replica.bucketArn}/*` },
      keyUse(this, { keyArn: key.keyArn, through: 's3', actions: 'kms:Decrypt' }),
      keyUse(this, {
        keyArn: replica.keyArn,
        through: 's3',
        actions: ['kms:Encrypt', 'kms:GenerateDataKey'],
        region: replica.region,
      }),
    );
    return new IamRolePolicy(this, 'Policy', { name: 'Replicate', role: this.role.name, policy });
  }
}
