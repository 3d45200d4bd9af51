import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { FlowLog } from '@cdktf/provider-aws/lib/flow-log';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { Construct } from 'constructs';
import { policyDocument, serviceTrust } from './policy-document';

export interface FlowLogsProps {
  readonly networkName: string;
  readonly vpc: Vpc;
  readonly retentionDays: number;
}

/** The connections that a VPC rejected, in CloudWatch. Accepted ones too would cost $0.50 a GB for little insight. */
export class FlowLogs extends Construct {
  readonly resource: FlowLog;
  readonly logGroup: CloudwatchLogGroup;

  constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);
    this.logGroup = new CloudwatchLogGroup(this, 'LogGroup', {
      name: `/aws/vpc/${props.networkName}/rejected`,
      retentionInDays: props.retentionDays,
    });
    const role = new IamRole(this, 'Role', {
      name: `${props.networkName}-flow-logs`,
      assumeRolePolicy: serviceTrust('vpc-flow-logs.amazonaws.com'),
    });
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
}
