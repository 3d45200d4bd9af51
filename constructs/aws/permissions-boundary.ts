import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { type IAspect, TerraformResource } from 'cdktf';
import type { IConstruct } from 'constructs';
import { ConfigError } from '../../src';

/**
 * Gives every role of a stack the permissions boundary that the account's bootstrap made, so that a deploy that may make
 * roles can't make an administrator. A role's own boundary wins. Attach it to a stack, not to the app, where CDKTF never
 * visits it: `Aspects.of(stack).add(new PermissionsBoundary(arn))`.
 */
export class PermissionsBoundary implements IAspect {
  /** @param policyArn of a managed policy: the bootstrap's output `WorkloadBoundaryArn` */
  constructor(private readonly policyArn: string) {
    if (/^arn:[\w-]+:iam::(\d{12}|aws):policy\/.+$/.test(policyArn)) return;
    throw new ConfigError(
      `the permissions boundary is ${policyArn}; it must be the ARN of a managed policy, arn:aws:iam::<account>:policy/<name>, as in the bootstrap's output WorkloadBoundaryArn.`,
    );
  }

  visit(node: IConstruct): void {
    if (!TerraformResource.isTerraformResource(node) || node.terraformResourceType !== 'aws_iam_role') return;
    const role = node as IamRole;
    role.permissionsBoundary = role.permissionsBoundaryInput ?? this.policyArn;
  }
}
