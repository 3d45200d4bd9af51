import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import type { SagemakerEndpointConfigurationDataCaptureConfig } from '@cdktf/provider-aws/lib/sagemaker-endpoint-configuration';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { EncryptionKey } from '../encryption-key';
import { keyUse } from '../key-use';
import type { IGrantee } from '../policy-document';
import { PrivateBucket } from '../storage/private-bucket';

export interface DataCaptureProps {
  /** Name of its bucket: 3 to 63 lowercase letters, digits and hyphens, unique in all of AWS. */
  readonly bucketName: string;
  /** Share of the invocations that are kept, in percent, 1 to 100. */
  readonly samplingPercent: number;
  /** Days that they are kept, 1 to 90: they name customers, and what these looked at. */
  readonly retentionDays: number;
  /**
   * Refuses a destroy of the bucket and its key. Without it, a destroy takes every object along.
   * @default true
   */
  readonly protection?: boolean;
}

const MOST_DAYS = 90;

/** Keeps a share of an endpoint's questions and answers for some days, in a bucket of its own. */
export class DataCapture extends Construct {
  readonly resource: S3Bucket;
  readonly key: EncryptionKey;
  private readonly samplingPercent: number;

  constructor(scope: Construct, id: string, props: DataCaptureProps) {
    super(scope, id);
    const { bucketName, samplingPercent, retentionDays, protection = true } = props;
    this.check('samplingPercent', samplingPercent, 100);
    this.check('retentionDays', retentionDays, MOST_DAYS);
    this.samplingPercent = samplingPercent;
    this.key = new EncryptionKey(this, 'Key', {
      aliasName: bucketName,
      description: `What is captured in ${bucketName}`,
      protection,
    });
    this.resource = new PrivateBucket(this, 'Default', {
      bucketName,
      encryption: this.key,
      protection,
      noncurrentVersionDays: 1,
      lifecycle: [{ id: 'expire-captures', filter: [{}], expiration: [{ days: retentionDays }] }],
    }).resource;
  }

  /** Lets what serves an endpoint write captures, and not read them. */
  grantWrite(grantee: IGrantee): void {
    grantee.addPolicy(`${this.node.id}Write`, [
      // The trailing * is the objects, which SageMaker names by endpoint and hour.
      { Effect: 'Allow', Action: 's3:PutObject', Resource: `${this.resource.arn}/*` },
      keyUse(this, { keyArn: this.key.keyArn, through: 's3', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] }),
    ]);
  }

  /** As an endpoint's configuration has it. */
  get settings(): SagemakerEndpointConfigurationDataCaptureConfig {
    return {
      enableCapture: true,
      initialSamplingPercentage: this.samplingPercent,
      destinationS3Uri: `s3://${this.resource.bucket}`,
      kmsKeyId: this.key.keyArn,
      captureOptions: [{ captureMode: 'Input' }, { captureMode: 'Output' }],
      captureContentTypeHeader: { jsonContentTypes: ['application/json'] },
    };
  }

  private check(prop: string, value: number, most: number): void {
    if (Number.isInteger(value) && value >= 1 && value <= most) return;
    throw new ConfigError(`${prop} is ${value}; it must be a whole number from 1 to ${most}.`, this);
  }
}
