import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import type { Construct } from 'constructs';
import {
  AccessLogBucket,
  ModelStore,
  ObjectLock,
  type PolicyStatement,
  type ReplicaBucket,
  ServiceRole,
} from '../../../../constructs/aws';
import { ACCOUNT_ID, type Area, TAGS } from '../area';

export const BUCKET = `shop-prod-models-${ACCOUNT_ID}`;
export const REPLICA = `shop-prod-models-west-${ACCOUNT_ID}`;

/** A role for each verb of a store's grants, named for it. */
export const GRANTED = ['read', 'write', 'promote', 'reportRollouts'] as const;
export const grantedRole = (verb: string) => `shop-prod-models-${verb.toLowerCase()}`;

export function grantAll(stack: Construct, store: ModelStore): void {
  const role = (verb: string) =>
    new ServiceRole(stack, `${verb}Role`, {
      roleName: grantedRole(verb),
      description: `Has the store's grant ${verb}`,
      service: 'pods.eks.amazonaws.com',
    });
  store.grants.read(role('read'));
  store.grants.write(role('write'), { model: 'shop' });
  store.grants.promote(role('promote'), { model: 'shop' });
  store.grants.reportRollouts(role('reportRollouts'), { model: 'shop' });
}

export const area: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, { protection }) => {
    const accessLogs = new AccessLogBucket(stack, 'AccessLogs', {
      bucketName: `shop-prod-logs-${ACCOUNT_ID}`,
      protection,
      retentionDays: 30,
    });
    const store = new ModelStore(stack, 'ModelStore', {
      bucketName: BUCKET,
      protection,
      noncurrentVersionDays: 30,
      aging: { models: ['shop'], coldVersions: { afterDays: 60, storageClass: 'GLACIER_IR' }, runDays: 365 },
      objectLock: ObjectLock.governance({ days: 1 }),
      accessLogs,
      replicateTo: replicaBucket(stack),
    });
    grantAll(stack, store);
    new ModelStore(stack, 'Archive', {
      bucketName: `shop-prod-archive-${ACCOUNT_ID}`,
      protection,
      objectLock: ObjectLock.compliance({ days: 1 }),
    });
  },
};

/** What a team has in the other region: versions, and a lock as the store has one, are all that S3 asks of it. */
function replicaBucket(stack: Construct): ReplicaBucket {
  const region = 'us-west-2';
  const provider = new AwsProvider(stack, 'West', { alias: 'west', region, defaultTags: [{ tags: TAGS }] });
  const statement: PolicyStatement = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${ACCOUNT_ID}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
  const key = new KmsKey(stack, 'WestKey', {
    provider,
    enableKeyRotation: true,
    policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
  });
  const bucket = new S3Bucket(stack, 'WestBucket', {
    provider,
    bucket: REPLICA,
    objectLockEnabled: true,
    forceDestroy: true,
  });
  new S3BucketVersioningA(stack, 'WestVersioning', {
    provider,
    bucket: bucket.id,
    versioningConfiguration: { status: 'Enabled' },
  });
  return { bucketArn: bucket.arn, keyArn: key.arn, region };
}
