import { Construct } from 'constructs';
import { AwsAccount } from '../aws-account';
import { ServiceRole } from '../service-role';

/**
 * The two roles by which DMS acts in an account, under the names that DMS asks for. They are made once for an account,
 * by one of its stacks.
 */
export class MigrationAccountRoles extends Construct {
  /** Puts replication instances into subnets. */
  readonly network: ServiceRole;
  /** Writes the logs of tasks. */
  readonly logs: ServiceRole;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.network = this.addRole('Network', 'dms-vpc-role', 'AmazonDMSVPCManagementRole', 'Puts DMS into subnets');
    this.logs = this.addRole(
      'Logs',
      'dms-cloudwatch-logs-role',
      'AmazonDMSCloudWatchLogsRole',
      'Writes the logs of DMS',
    );
  }

  private addRole(id: string, roleName: string, policyName: string, description: string): ServiceRole {
    const role = new ServiceRole(this, id, { roleName, description, service: 'dms.amazonaws.com' });
    role.addManagedPolicy('Policy', AwsAccount.of(this).managedPolicyArn(`service-role/${policyName}`));
    return role;
  }
}
