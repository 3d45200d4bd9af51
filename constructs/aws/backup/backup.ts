import { BackupPlan, type BackupPlanRule } from '@cdktf/provider-aws/lib/backup-plan';
import { BackupSelection as BackupSelectionResource } from '@cdktf/provider-aws/lib/backup-selection';
import type { BackupVault } from '@cdktf/provider-aws/lib/backup-vault';
import type { BackupVaultLockConfiguration } from '@cdktf/provider-aws/lib/backup-vault-lock-configuration';
import { BackupVaultNotifications } from '@cdktf/provider-aws/lib/backup-vault-notifications';
import { Construct } from 'constructs';
import { AwsAccount } from '../aws-account';
import type { EncryptionKey } from '../encryption-key';
import { ServiceRole } from '../service-role';
import type { BackupRule } from './backup-rule';
import type { BackupSelection } from './backup-selection';
import { DEFAULT_RULES, type LockedVaultProps, lockedVault } from './locked-vault';
import { RestoreTest, type RestoreTestProps } from './restore-test';

export interface BackupProps extends LockedVaultProps {
  /** Name of the vault and the plan, and the beginning of its roles' names: 2 to 50 letters, digits and hyphens. */
  readonly vaultName: string;
  /** What is backed up. */
  readonly selection: BackupSelection;
  /**
   * ARN of a vault in another region (`BackupCopyVault`) or account that each backup is copied to, and kept as long.
   * @default - no copy
   */
  readonly copyToVaultArn?: string;
  /**
   * ARN of an SNS topic that is told of backups and restores that ended, well or not, and of copies that failed. Its
   * policy has to let `backup.amazonaws.com` publish.
   * @default - nobody is told
   */
  readonly notificationTopicArn?: string;
  /**
   * Restores backups every week to see that they can be.
   * @default - nothing is restored
   */
  readonly restoreTest?: RestoreTestProps;
}

/** A vault of backups with a key and a lock, and the plan by which AWS Backup fills it. */
export class Backup extends Construct {
  readonly resource: BackupVault;
  readonly key: EncryptionKey;
  readonly lock: BackupVaultLockConfiguration;
  readonly plan: BackupPlan;
  readonly role: ServiceRole;
  readonly restoreTest?: RestoreTest;

  constructor(scope: Construct, id: string, props: BackupProps) {
    super(scope, id);
    const { rules = DEFAULT_RULES } = props;
    const { key, resource, lock } = lockedVault(this, props);
    this.key = key;
    this.resource = resource;
    this.lock = lock;
    this.plan = this.addPlan(rules, props.copyToVaultArn);
    this.role = this.addRole(props.vaultName);
    this.select(props.selection);
    this.notify(props.notificationTopicArn);
    this.restoreTest = this.addRestoreTest(props.restoreTest);
  }

  private addPlan(rules: readonly BackupRule[], copyToVaultArn?: string): BackupPlan {
    return new BackupPlan(this, 'Plan', {
      name: this.resource.nameInput ?? '',
      rule: rules.map((rule) => this.planRule(rule, copyToVaultArn)),
      // Else a backup could be made before it is locked.
      dependsOn: [this.lock],
    });
  }

  private planRule(rule: BackupRule, destinationVaultArn?: string): BackupPlanRule {
    const lifecycle = {
      deleteAfter: rule.keepDays,
      coldStorageAfter: rule.coldAfterDays,
      // What has no cold storage is kept warm, instead of failing.
      optInToArchiveForSupportedResources: rule.coldAfterDays !== undefined,
    };
    return {
      ruleName: rule.ruleName,
      targetVaultName: this.resource.name,
      schedule: rule.schedule,
      startWindow: 60,
      completionWindow: 720,
      lifecycle,
      ...(destinationVaultArn !== undefined && { copyAction: [{ destinationVaultArn, lifecycle }] }),
    };
  }

  private addRole(vaultName: string): ServiceRole {
    const role = new ServiceRole(this, 'Role', {
      roleName: `${vaultName}-backup`,
      description: `Makes the backups in the vault ${vaultName}`,
      service: 'backup.amazonaws.com',
    });
    // What a backup needs differs by service, and AWS keeps these two in step with them.
    const account = AwsAccount.of(this);
    role.addManagedPolicy('Backups', account.managedPolicyArn('service-role/AWSBackupServiceRolePolicyForBackup'));
    role.addManagedPolicy('BackupsOfS3', account.managedPolicyArn('AWSBackupServiceRolePolicyForS3Backup'));
    return role;
  }

  private select({ arns, tag }: BackupSelection): void {
    new BackupSelectionResource(this, 'Selection', {
      name: 'everything-selected',
      planId: this.plan.id,
      iamRoleArn: this.role.roleArn,
      ...(arns.length > 0 && { resources: [...arns] }),
      ...(tag && { selectionTag: [{ type: 'STRINGEQUALS', ...tag }] }),
      dependsOn: this.role.ready,
    });
  }

  private notify(snsTopicArn?: string): void {
    if (snsTopicArn === undefined) return;
    new BackupVaultNotifications(this, 'Notifications', {
      backupVaultName: this.resource.name,
      snsTopicArn,
      // A job that failed has completed too: the message's attribute State tells.
      backupVaultEvents: [
        'BACKUP_JOB_COMPLETED',
        'COPY_JOB_FAILED',
        'RESTORE_JOB_COMPLETED',
        'S3_BACKUP_OBJECT_FAILED',
      ],
    });
  }

  private addRestoreTest(props?: RestoreTestProps): RestoreTest | undefined {
    return props && new RestoreTest(this, 'RestoreTest', { ...props, vault: this.resource });
  }
}
