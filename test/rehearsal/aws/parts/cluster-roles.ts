import type { Call, RoleExpectation } from '../role-expectation';

/** Calls of the cluster's areas, whose account and region are the areas'. */
export const ec2 = (resource: string, account = '123456789012') => `arn:aws:ec2:us-east-1:${account}:${resource}`;
export const on = (resource: string, ...actions: string[]): Call[] => actions.map((action) => ({ action, resource }));

const INSTANCE = ec2('instance/i-0a1b2c3d4e5f60718');
const OTHER_KEY = 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555';

/** What neither nodes nor EKS itself have to do with. */
const ELSEWHERE: Call[] = [
  ...on('arn:aws:s3:::shop-prod-models-123456789012/a', 's3:GetObject', 's3:PutObject'),
  ...on('arn:aws:secretsmanager:us-east-1:123456789012:secret:shop', 'secretsmanager:GetSecretValue'),
  ...on('arn:aws:iam::123456789012:role/deploy', 'iam:PassRole', 'sts:AssumeRole', 'iam:PutRolePolicy'),
  ...on(OTHER_KEY, 'kms:Decrypt', 'kms:ScheduleKeyDeletion'),
  ...on('arn:aws:eks:us-east-1:123456789012:cluster/shop-prod', 'eks:DeleteCluster', 'eks:CreateAccessEntry'),
];

/** The role of EKS: secrets by the cluster's key, and what AWS's own policy has. */
export function clusterRole(name: string): RoleExpectation {
  return {
    role: `${name}-cluster`,
    trusts: ['eks.amazonaws.com'],
    allowed: [
      ...on('{{key_arn}}', 'kms:Encrypt', 'kms:Decrypt', 'kms:DescribeKey', 'kms:ListGrants'),
      ...on('*', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs', 'ec2:DescribeSecurityGroups'),
    ],
    denied: [
      ...on('{{key_arn}}', 'kms:ScheduleKeyDeletion', 'kms:PutKeyPolicy', 'kms:DisableKey', 'kms:GenerateDataKey'),
      ...ELSEWHERE,
    ],
  };
}

/** The role of a node: it joins and pulls, and what its pods do is their own roles' matter. */
export function nodeRole(name: string): RoleExpectation {
  const repository = 'arn:aws:ecr:us-east-1:123456789012:repository/model-server';
  return {
    role: name,
    trusts: ['ec2.amazonaws.com'],
    allowed: [
      ...on('*', 'eks-auth:AssumeRoleForPodIdentity', 'ecr:GetAuthorizationToken'),
      ...on(repository, 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'),
    ],
    denied: [
      ...on(repository, 'ecr:PutImage', 'ecr:BatchDeleteImage', 'ecr:SetRepositoryPolicy'),
      ...on(INSTANCE, 'ec2:TerminateInstances', 'ec2:AttachVolume', 'ec2:CreateTags'),
      ...on(ec2('network-interface/eni-1'), 'ec2:CreateNetworkInterface', 'ec2:AssignPrivateIpAddresses'),
      ...ELSEWHERE,
    ],
  };
}

/** A role of pods that was granted nothing. */
export function uselessRole(role: string): RoleExpectation {
  const denied = [...ELSEWHERE, ...on('*', 'ec2:DescribeInstances', 's3:ListAllMyBuckets', 'iam:ListRoles')];
  return { role, trusts: ['pods.eks.amazonaws.com'], allowed: [], denied };
}

/** The VPC CNI: addresses of the cluster's interfaces. */
export function cniRole(cluster: string): RoleExpectation {
  return {
    role: `${cluster}-kube-system-aws-node`,
    trusts: ['pods.eks.amazonaws.com'],
    allowed: [
      ...on('*', 'ec2:AssignPrivateIpAddresses', 'ec2:AttachNetworkInterface', 'ec2:DescribeNetworkInterfaces'),
      ...on(ec2('network-interface/eni-1'), 'ec2:CreateTags'),
    ],
    denied: [
      ...on(INSTANCE, 'ec2:CreateTags', 'ec2:TerminateInstances', 'ec2:StopInstances'),
      ...on(ec2('subnet/subnet-1'), 'ec2:DeleteSubnet'),
      ...ELSEWHERE,
    ],
  };
}

/** The EBS driver: volumes that it tagged as its own. */
export function ebsRole(cluster: string): RoleExpectation {
  const volume = ec2('volume/vol-1');
  const own = { 'ec2:ResourceTag/ebs.csi.aws.com/cluster': 'true', 'aws:ResourceTag/ebs.csi.aws.com/cluster': 'true' };
  const asked = { 'aws:RequestTag/ebs.csi.aws.com/cluster': 'true' };
  return {
    role: `${cluster}-kube-system-ebs-csi-controller-sa`,
    trusts: ['pods.eks.amazonaws.com'],
    allowed: [
      { action: 'ec2:CreateVolume', resource: volume, context: asked },
      { action: 'ec2:DeleteVolume', resource: volume, context: own },
      ...on('*', 'ec2:DescribeVolumes', 'ec2:DescribeInstances'),
    ],
    denied: [
      ...on(volume, 'ec2:CreateVolume', 'ec2:DeleteVolume'),
      ...on(INSTANCE, 'ec2:TerminateInstances', 'ec2:RunInstances'),
      ...ELSEWHERE,
    ],
  };
}
