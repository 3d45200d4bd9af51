import { ConfigError } from '../../../src/errors';

export interface VaultLockOptions {
  /** Days that each backup has to be kept at least; what would be kept shorter is refused. */
  readonly minDays: number;
  /** Days that a backup may be kept at most, so that a mistake isn't paid for a century. */
  readonly maxDays: number;
}

/** Keeps backups from being deleted before their time. https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html */
export class VaultLock {
  /** Who has `backup:DeleteBackupVaultLockConfiguration` may take it away, and so may a destroy. */
  static governance(options: VaultLockOptions): VaultLock {
    return new VaultLock(options.minDays, options.maxDays);
  }

  /**
   * After the days to cool off, nobody can undo it: neither root nor AWS delete a backup before its time or the lock,
   * and a destroy fails while there is a backup. Until then it can be taken away as the other.
   *
   * @param options `coolingOffDays`: 3 or more
   */
  static compliance(options: VaultLockOptions & { readonly coolingOffDays: number }): VaultLock {
    const { coolingOffDays } = options;
    if (!(Number.isInteger(coolingOffDays) && coolingOffDays >= 3 && coolingOffDays <= 36_500)) {
      throw new ConfigError(
        `VaultLock.compliance has coolingOffDays ${coolingOffDays}; AWS Backup asks for 3 or more, because afterwards nobody can undo it.`,
      );
    }
    return new VaultLock(options.minDays, options.maxDays, coolingOffDays);
  }

  private constructor(
    readonly minDays: number,
    readonly maxDays: number,
    readonly coolingOffDays?: number,
  ) {
    if (
      Number.isInteger(minDays) &&
      Number.isInteger(maxDays) &&
      minDays >= 1 &&
      maxDays >= minDays &&
      maxDays <= 36_500
    ) {
      return;
    }
    throw new ConfigError(
      `VaultLock has minDays ${minDays} and maxDays ${maxDays}; allowed are whole days from 1 to 36500, minDays no more than maxDays.`,
    );
  }
}
