import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { AwsAccount } from '../aws-account';
import { serviceTrust } from '../policy-document';

/** What every node may do: join the cluster, hand out Pod Identity's credentials, pull images of the account. */
const NODE_POLICIES = {
  WorkerNodePolicy: 'AmazonEKSWorkerNodePolicy',
  ImagePullPolicy: 'AmazonEC2ContainerRegistryPullOnly',
} as const;

/** The same of a node of Auto Mode, which knows the cluster already. */
const AUTO_NODE_POLICIES = { ...NODE_POLICIES, WorkerNodePolicy: 'AmazonEKSWorkerNodeMinimalPolicy' } as const;

/** The role that instances act as, with its policies, which must be there before the first of them. */
export interface NodeRole {
  readonly role: IamRole;
  readonly permissions: readonly ITerraformDependable[];
}

/** Adds `Role` and its policies to `scope`. */
export function addNodeRole(
  scope: Construct,
  name: string,
  kind: 'node-groups' | 'auto-mode' = 'node-groups',
): NodeRole {
  const role = new IamRole(scope, 'Role', { name, assumeRolePolicy: serviceTrust('ec2.amazonaws.com') });
  const policies = kind === 'auto-mode' ? AUTO_NODE_POLICIES : NODE_POLICIES;
  const permissions = Object.entries(policies).map(
    ([id, policy]) =>
      new IamRolePolicyAttachment(scope, id, {
        role: role.name,
        policyArn: AwsAccount.of(scope).managedPolicyArn(policy),
      }),
  );
  return { role, permissions };
}
