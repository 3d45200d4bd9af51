import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketObjectLockConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { EncryptionKey } from '../encryption-key';
import type { PolicyStatement } from '../policy-document';
import { checkBucketName, closeBucket, encryptBucket, tlsOnly } from '../storage/closed-bucket';
import type { ObjectLock } from '../storage/object-lock';

export interface AuditBucketProps {
  /** Name of the bucket: 3 to 63 lowercase letters, digits and hyphens, unique in all of AWS. */
  readonly bucketName: string;
  /** Encrypts the objects; its policy lets in the service that writes them. */
  readonly key: EncryptionKey;
  /** What the services that write may do. */
  readonly statements: (bucketArn: string) => readonly PolicyStatement[];
  /**
   * How long an object can't be deleted.
   * @default - objects can be deleted; their versions stay until they expire
   */
  readonly lock?: ObjectLock;
  /** Days after which an object goes. */
  readonly expirationDays: number;
  /** Refuses a destroy of the bucket. */
  readonly protection: boolean;
}

/** A bucket that services of AWS write evidence to: versioned, encrypted, over TLS only, never public, locked. */
export class AuditBucket extends Construct {
  readonly resource: S3Bucket;
  readonly bucketName: string;
  /** What writes to the bucket waits for it, because the services check that they may. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: AuditBucketProps) {
    super(scope, id);
    this.check(props);
    const { bucketName, lock, protection } = props;
    this.resource = new S3Bucket(this, 'Resource', {
      bucket: bucketName,
      objectLockEnabled: lock !== undefined,
      forceDestroy: !protection,
      lifecycle: { preventDestroy: protection },
    });
    this.bucketName = this.resource.bucket;
    const versioning = new S3BucketVersioningA(this, 'Versioning', {
      bucket: this.resource.id,
      versioningConfiguration: { status: 'Enabled' },
    });
    if (lock) this.addLock(lock, versioning);
    encryptBucket(this, this.resource, props.key);
    this.addExpiry(props.expirationDays, versioning);
    const statements = [tlsOnly(this.resource), ...props.statements(this.resource.arn)];
    this.ready = [closeBucket(this, this.resource, statements).policy];
  }

  private check({ bucketName, lock, expirationDays }: AuditBucketProps): void {
    checkBucketName(bucketName, this);
    if (!(Number.isInteger(expirationDays) && expirationDays >= 1)) {
      throw new ConfigError(`expirationDays is ${expirationDays}; it must be a whole number of days from 1.`, this);
    }
    if (lock && expirationDays < lock.days) {
      throw new ConfigError(
        `expirationDays is ${expirationDays}; objects are locked for ${lock.days} days. Keep them at least as long.`,
        this,
      );
    }
  }

  private addLock({ mode, days }: ObjectLock, versioning: S3BucketVersioningA): void {
    new S3BucketObjectLockConfigurationA(this, 'Lock', {
      bucket: this.resource.id,
      rule: { defaultRetention: { mode, days } },
      dependsOn: [versioning],
    });
  }

  private addExpiry(days: number, versioning: S3BucketVersioningA): void {
    new S3BucketLifecycleConfiguration(this, 'Lifecycle', {
      bucket: this.resource.id,
      rule: [
        {
          id: 'expire',
          status: 'Enabled',
          filter: [{}],
          expiration: [{ days }],
          // What is overwritten or deleted before its time stays as long as the lock lets it, and a month more.
          noncurrentVersionExpiration: [{ noncurrentDays: 30 }],
        },
        {
          id: 'abort-incomplete-uploads',
          status: 'Enabled',
          filter: [{}],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
      ],
      dependsOn: [versioning],
    });
  }
}
