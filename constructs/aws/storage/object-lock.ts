import { ConfigError } from '../../../src/errors';

/**
 * For how long an object can't be deleted or overwritten in place once it is written. A bucket has it from its creation
 * on: to give it to one that is there, Terraform would replace that, which its protection refuses.
 */
export class ObjectLock {
  /** Who has `s3:BypassGovernanceRetention` may delete all the same; so does a destroy without protection. */
  static governance(options: { readonly days: number }): ObjectLock {
    return new ObjectLock('GOVERNANCE', options.days);
  }

  /**
   * Nobody deletes before the time is over, the account's root included, and no time can be made shorter. A destroy
   * without protection fails while there is an object: it waits for the last one's days, or for the account's end.
   */
  static compliance(options: { readonly days: number }): ObjectLock {
    return new ObjectLock('COMPLIANCE', options.days);
  }

  private constructor(
    readonly mode: 'GOVERNANCE' | 'COMPLIANCE',
    readonly days: number,
  ) {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
    if (Number.isInteger(days) && days >= 1 && days <= 36_500) return;
    throw new ConfigError(`ObjectLock has ${days} days; allowed are whole days from 1 to 36500.`);
  }
}
