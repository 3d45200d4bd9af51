import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { EncryptionKey } from '../encryption-key';
import { keyUse } from '../key-use';
import type { IGrantee } from '../policy-document';
import type { RecommenderFunction } from '../serverless/recommender-function';
import { checkBucketName, closeBucket, encryptBucket, tlsOnly } from '../storage/closed-bucket';

export interface TrainingDataProps {
  /** Unique in all of AWS: 3 to 63 lowercase letters, digits and hyphens. */
  readonly bucketName: string;
  /**
   * Days that what the shop exported is kept: longer than the period that models are trained on.
   * @default 400
   */
  readonly inputDays?: number;
  /**
   * Days that the files of a run's stages are kept: purchases, and candidates.
   * @default 7
   */
  readonly intermediateDays?: number;
  /**
   * Days that reports, statistics, histories and answers are kept.
   * @default 90
   */
  readonly outputDays?: number;
  /**
   * Refuses a destroy of the bucket and its key. Without it, a destroy takes every object along.
   * @default true
   */
  readonly protection?: boolean;
}

/**
 * The bucket by whose prefixes a retraining hands on its files: `input/` is the shop's, `intermediate/<run>/` is gone
 * after a week, `output/<run>/` is for people and for the batch scoring. Purchases are personal data, so nothing stays for
 * ever, and nobody is granted a delete.
 */
export class TrainingData extends Construct {
  readonly resource: S3Bucket;
  readonly key: EncryptionKey;
  readonly bucketName: string;

  constructor(scope: Construct, id: string, props: TrainingDataProps) {
    super(scope, id);
    const { bucketName, protection = true } = props;
    this.check(props);
    this.key = new EncryptionKey(this, 'Key', {
      aliasName: bucketName,
      description: `Purchases in ${bucketName}`,
      protection,
    });
    this.resource = new S3Bucket(this, 'Resource', {
      bucket: bucketName,
      forceDestroy: !protection,
      lifecycle: { preventDestroy: protection },
    });
    this.bucketName = this.resource.bucket;
    closeBucket(this, this.resource, [tlsOnly(this.resource)]);
    this.encrypt();
    this.expire(props);
  }

  /** Lets a stage read what the shop exported, and read and write what stages hand on. */
  grantStage(grantee: IGrantee): void {
    this.grant(grantee, 'Stage', ['input', 'intermediate', 'output'], ['intermediate', 'output']);
  }

  /** Lets a training job read what the shop exported, and leave models below this prefix, which it can't read. */
  grantTrainingJob(grantee: IGrantee, prefix: `intermediate/${string}`): void {
    this.grant(grantee, 'TrainingJob', ['input'], [prefix]);
  }

  /** Lets a scoring read histories, and write its answers. */
  grantScoring(grantee: IGrantee): void {
    this.grant(grantee, 'Scoring', ['output', 'input'], ['output']);
  }

  /** Tells a function of customers' histories that a retraining has left. A bucket tells one function. */
  notifyOfHistories(fn: RecommenderFunction): void {
    const permission = fn.allowInvokeBy('TrainingData', 's3.amazonaws.com', this.resource.arn);
    new S3BucketNotification(this, 'Notification', {
      bucket: this.resource.id,
      lambdaFunction: [
        {
          id: 'histories',
          lambdaFunctionArn: fn.functionArn,
          events: ['s3:ObjectCreated:*'],
          filterPrefix: 'output/',
          filterSuffix: '/histories.jsonl',
        },
      ],
      // S3 asks Lambda whether it may before it takes the notification.
      dependsOn: [permission],
    });
  }

  private grant(grantee: IGrantee, name: string, reads: string[], writes: string[]): void {
    const below = (prefixes: string[]) => prefixes.map((prefix) => `${this.resource.arn}/${prefix}/*`);
    grantee.addPolicy(`${this.node.id}${name}`, [
      { Effect: 'Allow', Action: 's3:ListBucket', Resource: this.resource.arn },
      { Effect: 'Allow', Action: 's3:GetObject', Resource: below(reads) },
      { Effect: 'Allow', Action: 's3:PutObject', Resource: below(writes) },
      keyUse(this, { keyArn: this.key.keyArn, through: 's3', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] }),
    ]);
  }

  private check({ bucketName, inputDays = 400, intermediateDays = 7, outputDays = 90 }: TrainingDataProps): void {
    checkBucketName(bucketName, this);
    for (const [name, days] of Object.entries({ inputDays, intermediateDays, outputDays })) {
      if (Number.isInteger(days) && days >= 1) continue;
      throw new ConfigError(`${name} is ${days}; it must be a whole number of days from 1.`, this);
    }
  }

  private encrypt(): void {
    const bucket = this.resource.id;
    new S3BucketVersioningA(this, 'Versioning', { bucket, versioningConfiguration: { status: 'Enabled' } });
    encryptBucket(this, this.resource, this.key);
  }

  private expire({ inputDays = 400, intermediateDays = 7, outputDays = 90 }: TrainingDataProps): void {
    const after = (id: string, prefix: string, days: number) => ({
      id,
      status: 'Enabled',
      filter: [{ prefix }],
      expiration: [{ days }],
    });
    new S3BucketLifecycleConfiguration(this, 'Lifecycle', {
      bucket: this.resource.id,
      rule: [
        after('IntermediateExpires', 'intermediate/', intermediateDays),
        after('OutputExpires', 'output/', outputDays),
        // Of the whole bucket, so that nothing beside the prefixes stays either; the shorter time of a prefix wins.
        {
          id: 'InputExpires',
          status: 'Enabled',
          filter: [{}],
          expiration: [{ days: inputDays }],
        },
        {
          id: 'OldVersionsExpire',
          status: 'Enabled',
          filter: [{}],
          noncurrentVersionExpiration: [{ noncurrentDays: intermediateDays }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }],
        },
      ],
    });
  }
}
