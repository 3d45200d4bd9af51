import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLoggingA } from '@cdktf/provider-aws/lib/s3-bucket-logging';
import { Construct } from 'constructs';
import { AwsAccount } from '../aws-account';
import { checkDays, PrivateBucket } from './private-bucket';

export interface AccessLogBucketProps {
  /** Name of the bucket: 3 to 63 lowercase letters, digits and hyphens, unique in all of AWS. */
  readonly bucketName: string;
  /**
   * Refuses a destroy. Without it, a destroy takes every log along.
   * @default true
   */
  readonly protection?: boolean;
  /**
   * Days that a log is kept.
   * @default 90
   */
  readonly retentionDays?: number;
}

/**
 * Where S3 writes who asked other buckets of this account and region for what, some hours later and without a promise
 * that each request is in it. S3's own key encrypts it: S3 delivers to no bucket with another.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 */
export class AccessLogBucket extends Construct {
  readonly resource: S3Bucket;
  private readonly bucket: PrivateBucket;

  constructor(scope: Construct, id: string, { bucketName, protection, retentionDays = 90 }: AccessLogBucketProps) {
    super(scope, id);
    checkDays('retentionDays', retentionDays, this);
    const { partition, accountId } = AwsAccount.of(this);
    this.bucket = new PrivateBucket(this, 'Default', {
      bucketName,
      encryption: 's3',
      protection,
      noncurrentVersionDays: 7,
      lifecycle: [{ id: 'expire-logs', filter: [{}], expiration: [{ days: retentionDays }] }],
      statements: [
        {
          Sid: 'LogsOfThisAccount',
          Effect: 'Allow',
          Principal: { Service: 'logging.s3.amazonaws.com' },
          Action: 's3:PutObject',
          // Each bucket's logs are below its name.
          Resource: `arn:${partition}:s3:::${bucketName}/*`,
          Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
        },
      ],
    });
    this.resource = this.bucket.resource;
  }

  /** Keeps the log of a bucket, below `<its name>/`. The resource is made in `scope`. */
  collect(scope: Construct, bucket: S3Bucket): S3BucketLoggingA {
    return new S3BucketLoggingA(scope, 'AccessLogs', {
      bucket: bucket.id,
      targetBucket: this.resource.id,
      targetPrefix: `${bucket.bucketInput}/`,
      // Before, S3 refuses to log there.
      dependsOn: [this.bucket.policy],
    });
  }
}
