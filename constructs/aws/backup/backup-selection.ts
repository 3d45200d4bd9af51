import { ConfigError } from '../../../src/errors';

/** What is backed up. */
export class BackupSelection {
  /** Everything of the account and region that carries the tag, what is tagged later too. */
  static byTag(key: string, value: string): BackupSelection {
    return new BackupSelection([], { key, value });
  }

  /** What is named, by ARN, and nothing else. */
  static resources(arns: readonly string[]): BackupSelection {
    if (arns.length === 0) {
      throw new ConfigError('BackupSelection.resources has no ARNs; name what is to be backed up, or use byTag.');
    }
    return new BackupSelection(arns);
  }

  private constructor(
    readonly arns: readonly string[],
    readonly tag?: { readonly key: string; readonly value: string },
  ) {}
}
