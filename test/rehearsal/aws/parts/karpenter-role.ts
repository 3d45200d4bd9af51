import { KARPENTER_READS } from '../../../../constructs/aws/cluster/karpenter/karpenter-permissions';
import type { Call, RoleExpectation } from '../role-expectation';
import { ec2, on } from './cluster-roles';

const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:shop-prod-karpenter';
const NODE_ROLE = 'arn:aws:iam::123456789012:role/shop-prod-karpenter-node';
const INSTANCE = ec2('instance/i-0a1b2c3d4e5f60718');
const TEMPLATE = ec2('launch-template/lt-1');
const LAUNCH = ['ec2:RunInstances', 'ec2:CreateFleet'];
const HERE = { 'aws:RequestedRegion': 'us-east-1' };

const requested = (cluster: string) => ({
  [`aws:RequestTag/kubernetes.io/cluster/${cluster}`]: 'owned',
  'aws:RequestTag/eks:eks-cluster-name': cluster,
  'aws:RequestTag/karpenter.sh/nodepool': 'default',
});
const owned = (cluster: string) => ({
  [`aws:ResourceTag/kubernetes.io/cluster/${cluster}`]: 'owned',
  'aws:ResourceTag/karpenter.sh/nodepool': 'default',
});
const given = (context: Call['context'], calls: readonly Call[]): Call[] => calls.map((call) => ({ ...call, context }));

export const karpenterRole: RoleExpectation = {
  role: 'shop-prod-kube-system-karpenter',
  trusts: ['pods.eks.amazonaws.com'],
  allowed: [
    ...on('{{subnet_arn}}', ...LAUNCH),
    ...on(ec2('security-group/{{security_group_id}}'), ...LAUNCH),
    ...on(ec2('image/ami-1', ''), ...LAUNCH),
    ...given(owned('shop-prod'), on(TEMPLATE, ...LAUNCH)),
    ...given(requested('shop-prod'), [...on(INSTANCE, ...LAUNCH), ...on(TEMPLATE, 'ec2:CreateLaunchTemplate')]),
    ...given({ ...requested('shop-prod'), 'ec2:CreateAction': 'RunInstances' }, on(INSTANCE, 'ec2:CreateTags')),
    ...given(
      { ...owned('shop-prod'), 'aws:TagKeys': ['Name', 'karpenter.sh/nodeclaim'] },
      on(INSTANCE, 'ec2:CreateTags'),
    ),
    ...given(owned('shop-prod'), [
      ...on(INSTANCE, 'ec2:TerminateInstances'),
      ...on(TEMPLATE, 'ec2:DeleteLaunchTemplate'),
    ]),
    ...given(HERE, on('*', ...KARPENTER_READS)),
    ...on('*', 'pricing:GetProducts', 'iam:ListInstanceProfiles'),
    ...on(
      'arn:aws:ssm:us-east-1::parameter/aws/service/bottlerocket/aws-k8s-1.36/arm64/1.50.0/image_id',
      'ssm:GetParameter',
    ),
    ...on('arn:aws:eks:us-east-1:123456789012:cluster/shop-prod', 'eks:DescribeCluster'),
    ...given({ 'iam:PassedToService': 'ec2.amazonaws.com' }, on(NODE_ROLE, 'iam:PassRole')),
    ...on('arn:aws:iam::123456789012:instance-profile/shop-prod-karpenter-node', 'iam:GetInstanceProfile'),
    ...on(QUEUE, 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueUrl'),
  ],
  denied: [
    // In somebody else's subnets and groups, or in the public ones.
    ...on('{{public_subnet_arn}}', ...LAUNCH),
    ...on(ec2('security-group/sg-1'), ...LAUNCH),
    ...on(ec2('subnet/subnet-1'), ...LAUNCH),
    // Untagged, or tagged as another cluster's.
    ...on(INSTANCE, ...LAUNCH, 'ec2:CreateTags', 'ec2:TerminateInstances'),
    ...given(requested('other'), on(INSTANCE, ...LAUNCH)),
    ...given(owned('other'), [
      ...on(INSTANCE, 'ec2:TerminateInstances'),
      ...on(TEMPLATE, ...LAUNCH, 'ec2:DeleteLaunchTemplate'),
    ]),
    ...given({ ...requested('shop-prod'), 'ec2:CreateAction': 'StartInstances' }, on(INSTANCE, 'ec2:CreateTags')),
    ...given({ ...owned('shop-prod'), 'aws:TagKeys': ['owner'] }, on(INSTANCE, 'ec2:CreateTags')),
    ...given(owned('shop-prod'), on(INSTANCE, 'ec2:StopInstances', 'ec2:ModifyInstanceAttribute')),
    ...given(owned('shop-prod'), on(ec2('volume/vol-1'), 'ec2:DeleteVolume')),
    ...given({ 'aws:RequestedRegion': 'eu-west-1' }, on('*', ...KARPENTER_READS)),
    // Another role, or its own to another service.
    ...given({ 'iam:PassedToService': 'ec2.amazonaws.com' }, [
      ...on('arn:aws:iam::123456789012:role/shop-prod-node', 'iam:PassRole'),
      ...on('arn:aws:iam::123456789012:role/deploy', 'iam:PassRole'),
    ]),
    ...given({ 'iam:PassedToService': 'lambda.amazonaws.com' }, on(NODE_ROLE, 'iam:PassRole')),
    ...on('arn:aws:iam::123456789012:instance-profile/other', 'iam:GetInstanceProfile', 'iam:CreateInstanceProfile'),
    ...on(QUEUE, 'sqs:SendMessage', 'sqs:DeleteQueue', 'sqs:PurgeQueue', 'sqs:SetQueueAttributes'),
    ...on('arn:aws:sqs:us-east-1:123456789012:shop-prod-events', 'sqs:ReceiveMessage'),
    ...on('arn:aws:ssm:us-east-1:123456789012:parameter/shop/password', 'ssm:GetParameter'),
    ...on('arn:aws:eks:us-east-1:123456789012:cluster/other', 'eks:DescribeCluster'),
    ...on('arn:aws:eks:us-east-1:123456789012:cluster/shop-prod', 'eks:UpdateClusterConfig', 'eks:DeleteCluster'),
  ],
  wildcards: [
    ...KARPENTER_READS.map((action) => ({ action, why: "EC2's Describe actions take no resource" })),
    { action: 'pricing:GetProducts', why: 'prices have no resource' },
    { action: 'iam:ListInstanceProfiles', why: 'a list of all takes no resource' },
  ],
};
