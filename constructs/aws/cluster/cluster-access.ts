import { EksAccessEntry } from '@cdktf/provider-aws/lib/eks-access-entry';
import { EksAccessPolicyAssociation } from '@cdktf/provider-aws/lib/eks-access-policy-association';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { AwsAccount } from '../aws-account';

export interface ClusterAccessProps {
  readonly clusterName: string;
  /** ARNs of IAM roles or users. */
  readonly principalArns: readonly string[];
  readonly policy: ClusterAccessPolicy;
}

/** Everything, or seeing everything but Secrets. Source: EKS user guide, "Review access policy permissions". */
export type ClusterAccessPolicy = 'AmazonEKSClusterAdminPolicy' | 'AmazonEKSViewPolicy';

interface Principals {
  readonly adminPrincipalArns: readonly string[];
  readonly viewerPrincipalArns?: readonly string[];
}

/** @throws ConfigError when nobody administers the cluster, or somebody is named twice */
export function checkPrincipals({ adminPrincipalArns, viewerPrincipalArns = [] }: Principals, scope: Construct): void {
  if (adminPrincipalArns.length === 0) {
    throw new ConfigError(
      'adminPrincipalArns is empty, so nobody could reach into the cluster; name the IAM role that deploys, and those of the people on call.',
      scope,
    );
  }
  const twice = (arns: readonly string[]) => arns.find((arn, index) => arns.indexOf(arn) !== index);
  const admin = twice(adminPrincipalArns);
  if (admin) throw new ConfigError(`adminPrincipalArns has ${admin} twice; leave one out.`, scope);
  const viewer = twice([...adminPrincipalArns, ...viewerPrincipalArns]);
  if (viewer) {
    throw new ConfigError(`viewerPrincipalArns has ${viewer}, which is named already; leave one out.`, scope);
  }
}

/** Roles and users that may do something in a whole cluster, by access entries. */
export class ClusterAccess extends Construct {
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, { clusterName, principalArns, policy }: ClusterAccessProps) {
    super(scope, id);
    const account = AwsAccount.of(this);
    this.ready = principalArns.map((principalArn) => {
      // The name of the role or user; the logical id must not change when the list's order does.
      const principal = new Construct(this, principalArn.slice(principalArn.lastIndexOf('/') + 1));
      const entry = new EksAccessEntry(principal, 'Resource', { clusterName, principalArn });
      return new EksAccessPolicyAssociation(principal, 'Policy', {
        clusterName,
        principalArn: entry.principalArn,
        policyArn: `arn:${account.partition}:eks::aws:cluster-access-policy/${policy}`,
        accessScope: { type: 'cluster' },
      });
    });
  }
}
