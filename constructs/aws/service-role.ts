import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../src';
import { AwsAccount } from './aws-account';
import { type IGrantee, type PolicyStatement, policyDocument } from './policy-document';

export interface ServiceRoleProps {
  /** Name of the role, at most 64 characters. */
  readonly roleName: string;
  /** Who acts as it, e.g. `Scores all customers each night`. */
  readonly description: string;
  /** The service of AWS that acts as it, e.g. `lambda.amazonaws.com`. */
  readonly service: string;
  /**
   * Only for what this ARN names, where the service says on whose behalf it acts; a `*` in it is matched.
   * @default - for anything of this account
   */
  readonly sourceArn?: string;
}

/** An IAM role that a service of AWS acts as, on behalf of this account only. It may do nothing until it is granted something. */
export class ServiceRole extends Construct implements IGrantee {
  readonly resource: IamRole;
  readonly roleArn: string;
  private readonly permissions: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, { roleName, description, service, sourceArn }: ServiceRoleProps) {
    super(scope, id);
    if (roleName.length > 64) {
      throw new ConfigError(
        `the role name ${roleName} has ${roleName.length} characters; IAM allows 64. Choose a shorter name.`,
        this,
      );
    }
    this.resource = new IamRole(this, 'Resource', {
      name: roleName,
      description,
      assumeRolePolicy: policyDocument({
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: service },
        // Else the service could be made to act as it by another account that knows its name.
        Condition: {
          StringEquals: { 'aws:SourceAccount': AwsAccount.of(this).accountId },
          ...(sourceArn !== undefined && { ArnLike: { 'aws:SourceArn': sourceArn } }),
        },
      }),
    });
    this.roleArn = this.resource.arn;
  }

  /** The permissions: what acts as the role depends on them, so that it doesn't act before it may. */
  get ready(): ITerraformDependable[] {
    return [...this.permissions];
  }

  addPolicy(name: string, statements: readonly PolicyStatement[]): void {
    this.permissions.push(
      new IamRolePolicy(this, name, { name, role: this.resource.name, policy: policyDocument(...statements) }),
    );
  }

  /** Attaches a policy that AWS keeps. */
  addManagedPolicy(id: string, policyArn: string): void {
    this.permissions.push(new IamRolePolicyAttachment(this, id, { role: this.resource.name, policyArn }));
  }
}
