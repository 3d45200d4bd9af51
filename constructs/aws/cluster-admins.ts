import { EksAccessEntry } from '@cdktf/provider-aws/lib/eks-access-entry';
import { EksAccessPolicyAssociation } from '@cdktf/provider-aws/lib/eks-access-policy-association';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { AwsAccount } from './aws-account';

export interface ClusterAdminsProps {
  readonly clusterName: string;
  /** ARNs of IAM roles or users. */
  readonly principalArns: readonly string[];
}

/** The roles and users that administer a cluster, by access entries. */
export class ClusterAdmins extends Construct {
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, { clusterName, principalArns }: ClusterAdminsProps) {
    super(scope, id);
    const account = AwsAccount.of(this);
    this.ready = principalArns.map((principalArn) => {
      // The name of the role or user; the logical id must not change when the list's order does.
      const admin = new Construct(this, principalArn.slice(principalArn.lastIndexOf('/') + 1));
      const entry = new EksAccessEntry(admin, 'Resource', { clusterName, principalArn });
      return new EksAccessPolicyAssociation(admin, 'Policy', {
        clusterName,
        principalArn: entry.principalArn,
        policyArn: `arn:${account.partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`,
        accessScope: { type: 'cluster' },
      });
    });
  }
}
