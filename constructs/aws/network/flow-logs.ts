import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { FlowLog } from '@cdktf/provider-aws/lib/flow-log';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { Construct } from 'constructs';
import { AwsAccount } from '../aws-account';
import { EncryptionKey } from '../encryption-key';
import { logsKeyStatement } from '../log-group-key';
import { policyDocument } from '../policy-document';

export interface FlowLogsProps {
  readonly networkName: string;
  readonly vpc: Vpc;
  readonly retentionDays: number;
  /**
   * A key of their own.
   * @default - CloudWatch's
   */
  readonly key?: { readonly protection: boolean };
}

/** The connections that a VPC rejected, in CloudWatch. Accepted ones too would cost $0.50 a GB for little insight. */
export class FlowLogs extends Construct {
  readonly resource: FlowLog;
  readonly logGroup: CloudwatchLogGroup;
  readonly key?: EncryptionKey;

  constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);
    const name = `/aws/vpc/${props.networkName}/rejected`;
    if (props.key) {
      this.key = new EncryptionKey(this, 'Key', {
        aliasName: `vpc/${props.networkName}/flow-logs`,
        description: `Flow logs of ${props.networkName}`,
        protection: props.key.protection,
        statements: [logsKeyStatement(this, [name])],
      });
    }
    this.logGroup = new CloudwatchLogGroup(this, 'LogGroup', {
      name,
      retentionInDays: props.retentionDays,
      kmsKeyId: this.key?.keyArn,
    });
    const role = this.addRole(`${props.networkName}-flow-logs`);
    const permission = new IamRolePolicy(this, 'WriteLogs', {
      name: 'write-logs',
      role: role.name,
      policy: policyDocument({
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        // The trailing * is the log group's streams, which the service names itself.
        Resource: [this.logGroup.arn, `${this.logGroup.arn}:*`],
      }),
    });
    this.resource = new FlowLog(this, 'Resource', {
      vpcId: props.vpc.id,
      trafficType: 'REJECT',
      logDestinationType: 'cloud-watch-logs',
      logDestination: this.logGroup.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: 600,
      tags: { Name: props.networkName },
      dependsOn: [permission],
    });
  }

  private addRole(name: string): IamRole {
    const account = AwsAccount.of(this);
    return new IamRole(this, 'Role', {
      name,
      assumeRolePolicy: policyDocument({
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
        // Else another account's flow logs could be made to write as it, by whoever knows its name.
        // Source: VPC user guide, "IAM role for publishing flow logs to CloudWatch Logs".
        Condition: {
          StringEquals: { 'aws:SourceAccount': account.accountId },
          ArnLike: { 'aws:SourceArn': account.arn('ec2', 'vpc-flow-log/*') },
        },
      }),
    });
  }
}
