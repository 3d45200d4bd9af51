import type { Construct } from 'constructs';
import { AwsAccount } from '../aws-account';
import type { Network } from '../network/network';
import type { PolicyStatement } from '../policy-document';

/**
 * Lets SageMaker write logs as the role, to streams that begin with a prefix.
 * Source: SageMaker developer guide, "How to use SageMaker execution roles".
 *
 * @param group of the log group after `/aws/sagemaker/`, e.g. `Endpoints/shop-prod`
 * @param streams what the streams' names begin with; any by default
 */
export function writeLogs(scope: Construct, group: string, streams = ''): PolicyStatement[] {
  const account = AwsAccount.of(scope);
  const logGroup = account.arn('logs', `log-group:/aws/sagemaker/${group}`);
  return [
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      // The trailing * is the streams, which SageMaker names itself.
      Resource: `${logGroup}:log-stream:${streams}*`,
    },
    // The group is there: SageMaker looks, and makes it where it isn't.
    { Effect: 'Allow', Action: ['logs:CreateLogGroup', 'logs:DescribeLogStreams'], Resource: `${logGroup}:*` },
  ];
}

/** Lets SageMaker write metrics of instances as the role: how busy their CPUs and disks are. */
export function writeMetrics(kind: 'Endpoints' | 'TrainingJobs'): PolicyStatement {
  return {
    Effect: 'Allow',
    Action: 'cloudwatch:PutMetricData',
    // cloudwatch:PutMetricData takes no resource; the namespace is what bounds it.
    Resource: '*',
    Condition: { StringEquals: { 'cloudwatch:namespace': `/aws/sagemaker/${kind}` } },
  };
}

/**
 * Lets SageMaker put network interfaces into a VPC as the role, and into no other one.
 * Source: SageMaker developer guide, "How to use SageMaker execution roles"; the keys, "Actions, resources, and condition
 * keys for Amazon EC2".
 */
export function joinNetwork({ vpc }: Network): PolicyStatement[] {
  return [
    {
      Effect: 'Allow',
      Action: ['ec2:CreateNetworkInterface', 'ec2:CreateNetworkInterfacePermission', 'ec2:DeleteNetworkInterface'],
      // ec2:CreateNetworkInterface is asked for the interface that there isn't yet; the VPC is what bounds it.
      Resource: '*',
      Condition: { ArnEquals: { 'ec2:Vpc': vpc.arn } },
    },
    {
      Effect: 'Allow',
      Action: [
        'ec2:DeleteNetworkInterfacePermission',
        'ec2:DescribeDhcpOptions',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcs',
      ],
      // These take no resource: ec2:DescribeSubnets.
      Resource: '*',
    },
  ];
}
