import { ConfigError } from '../errors';

export interface BudgetProps {
  /**
   * What both clouds together may cost, in USD a month.
   * @default 500
   */
  readonly monthlyUsd?: number;
  /** Who is told when the budget is about to be spent. */
  readonly notify: readonly string[];
  /**
   * Shares of the budget at which somebody is told, in percent of the actual cost.
   * @default [50, 80, 100]
   */
  readonly thresholdsPercent?: readonly number[];
}

export const BUDGET_DEFAULTS = { monthlyUsd: 500, thresholdsPercent: [50, 80, 100] } as const;

/** What the deployment may cost. Cloud budgets and the cost guard derive from it. */
export class Budget {
  readonly monthlyUsd: number;
  readonly notify: readonly string[];
  readonly thresholdsPercent: readonly number[];

  constructor(props: BudgetProps) {
    this.monthlyUsd = props.monthlyUsd ?? BUDGET_DEFAULTS.monthlyUsd;
    this.notify = props.notify;
    this.thresholdsPercent = props.thresholdsPercent ?? BUDGET_DEFAULTS.thresholdsPercent;
    if (!(this.monthlyUsd > 0 && Number.isFinite(this.monthlyUsd))) {
      throw new ConfigError(`budget.monthlyUsd is ${this.monthlyUsd}; it must be an amount in USD above 0.`);
    }
    if (this.notify.length === 0) {
      throw new ConfigError(
        'budget.notify is empty; name at least one e-mail address that is told when the budget is spent.',
      );
    }
    for (const threshold of this.thresholdsPercent) {
      if (!(threshold > 0 && threshold <= 1000)) {
        throw new ConfigError(`budget.thresholdsPercent has ${threshold}; allowed is above 0 up to 1000.`);
      }
    }
  }

  /** An even share of the budget for one of `clouds` clouds, in whole cents. */
  shareUsd(clouds: number): number {
    return Math.floor((this.monthlyUsd / clouds) * 100) / 100;
  }
}
