import type { BackupVault } from '@cdktf/provider-aws/lib/backup-vault';
import type { BackupVaultLockConfiguration } from '@cdktf/provider-aws/lib/backup-vault-lock-configuration';
import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { EncryptionKey } from '../encryption-key';
import { providerRegion } from '../provider-region';
import { type LockedVaultProps, lockedVault } from './locked-vault';

export interface BackupCopyVaultProps extends LockedVaultProps {
  /** Of the region that it is in, another one than the stack's own. */
  readonly provider: TerraformProvider;
}

/** A vault in another region, with a key and a lock of its own there, for copies of what a `Backup` makes. */
export class BackupCopyVault extends Construct {
  readonly resource: BackupVault;
  readonly key: EncryptionKey;
  readonly lock: BackupVaultLockConfiguration;
  readonly vaultArn: string;

  constructor(scope: Construct, id: string, { provider, ...props }: BackupCopyVaultProps) {
    super(scope, id);
    const region = providerRegion(this, provider);
    if (region !== undefined && region === providerRegion(this)) {
      throw new ConfigError(
        `the provider of ${props.vaultName} is of ${region}, as the stack's own; what takes the region takes both. Pass an AwsProvider with an alias and another region.`,
        this,
      );
    }
    const { key, resource, lock } = lockedVault(this, props, provider);
    this.key = key;
    this.resource = resource;
    this.lock = lock;
    this.vaultArn = resource.arn;
  }
}
