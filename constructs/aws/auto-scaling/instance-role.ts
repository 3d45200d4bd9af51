import { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { type IGrantee, type PolicyStatement, policyDocument, serviceTrust } from '../policy-document';

export interface InstanceRoleProps {
  /** Name of the role and of its profile, at most 64 characters. */
  readonly roleName: string;
  readonly description: string;
}

/**
 * What Session Manager's agent calls, and no more: its managed policy reads every parameter of the account as well.
 * None of these actions takes a resource. Source: Systems Manager user guide, "Minimal Session Manager permissions".
 */
const SESSIONS: PolicyStatement = {
  Effect: 'Allow',
  Action: [
    'ssm:UpdateInstanceInformation',
    'ssmmessages:CreateControlChannel',
    'ssmmessages:CreateDataChannel',
    'ssmmessages:OpenControlChannel',
    'ssmmessages:OpenDataChannel',
  ],
  Resource: '*',
};

/**
 * An IAM role that machines of EC2 act as, people's sessions on them by Session Manager included. EC2 names no account
 * when it acts as a role, so that its trust has no condition.
 */
export class InstanceRole extends Construct implements IGrantee {
  readonly resource: IamRole;
  readonly profile: IamInstanceProfile;
  private readonly permissions: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, { roleName, description }: InstanceRoleProps) {
    super(scope, id);
    this.resource = new IamRole(this, 'Resource', {
      name: roleName,
      description,
      assumeRolePolicy: serviceTrust('ec2.amazonaws.com'),
    });
    this.profile = new IamInstanceProfile(this, 'Profile', { name: roleName, role: this.resource.name });
    this.addPolicy('Sessions', [SESSIONS]);
  }

  /** The permissions: machines depend on them, so that they don't start before they may. */
  get ready(): ITerraformDependable[] {
    return [...this.permissions];
  }

  addPolicy(name: string, statements: readonly PolicyStatement[]): void {
    this.permissions.push(
      new IamRolePolicy(this, name, { name, role: this.resource.name, policy: policyDocument(...statements) }),
    );
  }
}
