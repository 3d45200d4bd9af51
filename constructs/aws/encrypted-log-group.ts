import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { EncryptionKey } from './encryption-key';
import { logsKeyStatement } from './log-group-key';
import type { IGrantee } from './policy-document';
import { US_EAST_1 } from './us-east-1';

export interface EncryptedLogGroupProps {
  /** Name of the log group, as text: `/recommender/shop-prod`. */
  readonly logGroupName: string;
  /** Alias of its key, without `alias/`. */
  readonly keyAliasName: string;
  readonly retentionDays: number;
  /** Refuses a destroy of the log group and its key. */
  readonly protection: boolean;
  /**
   * For a log group in us-east-1, with the provider of that region where the stack's own is of another one.
   * @default - a log group in the stack's region
   */
  readonly usEast1?: { readonly provider?: TerraformProvider };
}

/** A log group of CloudWatch, encrypted by a key of its own that serves no other one. */
export class EncryptedLogGroup extends Construct {
  readonly resource: CloudwatchLogGroup;
  readonly key: EncryptionKey;
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: EncryptedLogGroupProps) {
    super(scope, id);
    this.logGroupName = props.logGroupName;
    this.key = this.addKey(props);
    this.resource = new CloudwatchLogGroup(this, 'Resource', {
      name: props.logGroupName,
      retentionInDays: props.retentionDays,
      kmsKeyId: this.key.keyArn,
      lifecycle: { preventDestroy: props.protection },
      provider: props.usEast1?.provider,
    });
  }

  /** May write lines to streams of this log group. */
  grantWrite(grantee: IGrantee): void {
    grantee.addPolicy(`${this.node.id}Write`, [
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        // The trailing * is the log group's streams, which the service names itself.
        Resource: `${this.resource.arn}:*`,
      },
    ]);
  }

  private addKey({ logGroupName, keyAliasName, protection, usEast1 }: EncryptedLogGroupProps): EncryptionKey {
    return new EncryptionKey(this, 'Key', {
      aliasName: keyAliasName,
      description: `Log group ${logGroupName}`,
      protection,
      statements: [logsKeyStatement(this, [logGroupName], usEast1 && US_EAST_1)],
      provider: usEast1?.provider,
    });
  }
}
