import { BackupPlan, type BackupPlanRule } from '@cdktf/provider-aws/lib/backup-plan';
import { BackupSelection as BackupSelectionResource } from '@cdktf/provider-aws/lib/backup-selection';
import { BackupVault } from '@cdktf/provider-aws/lib/backup-vault';
import { BackupVaultLockConfiguration } from '@cdktf/provider-aws/lib/backup-vault-lock-configuration';
import { BackupVaultNotifications } from '@cdktf/provider-aws/lib/backup-vault-notifications';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { AwsAccount } from '../aws-account';
import { EncryptionKey } from '../encryption-key';
import { ServiceRole } from '../service-role';
import { BackupRule } from './backup-rule';
import type { BackupSelection } from './backup-selection';
import { RestoreTest, type RestoreTestProps } from './restore-test';
import { VaultLock } from './vault-lock';

export interface BackupProps {
  /** Name of the vault and the plan, and the beginning of its roles' names: 2 to 50 letters, digits and hyphens. */
  readonly vaultName: string;
  /** What is backed up. */
  readonly selection: BackupSelection;
  /**
   * When, and for how long it is kept; each kind once.
   * @default - daily for 35 days, weekly for 90, monthly for 365 of which the first 30 in warm storage
   */
  readonly rules?: readonly BackupRule[];
  /**
   * Keeps backups from being deleted before their time.
   * @default - governance, from the fewest to the most days that a rule keeps a backup
   */
  readonly lock?: VaultLock;
  /**
   * ARN of a vault in another region or account that each backup is copied to, and kept as long.
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
  /**
   * Refuses a destroy of the vault and its key. Without it, a destroy takes every backup along that the lock lets go.
   * @default true
   */
  readonly protection?: boolean;
}

const DEFAULT_RULES = [
  BackupRule.daily({ keepDays: 35 }),
  BackupRule.weekly({ keepDays: 90 }),
  BackupRule.monthly({ keepDays: 365, coldAfterDays: 30 }),
];

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
    const { rules = DEFAULT_RULES, lock = lockOf(rules) } = props;
    this.check(props.vaultName, rules, lock);
    this.key = this.addKey(props);
    this.resource = this.addVault(props);
    this.lock = this.addLock(lock);
    this.plan = this.addPlan(rules, props.copyToVaultArn);
    this.role = this.addRole(props.vaultName);
    this.select(props.selection);
    this.notify(props.notificationTopicArn);
    this.restoreTest = this.addRestoreTest(props.restoreTest);
  }

  private check(vaultName: string, rules: readonly BackupRule[], lock: VaultLock): void {
    if (!/^[a-zA-Z0-9-]{2,50}$/.test(vaultName)) {
      throw new ConfigError(`vaultName is ${vaultName}; it must be 2 to 50 letters, digits and hyphens.`, this);
    }
    const names = rules.map(({ ruleName }) => ruleName);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (rules.length === 0 || twice) {
      const found = twice ? `has BackupRule.${twice} twice` : 'is empty';
      throw new ConfigError(`rules ${found}; give one to three rules, each kind once.`, this);
    }
    const refused = rules.find(({ keepDays }) => keepDays < lock.minDays || keepDays > lock.maxDays);
    if (refused) {
      throw new ConfigError(
        `BackupRule.${refused.ruleName} keeps a backup ${refused.keepDays} days, and the lock takes ${lock.minDays} to ${lock.maxDays}; each of its backups would fail. Change the one or the other.`,
        this,
      );
    }
  }

  private addKey({ vaultName, protection = true }: BackupProps): EncryptionKey {
    return new EncryptionKey(this, 'Key', {
      aliasName: `${vaultName}-backup`,
      description: `Backups in the vault ${vaultName}`,
      protection,
    });
  }

  private addVault({ vaultName, protection = true }: BackupProps): BackupVault {
    return new BackupVault(this, 'Resource', {
      name: vaultName,
      kmsKeyArn: this.key.keyArn,
      forceDestroy: !protection,
      lifecycle: { preventDestroy: protection },
    });
  }

  private addLock({ minDays, maxDays, coolingOffDays }: VaultLock): BackupVaultLockConfiguration {
    return new BackupVaultLockConfiguration(this, 'Lock', {
      backupVaultName: this.resource.name,
      minRetentionDays: minDays,
      maxRetentionDays: maxDays,
      changeableForDays: coolingOffDays,
    });
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

function lockOf(rules: readonly BackupRule[]): VaultLock {
  const days = rules.length > 0 ? rules.map(({ keepDays }) => keepDays) : [1];
  return VaultLock.governance({ minDays: Math.min(...days), maxDays: Math.max(...days) });
}
