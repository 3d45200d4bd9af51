import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { EncryptionKey } from '../encryption-key';

/** Days that CloudWatch can keep lines for. Source: PutRetentionPolicy of the CloudWatch Logs API. */
export const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;
export type LogRetentionDays = (typeof LOG_RETENTION_DAYS)[number];

export interface LogGroupProps {
  /** `/shop/prod/scoring`: 1 to 512 letters, digits and any of `_-/.#`. */
  readonly logGroupName: string;
  /** @default 30 */
  readonly retentionDays?: LogRetentionDays;
  /**
   * Encrypts the lines; made with `logsKeyStatement(scope, [logGroupName])` among its statements.
   * @default - a key of CloudWatch's own
   */
  readonly key?: EncryptionKey;
  /**
   * Refuses a destroy of the group with all its lines.
   * @default true
   */
  readonly protection?: boolean;
}

/** Lines of one source in CloudWatch, for some days. $0.50 a GB, once. */
export class LogGroup extends Construct {
  readonly resource: CloudwatchLogGroup;
  readonly logGroupName: string;
  readonly logGroupArn: string;

  constructor(scope: Construct, id: string, props: LogGroupProps) {
    super(scope, id);
    const { logGroupName, retentionDays = 30, key, protection = true } = props;
    if (!/^[\w\-/.#]{1,512}$/.test(logGroupName)) {
      throw new ConfigError(
        `logGroupName is ${logGroupName}; it must be 1 to 512 letters, digits and any of _-/.#`,
        this,
      );
    }
    this.resource = new CloudwatchLogGroup(this, 'Resource', {
      name: logGroupName,
      retentionInDays: retentionDays,
      kmsKeyId: key?.keyArn,
      lifecycle: { preventDestroy: protection },
    });
    this.logGroupName = this.resource.name;
    this.logGroupArn = this.resource.arn;
  }
}
