import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePoliciesExclusive } from '@cdktf/provider-aws/lib/iam-role-policies-exclusive';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { IamRolePolicyAttachmentsExclusive } from '@cdktf/provider-aws/lib/iam-role-policy-attachments-exclusive';
import { DefaultTokenResolver, type IAspect, StringConcat, TerraformStack, Tokenization } from 'cdktf';
import type { IConstruct } from 'constructs';

const RESOLVER = new DefaultTokenResolver(new StringConcat());

/**
 * Leaves every role of a stack with the policies that the stack gives it, and no other: Terraform by itself sees only
 * what it made, so that an AdministratorAccess attached by hand would stay unseen. With this it is in the next plan, and
 * the next apply takes it away. Attach it to a stack, not to the app, where CDKTF never visits it:
 * `Aspects.of(stack).add(new ExclusivePermissions())`.
 */
export class ExclusivePermissions implements IAspect {
  visit(node: IConstruct): void {
    // A second synthesis of the same stack finds them there.
    if (!(node instanceof IamRole) || node.node.tryFindChild('Policies')) return;
    const stack = TerraformStack.of(node);
    // A reference makes a new token each time it is asked for: only what tokens stand for can be compared.
    const text = (value: string | undefined) => Tokenization.resolve(value, { scope: stack, resolver: RESOLVER });
    const name = text(node.name);
    const all = stack.node.findAll();
    const ofRole = (role: string | undefined) => text(role) === name;
    const policies = all.filter((found) => found instanceof IamRolePolicy).filter(({ roleInput }) => ofRole(roleInput));
    const attachments = all
      .filter((found) => found instanceof IamRolePolicyAttachment)
      .filter(({ roleInput }) => ofRole(roleInput));
    new IamRolePoliciesExclusive(node, 'Policies', {
      roleName: node.name,
      policyNames: policies.map((policy) => policy.name),
    });
    new IamRolePolicyAttachmentsExclusive(node, 'Attachments', {
      roleName: node.name,
      policyArns: attachments.map((attachment) => attachment.policyArn),
    });
  }
}
