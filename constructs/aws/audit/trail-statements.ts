import type { Construct } from 'constructs';
import { AwsAccount } from '../aws-account';
import type { PolicyStatement } from '../policy-document';

const Principal = { Service: 'cloudtrail.amazonaws.com' };

/** Lets one trail, and no other, write to a bucket. Source: "Amazon S3 bucket policy for CloudTrail", AWS' documentation. */
export function trailBucketStatements(scope: Construct, bucketArn: string, trailArn: string): PolicyStatement[] {
  const ofTheTrail = { 'aws:SourceArn': trailArn };
  return [
    {
      Sid: 'TrailLooks',
      Effect: 'Allow',
      Principal,
      Action: 's3:GetBucketAcl',
      Resource: bucketArn,
      Condition: { StringEquals: ofTheTrail },
    },
    {
      Sid: 'TrailWrites',
      Effect: 'Allow',
      Principal,
      Action: 's3:PutObject',
      // CloudTrail's own folders, by region and day.
      Resource: `${bucketArn}/AWSLogs/${AwsAccount.of(scope).accountId}/*`,
      Condition: { StringEquals: { ...ofTheTrail, 's3:x-amz-acl': 'bucket-owner-full-control' } },
    },
  ];
}

/** Lets one trail encrypt with a key. Source: "Configure AWS KMS key policies for CloudTrail", AWS' documentation. */
export function trailKeyStatements(scope: Construct, trailArn: string): PolicyStatement[] {
  const { partition, accountId } = AwsAccount.of(scope);
  const ofTheTrail = { 'aws:SourceArn': trailArn };
  return [
    {
      Sid: 'TrailEncrypts',
      Effect: 'Allow',
      Principal,
      Action: 'kms:GenerateDataKey*',
      // In a key policy the only resource is the key itself.
      Resource: '*',
      Condition: {
        StringEquals: ofTheTrail,
        // The first * is the region.
        StringLike: {
          'kms:EncryptionContext:aws:cloudtrail:arn': `arn:${partition}:cloudtrail:*:${accountId}:trail/*`,
        },
      },
    },
    {
      Sid: 'TrailLooks',
      Effect: 'Allow',
      Principal,
      Action: 'kms:DescribeKey',
      Resource: '*',
      Condition: { StringEquals: ofTheTrail },
    },
  ];
}
