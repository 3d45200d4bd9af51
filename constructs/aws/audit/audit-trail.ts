import { Cloudtrail } from '@cdktf/provider-aws/lib/cloudtrail';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { AwsAccount } from '../aws-account';
import { EncryptionKey } from '../encryption-key';
import { logsKeyStatement } from '../log-group-key';
import { LogGroup, type LogRetentionDays } from '../observability/log-group';
import { ServiceRole } from '../service-role';
import { ObjectLock } from '../storage/object-lock';
import { AuditBucket } from './audit-bucket';
import { eventSelectors } from './event-selectors';
import { trailBucketStatements, trailKeyStatements } from './trail-statements';

export interface AuditTrailProps {
  /** Name of the trail and of the key's alias: 3 to 64 letters, digits, hyphens. */
  readonly trailName: string;
  /** Name of the bucket that keeps it, unique in all of AWS. */
  readonly bucketName: string;
  /**
   * How long a log file can't be deleted.
   * @default ObjectLock.governance({ days: 365 })
   */
  readonly lock?: ObjectLock;
  /**
   * Days after which a log file goes; not before its lock's end.
   * @default 400
   */
  readonly expirationDays?: number;
  /**
   * Keeps events in CloudWatch too, where they can be searched and alarmed on, for so many days; $0.50 a GB.
   * @default - in the bucket only
   */
  readonly logRetentionDays?: LogRetentionDays;
  /**
   * Buckets whose objects' reads and writes are recorded, e.g. `modelStore.resource`; $0.10 for 100,000 events.
   * @default []
   */
  readonly objectEventsOf?: readonly { readonly arn: string }[];
  /**
   * Has CloudTrail look for unusual rates of calls and of errors; $0.35 for each 100,000 events that it looks at.
   * @default false
   */
  readonly insights?: boolean;
  /**
   * Refuses a destroy of the bucket, its key and the logs.
   * @default true
   */
  readonly protection?: boolean;
}

/**
 * Who did what in the account, in all regions: a CloudTrail trail with digests that prove that no file was changed, in
 * a bucket that refuses to delete. An account's first trail of management events is free.
 */
export class AuditTrail extends Construct {
  readonly resource: Cloudtrail;
  readonly bucket: AuditBucket;
  readonly key: EncryptionKey;
  readonly logGroup?: LogGroup;
  readonly trailArn: string;

  constructor(scope: Construct, id: string, props: AuditTrailProps) {
    super(scope, id);
    const { trailName, logRetentionDays, protection = true } = props;
    if (!/^[a-zA-Z0-9][a-zA-Z0-9-]{1,62}[a-zA-Z0-9]$/.test(trailName)) {
      throw new ConfigError(
        `trailName is ${trailName}; it must be 3 to 64 letters, digits and hyphens, with a letter or digit at both ends.`,
        this,
      );
    }
    this.trailArn = AwsAccount.of(this).arn('cloudtrail', `trail/${trailName}`);
    this.key = this.addKey(props, protection);
    this.bucket = this.addBucket(props, protection);
    this.logGroup = logRetentionDays && this.addLogGroup(trailName, logRetentionDays, protection);
    this.resource = this.addTrail(props);
  }

  private addKey({ trailName, logRetentionDays }: AuditTrailProps, protection: boolean): EncryptionKey {
    const lines = logRetentionDays === undefined ? [] : [logsKeyStatement(this, [logGroupName(trailName)])];
    return new EncryptionKey(this, 'Key', {
      aliasName: trailName,
      description: `Log files of the trail ${trailName}`,
      protection,
      statements: [...trailKeyStatements(this, this.trailArn), ...lines],
    });
  }

  private addBucket(props: AuditTrailProps, protection: boolean): AuditBucket {
    const { bucketName, lock = ObjectLock.governance({ days: 365 }), expirationDays = 400 } = props;
    return new AuditBucket(this, 'Bucket', {
      bucketName,
      key: this.key,
      lock,
      expirationDays,
      protection,
      statements: (bucketArn) => trailBucketStatements(this, bucketArn, this.trailArn),
    });
  }

  private addLogGroup(trailName: string, retentionDays: LogRetentionDays, protection: boolean): LogGroup {
    const { key } = this;
    return new LogGroup(this, 'LogGroup', { logGroupName: logGroupName(trailName), retentionDays, key, protection });
  }

  private addTrail({ trailName, objectEventsOf = [], insights = false }: AuditTrailProps): Cloudtrail {
    const role = this.logGroup && this.addLogRole(trailName, this.logGroup);
    return new Cloudtrail(this, 'Resource', {
      name: trailName,
      s3BucketName: this.bucket.bucketName,
      kmsKeyId: this.key.keyArn,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      ...(this.logGroup &&
        role && {
          // The trailing * is the streams of the group, which CloudTrail names itself.
          cloudWatchLogsGroupArn: `${this.logGroup.logGroupArn}:*`,
          cloudWatchLogsRoleArn: role.roleArn,
        }),
      advancedEventSelector: eventSelectors(objectEventsOf.map(({ arn }) => arn)),
      ...(insights && {
        insightSelector: [{ insightType: 'ApiCallRateInsight' }, { insightType: 'ApiErrorRateInsight' }],
      }),
      dependsOn: [...this.bucket.ready, ...(role?.ready ?? [])],
    });
  }

  private addLogRole(trailName: string, { logGroupArn }: LogGroup): ServiceRole {
    const role = new ServiceRole(this, 'LogRole', {
      roleName: `${trailName}-logs`,
      description: `Hands the events of the trail ${trailName} to CloudWatch`,
      service: 'cloudtrail.amazonaws.com',
      sourceArn: this.trailArn,
    });
    const { accountId, region } = AwsAccount.of(this);
    role.addPolicy('WriteEvents', [
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        // The service names the stream after the account and the region, and may add to it.
        Resource: `${logGroupArn}:log-stream:${accountId}_CloudTrail_${region}*`,
      },
    ]);
    return role;
  }
}

function logGroupName(trailName: string): string {
  return `/aws/cloudtrail/${trailName}`;
}
