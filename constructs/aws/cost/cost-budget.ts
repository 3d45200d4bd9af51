import { BudgetsBudget } from '@cdktf/provider-aws/lib/budgets-budget';
import { Construct } from 'constructs';
import { type Budget, ConfigError } from '../../../src';

export interface CostBudgetProps {
  /** At most 100 characters. */
  readonly budgetName: string;
  /** Amount, shares at which somebody is told, and who. */
  readonly budget: Budget;
  /**
   * Clouds that share the budget; this one gets an even share.
   * @default 1
   */
  readonly clouds?: number;
}

/** What one AWS budget takes. Source: AWS Billing user guide, "Quotas and restrictions". */
const MAX_NOTIFICATIONS = 5;
const MAX_EMAILS = 10;

/**
 * Tells people by e-mail when the account's costs of the month pass the budget's thresholds, and when they are
 * forecast to pass all of it. It counts the whole account: each environment has one of its own.
 */
export class CostBudget extends Construct {
  readonly resource: BudgetsBudget;

  constructor(scope: Construct, id: string, { budgetName, budget, clouds = 1 }: CostBudgetProps) {
    super(scope, id);
    this.check(budget);
    const common = {
      comparisonOperator: 'GREATER_THAN',
      thresholdType: 'PERCENTAGE',
      subscriberEmailAddresses: [...budget.notify],
    };
    this.resource = new BudgetsBudget(this, 'Resource', {
      name: budgetName,
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      limitAmount: `${budget.shareUsd(clouds)}`,
      limitUnit: 'USD',
      notification: [
        ...budget.thresholdsPercent.map((threshold) => ({ ...common, threshold, notificationType: 'ACTUAL' })),
        { ...common, threshold: 100, notificationType: 'FORECASTED' },
      ],
    });
  }

  private check({ thresholdsPercent, notify }: Budget): void {
    if (thresholdsPercent.length >= MAX_NOTIFICATIONS) {
      throw new ConfigError(
        `budget.thresholdsPercent has ${thresholdsPercent.length} thresholds; AWS allows ${MAX_NOTIFICATIONS - 1} beside the forecast. Leave some out.`,
        this,
      );
    }
    if (notify.length > MAX_EMAILS) {
      throw new ConfigError(
        `budget.notify has ${notify.length} addresses; AWS allows ${MAX_EMAILS}. Name a mailing list instead.`,
        this,
      );
    }
  }
}
