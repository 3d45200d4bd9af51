import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { Construct } from 'constructs';
import { EncryptionKey } from '../encryption-key';
import { keyUse } from '../key-use';
import type { IGrantee } from '../policy-document';
import { closeBucket, encryptBucket, tlsOnly } from '../storage/closed-bucket';

export interface ArtifactStoreProps {
  readonly bucketName: string;
  /** Days that what a step leaves is kept. */
  readonly retentionDays: number;
}

/**
 * Where a delivery keeps what one step leaves for the next: nothing in it is worth keeping, so that a destroy takes it
 * along.
 */
export class ArtifactStore extends Construct {
  readonly resource: S3Bucket;
  readonly key: EncryptionKey;

  constructor(scope: Construct, id: string, { bucketName, retentionDays }: ArtifactStoreProps) {
    super(scope, id);
    this.key = new EncryptionKey(this, 'Key', {
      aliasName: bucketName,
      description: `Objects of the bucket ${bucketName}`,
      protection: false,
    });
    this.resource = new S3Bucket(this, 'Resource', { bucket: bucketName, forceDestroy: true });
    encryptBucket(this, this.resource, this.key);
    this.addLifecycle(retentionDays);
    closeBucket(this, this.resource, [tlsOnly(this.resource)]);
  }

  /** May read what steps left, and leave something. */
  grantReadWrite(grantee: IGrantee): void {
    grantee.addPolicy(`${this.node.id}ReadWrite`, [
      {
        Effect: 'Allow',
        Action: ['s3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListBucket'],
        Resource: this.resource.arn,
      },
      {
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
        // The trailing * is the objects of this bucket.
        Resource: `${this.resource.arn}/*`,
      },
      keyUse(this, { keyArn: this.key.keyArn, through: 's3', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] }),
    ]);
  }

  private addLifecycle(days: number): void {
    const versioning = new S3BucketVersioningA(this, 'Versioning', {
      bucket: this.resource.id,
      versioningConfiguration: { status: 'Enabled' },
    });
    new S3BucketLifecycleConfiguration(this, 'Lifecycle', {
      bucket: this.resource.id,
      rule: [
        {
          id: 'expire',
          status: 'Enabled',
          filter: [{}],
          expiration: [{ days }],
          noncurrentVersionExpiration: [{ noncurrentDays: 1 }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }],
        },
      ],
      dependsOn: [versioning],
    });
  }
}
