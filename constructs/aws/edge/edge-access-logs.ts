import type { CloudfrontDistribution } from '@cdktf/provider-aws/lib/cloudfront-distribution';
import { CloudwatchLogDelivery } from '@cdktf/provider-aws/lib/cloudwatch-log-delivery';
import { CloudwatchLogDeliveryDestination } from '@cdktf/provider-aws/lib/cloudwatch-log-delivery-destination';
import { CloudwatchLogDeliverySource } from '@cdktf/provider-aws/lib/cloudwatch-log-delivery-source';
import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { AwsAccount } from '../aws-account';
import { EncryptionKey } from '../encryption-key';
import { US_EAST_1 } from '../us-east-1';
import { EdgeBucket } from './edge-bucket';

export interface EdgeAccessLogsProps {
  readonly distributionName: string;
  readonly distribution: CloudfrontDistribution;
  /** Name of their bucket: 3 to 63 lowercase letters, digits and hyphens, unique in all of AWS. */
  readonly bucketName: string;
  readonly retentionDays: number;
  /** Refuses a destroy of the bucket and its key. */
  readonly protection: boolean;
  /** Of us-east-1, where CloudFront's logs are delivered from; `undefined` is the stack's own. */
  readonly provider: TerraformProvider | undefined;
}

/**
 * Every request that a distribution answered, in S3, by CloudFront's standard logging (v2): no ACLs, and a key of one's
 * own, neither of which the older way can do. Delivery is free.
 */
export class EdgeAccessLogs extends Construct {
  readonly bucket: EdgeBucket;
  readonly key: EncryptionKey;
  readonly delivery: CloudwatchLogDelivery;

  constructor(scope: Construct, id: string, props: EdgeAccessLogsProps) {
    super(scope, id);
    this.key = this.addKey(props);
    this.bucket = this.addBucket(props);
    this.delivery = this.addDelivery(props);
  }

  private addKey({ bucketName, protection }: EdgeAccessLogsProps): EncryptionKey {
    return new EncryptionKey(this, 'Key', {
      aliasName: bucketName,
      description: `Access logs in the bucket ${bucketName}`,
      protection,
      statements: [
        {
          Sid: 'LogDelivery',
          Effect: 'Allow',
          Principal: { Service: 'delivery.logs.amazonaws.com' },
          Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
          // In a key policy the only resource is the key itself.
          Resource: '*',
          Condition: this.ofThisAccount(),
        },
      ],
    });
  }

  private addBucket({ bucketName, retentionDays, protection }: EdgeAccessLogsProps): EdgeBucket {
    const props = { bucketName, protection, key: this.key, expirationDays: retentionDays };
    return new EdgeBucket(this, 'Bucket', props, ({ arn }) => [
      {
        Sid: 'LogDelivery',
        Effect: 'Allow',
        Principal: { Service: 'delivery.logs.amazonaws.com' },
        Action: 's3:PutObject',
        // The trailing * is the logs, by account and distribution.
        Resource: `${arn}/*`,
        Condition: this.ofThisAccount({ 's3:x-amz-acl': 'bucket-owner-full-control' }),
      },
    ]);
  }

  private addDelivery({ distributionName, distribution, provider }: EdgeAccessLogsProps): CloudwatchLogDelivery {
    const source = new CloudwatchLogDeliverySource(this, 'Source', {
      name: `${distributionName}-access`,
      logType: 'ACCESS_LOGS',
      resourceArn: distribution.arn,
      provider,
    });
    const destination = new CloudwatchLogDeliveryDestination(this, 'Destination', {
      name: `${distributionName}-access`,
      outputFormat: 'json',
      deliveryDestinationConfiguration: [{ destinationResourceArn: this.bucket.resource.arn }],
      provider,
      dependsOn: [this.bucket.policy],
    });
    return new CloudwatchLogDelivery(this, 'Delivery', {
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.arn,
      s3DeliveryConfiguration: [
        { enableHiveCompatiblePath: false, suffixPath: '/{DistributionId}/{yyyy}/{MM}/{dd}/{HH}' },
      ],
      provider,
    });
  }

  private ofThisAccount(equals: Record<string, string> = {}): Record<string, Record<string, string>> {
    const { accountId, partition } = AwsAccount.of(this);
    return {
      StringEquals: { 'aws:SourceAccount': accountId, ...equals },
      ArnLike: { 'aws:SourceArn': `arn:${partition}:logs:${US_EAST_1}:${accountId}:delivery-source:*` },
    };
  }
}
