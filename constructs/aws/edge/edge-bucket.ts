import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import type { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import type { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { Construct } from 'constructs';
import type { EncryptionKey } from '../encryption-key';
import type { PolicyStatement } from '../policy-document';
import { closeBucket, encryptBucket, tlsOnly } from '../storage/closed-bucket';

export interface EdgeBucketProps {
  /** Name of the bucket: 3 to 63 lowercase letters, digits and hyphens, unique in all of AWS. */
  readonly bucketName: string;
  /** Refuses a destroy. Without it, a destroy takes every object along. */
  readonly protection: boolean;
  /**
   * Key of the objects.
   * @default - S3's own key
   */
  readonly key?: EncryptionKey;
  /**
   * Days that an object is kept.
   * @default - for ever
   */
  readonly expirationDays?: number;
}

/** Days that an overwritten or deleted object can be brought back. */
const NONCURRENT_DAYS = 7;

/** A bucket with versions that nobody reaches but who a statement of `allow` names: over TLS only, never public, without ACLs. */
export class EdgeBucket extends Construct {
  readonly resource: S3Bucket;
  readonly policy: S3BucketPolicy;
  readonly block: S3BucketPublicAccessBlock;

  /** @param allow who may do what, given the bucket */
  constructor(scope: Construct, id: string, props: EdgeBucketProps, allow: (bucket: S3Bucket) => PolicyStatement[]) {
    super(scope, id);
    this.resource = new S3Bucket(this, 'Resource', {
      bucket: props.bucketName,
      forceDestroy: !props.protection,
      lifecycle: { preventDestroy: props.protection },
    });
    encryptBucket(this, this.resource, props.key ?? 's3');
    this.addLifecycle(props.expirationDays);
    const { block, policy } = closeBucket(this, this.resource, [tlsOnly(this.resource), ...allow(this.resource)]);
    this.block = block;
    this.policy = policy;
  }

  private addLifecycle(days: number | undefined): void {
    const versioning = new S3BucketVersioningA(this, 'Versioning', {
      bucket: this.resource.id,
      versioningConfiguration: { status: 'Enabled' },
    });
    new S3BucketLifecycleConfiguration(this, 'Lifecycle', {
      bucket: this.resource.id,
      rule: [
        ...(days === undefined ? [] : [{ id: 'expire', status: 'Enabled', filter: [{}], expiration: [{ days }] }]),
        {
          id: 'expire-noncurrent-versions',
          status: 'Enabled',
          filter: [{}],
          noncurrentVersionExpiration: [{ noncurrentDays: NONCURRENT_DAYS }],
        },
        {
          id: 'abort-incomplete-uploads',
          status: 'Enabled',
          filter: [{}],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
      ],
      // S3 refuses a rule about versions where there are none yet.
      dependsOn: [versioning],
    });
  }
}
