import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { Construct } from 'constructs';
import { ConfigError } from '../../src';
import type { IModelStore } from '../contracts';
import { EncryptionKey } from './encryption-key';
import { ModelStoreGrants } from './model-store-grants';
import type { PodIdentity } from './pod-identity';
import { policyDocument } from './policy-document';

export interface ModelStoreProps {
  /** Name of the bucket: 3 to 63 lowercase letters, digits and hyphens, unique in all of AWS. */
  readonly bucketName: string;
  /**
   * Refuses a destroy of the bucket and its key. Without it, a destroy takes every object along.
   * @default true
   */
  readonly protection?: boolean;
  /**
   * Days that an overwritten or deleted object can be brought back.
   * @default 90
   */
  readonly noncurrentVersionDays?: number;
}

/** The bucket that model versions are kept in: versioned, encrypted by a key of its own, over TLS only, never public. */
export class ModelStore extends Construct implements IModelStore<PodIdentity> {
  readonly resource: S3Bucket;
  readonly key: EncryptionKey;
  readonly modelStoreUrl: string;
  readonly grants: ModelStoreGrants;

  constructor(scope: Construct, id: string, props: ModelStoreProps) {
    super(scope, id);
    const { bucketName, protection = true, noncurrentVersionDays = 90 } = props;
    this.check(bucketName, noncurrentVersionDays);
    this.key = new EncryptionKey(this, 'Key', {
      aliasName: bucketName,
      description: `Objects of the bucket ${bucketName}`,
      protection,
    });
    this.resource = new S3Bucket(this, 'Resource', {
      bucket: bucketName,
      forceDestroy: !protection,
      lifecycle: { preventDestroy: protection },
    });
    this.modelStoreUrl = `s3://${this.resource.bucket}`;
    const versioning = this.addVersioning();
    this.addEncryption();
    this.addLifecycle(noncurrentVersionDays, versioning);
    this.closeToThePublic();
    this.grants = new ModelStoreGrants(this);
  }

  private check(bucketName: string, noncurrentVersionDays: number): void {
    if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucketName)) {
      throw new ConfigError(
        `bucketName is ${bucketName}; it must be 3 to 63 lowercase letters, digits and hyphens, with a letter or digit at both ends.`,
        this,
      );
    }
    if (!(Number.isInteger(noncurrentVersionDays) && noncurrentVersionDays >= 1)) {
      throw new ConfigError(
        `noncurrentVersionDays is ${noncurrentVersionDays}; it must be a whole number of days from 1.`,
        this,
      );
    }
  }

  private addVersioning(): S3BucketVersioningA {
    return new S3BucketVersioningA(this, 'Versioning', {
      bucket: this.resource.id,
      versioningConfiguration: { status: 'Enabled' },
    });
  }

  private addEncryption(): void {
    new S3BucketServerSideEncryptionConfigurationA(this, 'Encryption', {
      bucket: this.resource.id,
      rule: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: this.key.keyArn },
          // One data key for the bucket for a while, instead of a paid KMS request for each object.
          bucketKeyEnabled: true,
        },
      ],
    });
  }

  private addLifecycle(noncurrentDays: number, versioning: S3BucketVersioningA): void {
    new S3BucketLifecycleConfiguration(this, 'Lifecycle', {
      bucket: this.resource.id,
      rule: [
        {
          id: 'expire-noncurrent-versions',
          status: 'Enabled',
          filter: [{}],
          noncurrentVersionExpiration: [{ noncurrentDays }],
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

  private closeToThePublic(): void {
    const bucket = this.resource.id;
    const block = new S3BucketPublicAccessBlock(this, 'PublicAccessBlock', {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, 'Ownership', { bucket, rule: { objectOwnership: 'BucketOwnerEnforced' } });
    new S3BucketPolicy(this, 'Policy', {
      bucket,
      policy: policyDocument({
        Sid: 'TlsOnly',
        Effect: 'Deny',
        Principal: '*',
        // Everything is denied on a connection without TLS, so every action is named by *.
        Action: 's3:*',
        Resource: [this.resource.arn, `${this.resource.arn}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
      // S3 answers one of two changes to a bucket's access at a time with a conflict.
      dependsOn: [block],
    });
  }
}
