import { BackupRestoreTestingPlan } from '@cdktf/provider-aws/lib/backup-restore-testing-plan';
import { BackupRestoreTestingSelection } from '@cdktf/provider-aws/lib/backup-restore-testing-selection';
import type { BackupVault } from '@cdktf/provider-aws/lib/backup-vault';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { AwsAccount } from '../aws-account';
import { ServiceRole } from '../service-role';

/** What is restored to see that it can be, and is deleted again. */
export interface RestoreTestProps {
  /** Kinds of things whose newest backup is restored, as AWS Backup names them. At least one. */
  readonly resourceTypes: readonly ('Aurora' | 'DynamoDB' | 'EBS' | 'EFS' | 'RDS' | 'S3')[];
  /**
   * Hours that what was restored is left, for a look at it; paid for as any other. 1 to 168.
   * @default 1
   */
  readonly keepHours?: number;
  /**
   * Days back from the test within which a backup is looked for, 1 to 365.
   * @default 7
   */
  readonly windowDays?: number;
}

/** Restores the newest backup of each kind every Monday at 5 UTC, and says in AWS Backup whether that went well. */
export class RestoreTest extends Construct {
  readonly plan: BackupRestoreTestingPlan;
  readonly role: ServiceRole;

  constructor(scope: Construct, id: string, props: RestoreTestProps & { readonly vault: BackupVault }) {
    super(scope, id);
    this.check(props, scope);
    const { vault, resourceTypes, keepHours = 1, windowDays = 7 } = props;
    this.role = this.addRole(vault);
    this.plan = new BackupRestoreTestingPlan(this, 'Resource', {
      // The name takes no hyphens.
      name: (vault.nameInput ?? '').replaceAll('-', '_'),
      scheduleExpression: 'cron(0 5 ? * 2 *)',
      startWindowHours: 4,
      recoveryPointSelection: [
        {
          algorithm: 'LATEST_WITHIN_WINDOW',
          includeVaults: [vault.arn],
          recoveryPointTypes: ['CONTINUOUS', 'SNAPSHOT'],
          selectionWindowDays: windowDays,
        },
      ],
    });
    for (const type of resourceTypes) this.addSelection(type, keepHours);
  }

  private check({ resourceTypes, keepHours = 1, windowDays = 7 }: RestoreTestProps, owner: Construct): void {
    const problem =
      resourceTypes.length === 0
        ? 'resourceTypes is empty; name the kinds of things that are restored'
        : !(Number.isInteger(keepHours) && keepHours >= 1 && keepHours <= 168)
          ? `keepHours is ${keepHours}; it must be whole hours from 1 to 168`
          : !(Number.isInteger(windowDays) && windowDays >= 1 && windowDays <= 365)
            ? `windowDays is ${windowDays}; it must be whole days from 1 to 365`
            : undefined;
    if (problem) throw new ConfigError(`restoreTest.${problem}.`, owner);
  }

  private addRole(vault: BackupVault): ServiceRole {
    const role = new ServiceRole(this, 'Role', {
      roleName: `${(vault.nameInput ?? '').slice(0, 51)}-restore-test`,
      description: 'Restores backups to see that they can be',
      service: 'backup.amazonaws.com',
    });
    const account = AwsAccount.of(this);
    role.addManagedPolicy('Restores', account.managedPolicyArn('service-role/AWSBackupServiceRolePolicyForRestores'));
    role.addManagedPolicy('RestoresOfS3', account.managedPolicyArn('AWSBackupServiceRolePolicyForS3Restore'));
    return role;
  }

  private addSelection(type: RestoreTestProps['resourceTypes'][number], validationWindowHours: number): void {
    new BackupRestoreTestingSelection(this, type, {
      name: type,
      restoreTestingPlanName: this.plan.name,
      iamRoleArn: this.role.roleArn,
      protectedResourceType: type,
      // Of what the vault has of this kind, each.
      protectedResourceArns: ['*'],
      validationWindowHours,
      dependsOn: this.role.ready,
    });
  }
}
