import { ConfigError } from '../../../src/errors';

export interface BackupRuleOptions {
  /** Days that a backup is kept. */
  readonly keepDays: number;
  /**
   * Days after which it lies in cold storage, which is charged for 90 days at least. Only what has cold storage goes
   * there (DynamoDB, EFS, virtual machines); RDS and S3 ignore it.
   * @default - it stays in warm storage
   */
  readonly coldAfterDays?: number;
  /**
   * Hour of the day in UTC, 0 to 23, from which on it is made, within an hour.
   * @default 3
   */
  readonly hour?: number;
}

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html */
const LEAST_DAYS_IN_COLD_STORAGE = 90;

/** How often a backup is made, and how long it is kept. */
export class BackupRule {
  static daily(options: BackupRuleOptions): BackupRule {
    return new BackupRule('daily', '? * *', options);
  }

  /** On Sundays. */
  static weekly(options: BackupRuleOptions): BackupRule {
    return new BackupRule('weekly', '? * 1', options);
  }

  /** On the first of the month. */
  static monthly(options: BackupRuleOptions): BackupRule {
    return new BackupRule('monthly', '1 * ?', options);
  }

  readonly keepDays: number;
  readonly coldAfterDays?: number;
  /** As AWS Backup writes it: `cron(0 3 ? * * *)`. */
  readonly schedule: string;

  private constructor(
    readonly ruleName: 'daily' | 'weekly' | 'monthly',
    days: string,
    { keepDays, coldAfterDays, hour = 3 }: BackupRuleOptions,
  ) {
    this.check({ keepDays, coldAfterDays, hour });
    this.keepDays = keepDays;
    this.coldAfterDays = coldAfterDays;
    this.schedule = `cron(0 ${hour} ${days} *)`;
  }

  private check({ keepDays, coldAfterDays, hour = 0 }: BackupRuleOptions): void {
    const rule = `BackupRule.${this.ruleName}`;
    if (!isDays(keepDays)) {
      throw new ConfigError(`${rule} has keepDays ${keepDays}; it must be a whole number of days from 1.`);
    }
    if (!(Number.isInteger(hour) && hour >= 0 && hour <= 23)) {
      throw new ConfigError(`${rule} has hour ${hour}; it must be a whole hour from 0 to 23, in UTC.`);
    }
    if (coldAfterDays === undefined) return;
    if (!isDays(coldAfterDays)) {
      throw new ConfigError(`${rule} has coldAfterDays ${coldAfterDays}; it must be a whole number of days from 1.`);
    }
    const least = coldAfterDays + LEAST_DAYS_IN_COLD_STORAGE;
    if (keepDays < least) {
      throw new ConfigError(
        `${rule} keeps a backup ${keepDays} days and moves it to cold storage after ${coldAfterDays}; it has to stay there ${LEAST_DAYS_IN_COLD_STORAGE} days, so keepDays must be ${least} or more. Keep it longer, or leave coldAfterDays out.`,
      );
    }
  }
}

function isDays(days: number): boolean {
  return Number.isInteger(days) && days >= 1;
}
