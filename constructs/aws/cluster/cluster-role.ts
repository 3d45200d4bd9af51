import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { AwsAccount } from '../aws-account';
import { policyDocument } from '../policy-document';

export interface ClusterRoleProps {
  readonly clusterName: string;
  readonly keyArn: string;
  readonly autoMode: boolean;
}

/**
 * What EKS needs in Auto Mode besides: instances, their networks, volumes and load balancers.
 * Source: EKS user guide, "Amazon EKS Auto Mode cluster IAM role".
 */
const AUTO_MODE_POLICIES = {
  ComputePolicy: 'AmazonEKSComputePolicy',
  BlockStoragePolicy: 'AmazonEKSBlockStoragePolicy',
  LoadBalancingPolicy: 'AmazonEKSLoadBalancingPolicy',
  NetworkingPolicy: 'AmazonEKSNetworkingPolicy',
} as const;

/** Adds to `scope` the role by which EKS runs this cluster and no other. */
export function addClusterRole(
  scope: Construct,
  { clusterName, keyArn, autoMode }: ClusterRoleProps,
): { readonly role: IamRole; readonly permissions: ITerraformDependable[] } {
  const account = AwsAccount.of(scope);
  const role = new IamRole(scope, 'Role', {
    name: `${clusterName}-cluster`,
    assumeRolePolicy: policyDocument({
      Effect: 'Allow',
      Action: autoMode ? ['sts:AssumeRole', 'sts:TagSession'] : 'sts:AssumeRole',
      Principal: { Service: 'eks.amazonaws.com' },
      // Else EKS could be made to act as it for a cluster of somebody else's, by whoever knows its name.
      Condition: { ArnEquals: { 'aws:SourceArn': account.arn('eks', `cluster/${clusterName}`) } },
    }),
  });
  const attachments = { ClusterPolicy: 'AmazonEKSClusterPolicy', ...(autoMode && AUTO_MODE_POLICIES) };
  const permissions = [
    ...Object.entries(attachments).map(
      ([id, policy]) =>
        new IamRolePolicyAttachment(scope, id, { role: role.name, policyArn: account.managedPolicyArn(policy) }),
    ),
    new IamRolePolicy(scope, 'EncryptSecrets', {
      name: 'encrypt-secrets',
      role: role.name,
      policy: policyDocument({
        Effect: 'Allow',
        Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ListGrants', 'kms:DescribeKey'],
        Resource: keyArn,
      }),
    }),
  ];
  return { role, permissions };
}
