import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
} from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketObjectLockConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration';
import type { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { EncryptionKey } from '../encryption-key';
import type { PolicyStatement } from '../policy-document';
import { checkBucketName, closeBucket, encryptBucket, tlsOnly } from './closed-bucket';
import type { ObjectLock } from './object-lock';

/** A lifecycle rule without its status: one that is off is not written. */
export type LifecycleRule = Omit<S3BucketLifecycleConfigurationRule, 'status'>;

export interface PrivateBucketProps {
  /** Name of the bucket: 3 to 63 lowercase letters, digits and hyphens, unique in all of AWS. */
  readonly bucketName: string;
  /** The key its objects are encrypted by; `'s3'` is S3's own, for what can't use another. */
  readonly encryption: EncryptionKey | 's3';
  /**
   * Refuses a destroy. Without it, a destroy takes every object along.
   * @default true
   */
  readonly protection?: boolean;
  /** Days that an overwritten or deleted object can be brought back. */
  readonly noncurrentVersionDays: number;
  /**
   * What becomes of objects as they age.
   * @default []
   */
  readonly lifecycle?: readonly LifecycleRule[];
  /**
   * What the bucket's policy says beside that nobody gets in without TLS 1.2.
   * @default []
   */
  readonly statements?: readonly PolicyStatement[];
  /**
   * Keeps objects from being deleted for a time, by anybody.
   * @default - who may delete, deletes
   */
  readonly objectLock?: ObjectLock;
}

/** A bucket with versions, encrypted, over TLS 1.2 or later, without ACLs, that can't become public. */
export class PrivateBucket extends Construct {
  readonly resource: S3Bucket;
  readonly versioning: S3BucketVersioningA;
  readonly policy: S3BucketPolicy;

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    this.check(props, scope);
    this.resource = this.addBucket(props);
    this.versioning = this.addVersioning();
    encryptBucket(this, this.resource, props.encryption);
    this.addLifecycle(props);
    const statements = [...(props.statements ?? []), ...this.overTlsOnly()];
    this.policy = closeBucket(this, this.resource, statements).policy;
    if (props.objectLock) this.addObjectLock(props.objectLock);
  }

  /** Told by the path of whoever was given the props. */
  private check({ bucketName, noncurrentVersionDays }: PrivateBucketProps, owner: Construct): void {
    checkBucketName(bucketName, owner);
    checkDays('noncurrentVersionDays', noncurrentVersionDays, owner);
  }

  private addBucket({ bucketName, protection = true, objectLock }: PrivateBucketProps): S3Bucket {
    return new S3Bucket(this, 'Resource', {
      bucket: bucketName,
      // What nobody can delete is not begun to be deleted: the destroy says at once that the bucket is not empty.
      forceDestroy: !protection && objectLock?.mode !== 'COMPLIANCE',
      ...(objectLock && { objectLockEnabled: true }),
      lifecycle: { preventDestroy: protection },
    });
  }

  private addVersioning(): S3BucketVersioningA {
    return new S3BucketVersioningA(this, 'Versioning', {
      bucket: this.resource.id,
      versioningConfiguration: { status: 'Enabled' },
    });
  }

  private addLifecycle({ noncurrentVersionDays, lifecycle = [] }: PrivateBucketProps): void {
    const rules: LifecycleRule[] = [
      {
        id: 'expire-noncurrent-versions',
        filter: [{}],
        noncurrentVersionExpiration: [{ noncurrentDays: noncurrentVersionDays }],
      },
      {
        id: 'abort-incomplete-uploads',
        filter: [{}],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
      },
      ...lifecycle,
    ];
    new S3BucketLifecycleConfiguration(this, 'Lifecycle', {
      bucket: this.resource.id,
      rule: rules.map((rule) => ({ ...rule, status: 'Enabled' })),
      dependsOn: [this.versioning],
    });
  }

  private overTlsOnly(): PolicyStatement[] {
    const denied = tlsOnly(this.resource);
    return [denied, { ...denied, Sid: 'Tls12OrLater', Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } } }];
  }

  private addObjectLock({ mode, days }: ObjectLock): void {
    new S3BucketObjectLockConfigurationA(this, 'ObjectLock', {
      bucket: this.resource.id,
      rule: { defaultRetention: { mode, days } },
      dependsOn: [this.versioning],
    });
  }
}

/** Refuses what is no whole number of days from `least`. */
export function checkDays(prop: string, days: number, scope: Construct, least = 1): void {
  if (Number.isInteger(days) && days >= least) return;
  throw new ConfigError(`${prop} is ${days}; it must be a whole number of days from ${least}.`, scope);
}
