import { BackupVault } from '@cdktf/provider-aws/lib/backup-vault';
import { BackupVaultLockConfiguration } from '@cdktf/provider-aws/lib/backup-vault-lock-configuration';
import type { TerraformProvider } from 'cdktf';
import type { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { EncryptionKey } from '../encryption-key';
import { BackupRule } from './backup-rule';
import { VaultLock } from './vault-lock';

export const DEFAULT_RULES: readonly BackupRule[] = [
  BackupRule.daily({ keepDays: 35 }),
  BackupRule.weekly({ keepDays: 90 }),
  BackupRule.monthly({ keepDays: 365, coldAfterDays: 30 }),
];

/** What vaults of backups have in common, of the first or of a second region. */
export interface LockedVaultProps {
  /** Name of the vault, and the beginning of its key's alias: 2 to 50 letters, digits and hyphens. */
  readonly vaultName: string;
  /**
   * When it is backed up, and for how long that is kept; each kind once.
   * @default - daily for 35 days, weekly for 90, monthly for 365 of which the first 30 in warm storage
   */
  readonly rules?: readonly BackupRule[];
  /**
   * Keeps backups from being deleted before their time.
   * @default - governance, from the fewest to the most days that a rule keeps a backup
   */
  readonly lock?: VaultLock;
  /**
   * Refuses a destroy of the vault and its key. Without it, a destroy takes every backup along that the lock lets go.
   * @default true
   */
  readonly protection?: boolean;
}

export interface LockedVault {
  readonly key: EncryptionKey;
  readonly resource: BackupVault;
  readonly lock: BackupVaultLockConfiguration;
}

/** A vault in the construct, with a key of its own and a lock that takes what the rules make. */
export function lockedVault(scope: Construct, props: LockedVaultProps, provider?: TerraformProvider): LockedVault {
  const { vaultName, rules = DEFAULT_RULES, lock = spanning(rules), protection = true } = props;
  check(scope, vaultName, rules, lock);
  const key = new EncryptionKey(scope, 'Key', {
    aliasName: `${vaultName}-backup`,
    description: `Backups in the vault ${vaultName}`,
    protection,
    provider,
  });
  const resource = new BackupVault(scope, 'Resource', {
    name: vaultName,
    kmsKeyArn: key.keyArn,
    forceDestroy: !protection,
    lifecycle: { preventDestroy: protection },
    provider,
  });
  const { minDays: minRetentionDays, maxDays: maxRetentionDays, coolingOffDays: changeableForDays } = lock;
  const days = { minRetentionDays, maxRetentionDays, changeableForDays };
  return {
    key,
    resource,
    lock: new BackupVaultLockConfiguration(scope, 'Lock', { backupVaultName: resource.name, ...days, provider }),
  };
}

function check(scope: Construct, vaultName: string, rules: readonly BackupRule[], lock: VaultLock): void {
  if (!/^[a-zA-Z0-9-]{2,50}$/.test(vaultName)) {
    throw new ConfigError(`vaultName is ${vaultName}; it must be 2 to 50 letters, digits and hyphens.`, scope);
  }
  const names = rules.map(({ ruleName }) => ruleName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (rules.length === 0 || twice) {
    const found = twice ? `has BackupRule.${twice} twice` : 'is empty';
    throw new ConfigError(`rules ${found}; give one to three rules, each kind once.`, scope);
  }
  const refused = rules.find(({ keepDays }) => keepDays < lock.minDays || keepDays > lock.maxDays);
  if (refused) {
    throw new ConfigError(
      `BackupRule.${refused.ruleName} keeps a backup ${refused.keepDays} days, and the lock takes ${lock.minDays} to ${lock.maxDays}; each of its backups would fail. Change the one or the other.`,
      scope,
    );
  }
}

function spanning(rules: readonly BackupRule[]): VaultLock {
  const days = rules.length > 0 ? rules.map(({ keepDays }) => keepDays) : [1];
  return VaultLock.governance({ minDays: Math.min(...days), maxDays: Math.max(...days) });
}
