import type { Construct } from 'constructs';
import { AwsAccount } from '../../aws-account';
import type { PolicyStatement } from '../../policy-document';

export interface KarpenterPermissionsProps {
  /** As text: it is part of a tag's key. */
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly subnetArns: readonly string[];
  readonly securityGroupArn: string;
  readonly nodeRoleArn: string;
  readonly instanceProfileArn: string;
  readonly queueArn: string;
}

/** What Karpenter makes when it asks for an instance. */
const MADE = ['fleet', 'instance', 'volume', 'network-interface', 'launch-template', 'spot-instances-request'];

/**
 * What Karpenter's controller may do: launch instances in the cluster's own subnets, tagged as its own, and end those. It
 * gets an instance profile, so it needs not make one. Source: Karpenter's documentation, "CloudFormation", of 1.14.
 */
export function karpenterPermissions(scope: Construct, props: KarpenterPermissionsProps): PolicyStatement[] {
  return [...launch(scope, props), ...changeOwn(scope, props), ...read(scope, props), ...useOwn(props)];
}

function launch(scope: Construct, props: KarpenterPermissionsProps): PolicyStatement[] {
  const { clusterName, subnetArns, securityGroupArn } = props;
  const ec2 = ec2Arn(scope);
  const made = MADE.map((kind) => ec2(`${kind}/*`));
  const requested = {
    StringEquals: {
      [`aws:RequestTag/kubernetes.io/cluster/${clusterName}`]: 'owned',
      'aws:RequestTag/eks:eks-cluster-name': clusterName,
    },
    StringLike: { 'aws:RequestTag/karpenter.sh/nodepool': '*' },
  };
  return [
    {
      Sid: 'LaunchHere',
      Effect: 'Allow',
      Action: ['ec2:RunInstances', 'ec2:CreateFleet'],
      Resource: [ec2('image/*', ''), ec2('snapshot/*', ''), securityGroupArn, ...subnetArns],
    },
    {
      Sid: 'LaunchByOwnTemplates',
      Effect: 'Allow',
      Action: ['ec2:RunInstances', 'ec2:CreateFleet'],
      Resource: ec2('launch-template/*'),
      Condition: owned(clusterName),
    },
    {
      Sid: 'MakeWithItsTags',
      Effect: 'Allow',
      Action: ['ec2:RunInstances', 'ec2:CreateFleet', 'ec2:CreateLaunchTemplate'],
      Resource: made,
      Condition: requested,
    },
    {
      Sid: 'TagWhatItMakes',
      Effect: 'Allow',
      Action: 'ec2:CreateTags',
      Resource: made,
      Condition: {
        StringEquals: {
          ...requested.StringEquals,
          'ec2:CreateAction': ['RunInstances', 'CreateFleet', 'CreateLaunchTemplate'],
        },
        StringLike: requested.StringLike,
      },
    },
  ];
}

function changeOwn(scope: Construct, { clusterName }: KarpenterPermissionsProps): PolicyStatement[] {
  const ec2 = ec2Arn(scope);
  return [
    {
      Sid: 'NameItsInstances',
      Effect: 'Allow',
      Action: 'ec2:CreateTags',
      Resource: ec2('instance/*'),
      Condition: {
        ...owned(clusterName),
        StringEqualsIfExists: { 'aws:RequestTag/eks:eks-cluster-name': clusterName },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['eks:eks-cluster-name', 'karpenter.sh/nodeclaim', 'Name'] },
      },
    },
    {
      Sid: 'EndWhatItMade',
      Effect: 'Allow',
      Action: ['ec2:TerminateInstances', 'ec2:DeleteLaunchTemplate'],
      Resource: [ec2('instance/*'), ec2('launch-template/*')],
      Condition: owned(clusterName),
    },
  ];
}

/** EC2's Describe actions, a list of instance profiles and prices are of no one resource, so that IAM takes `*` only. */
export const KARPENTER_READS = [
  'ec2:DescribeCapacityReservations',
  'ec2:DescribeImages',
  'ec2:DescribeInstances',
  'ec2:DescribeInstanceStatus',
  'ec2:DescribeInstanceTypeOfferings',
  'ec2:DescribeInstanceTypes',
  'ec2:DescribeLaunchTemplates',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSpotPriceHistory',
  'ec2:DescribeSubnets',
] as const;

function read(scope: Construct, { clusterArn }: KarpenterPermissionsProps): PolicyStatement[] {
  const { region, partition } = AwsAccount.of(scope);
  return [
    {
      Sid: 'SeeWhatThereIs',
      Effect: 'Allow',
      Action: KARPENTER_READS,
      Resource: '*',
      Condition: { StringEquals: { 'aws:RequestedRegion': region } },
    },
    // Neither has a resource, and prices are told in one region only.
    {
      Sid: 'SeePricesAndProfiles',
      Effect: 'Allow',
      Action: ['pricing:GetProducts', 'iam:ListInstanceProfiles'],
      Resource: '*',
    },
    {
      Sid: 'FindImages',
      Effect: 'Allow',
      Action: 'ssm:GetParameter',
      Resource: `arn:${partition}:ssm:${region}::parameter/aws/service/*`,
    },
    { Sid: 'FindItsCluster', Effect: 'Allow', Action: 'eks:DescribeCluster', Resource: clusterArn },
  ];
}

function useOwn({ nodeRoleArn, instanceProfileArn, queueArn }: KarpenterPermissionsProps): PolicyStatement[] {
  return [
    {
      Sid: 'GiveNodesTheirRole',
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: nodeRoleArn,
      Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
    },
    { Sid: 'SeeTheProfile', Effect: 'Allow', Action: 'iam:GetInstanceProfile', Resource: instanceProfileArn },
    {
      Sid: 'HearOfInterruptions',
      Effect: 'Allow',
      Action: ['sqs:DeleteMessage', 'sqs:GetQueueUrl', 'sqs:ReceiveMessage'],
      Resource: queueArn,
    },
  ];
}

function owned(clusterName: string): { StringEquals: Record<string, string>; StringLike: Record<string, string> } {
  return {
    StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${clusterName}`]: 'owned' },
    StringLike: { 'aws:ResourceTag/karpenter.sh/nodepool': '*' },
  };
}

/** ARN of something of EC2's here; images and snapshots are of no account. */
function ec2Arn(scope: Construct): (resource: string, accountId?: string) => string {
  const { partition, region, accountId } = AwsAccount.of(scope);
  return (resource, account = accountId) => `arn:${partition}:ec2:${region}:${account}:${resource}`;
}
