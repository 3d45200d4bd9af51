import { ConsumptionBudgetSubscription } from '@cdktf/provider-azurerm/lib/consumption-budget-subscription';
import { StaticResource } from '@cdktf/provider-time/lib/static-resource';
import { Construct } from 'constructs';
import { type Budget, ConfigError } from '../../src';

export interface CostBudgetProps {
  /** 1 to 63 letters, digits, hyphens and underscores. */
  readonly budgetName: string;
  /** UUID of the subscription whose cost is watched. */
  readonly subscriptionId: string;
  /** Amount, shares at which somebody is told, and who. */
  readonly budget: Budget;
  /**
   * Clouds that share the budget; this one gets an even share.
   * @default 1
   */
  readonly clouds?: number;
}

/** What one Azure budget takes. Source: Microsoft Cost Management documentation, "Create and manage budgets". */
const MAX_NOTIFICATIONS = 5;
const MAX_EMAILS = 50;

/**
 * Tells people by e-mail when the subscription's costs of the month pass the budget's thresholds, and when they are
 * forecast to pass all of it. It counts the whole subscription, because AKS keeps nodes, disks and load balancers in a
 * resource group of its own. Azure takes the amount in the currency the subscription is billed in.
 */
export class CostBudget extends Construct {
  readonly resource: ConsumptionBudgetSubscription;
  /** When the budget was first applied, as kept in the state. */
  readonly created: StaticResource;

  constructor(scope: Construct, id: string, props: CostBudgetProps) {
    super(scope, id);
    this.check(props);
    this.created = this.addCreated(props);
    this.resource = this.addBudget(props);
  }

  private check({ budgetName, budget }: CostBudgetProps): void {
    if (!/^[A-Za-z0-9_-]{1,63}$/.test(budgetName)) {
      throw new ConfigError(
        `budgetName is ${budgetName}; allowed are 1 to 63 letters, digits, hyphens and underscores.`,
        this,
      );
    }
    if (budget.thresholdsPercent.length >= MAX_NOTIFICATIONS) {
      throw new ConfigError(
        `budget.thresholdsPercent has ${budget.thresholdsPercent.length} thresholds; Azure allows ${MAX_NOTIFICATIONS - 1} beside the forecast. Leave some out.`,
        this,
      );
    }
    if (budget.notify.length > MAX_EMAILS) {
      throw new ConfigError(
        `budget.notify has ${budget.notify.length} addresses; Azure allows ${MAX_EMAILS}. Name a mailing list instead.`,
        this,
      );
    }
  }

  /** Made anew with the budget, so that a new budget never begins in a month that Azure refuses as long past. */
  private addCreated({ budgetName, subscriptionId }: CostBudgetProps): StaticResource {
    return new StaticResource(this, 'Created', { triggers: { budgetName, subscriptionId } });
  }

  private addBudget(props: CostBudgetProps): ConsumptionBudgetSubscription {
    const { budgetName, subscriptionId, budget, clouds = 1 } = props;
    const common = { operator: 'GreaterThanOrEqualTo', contactEmails: [...budget.notify] };
    return new ConsumptionBudgetSubscription(this, 'Resource', {
      name: budgetName,
      subscriptionId: `/subscriptions/${subscriptionId}`,
      amount: budget.shareUsd(clouds),
      timeGrain: 'Monthly',
      timePeriod: { startDate: this.firstOfMonth },
      notification: [
        ...budget.thresholdsPercent.map((threshold) => ({ ...common, threshold, thresholdType: 'Actual' })),
        { ...common, threshold: 100, thresholdType: 'Forecasted' },
      ],
    });
  }

  /**
   * Azure wants the first of a month, the current one or a later; Terraform wants the same value at every plan. So the
   * state keeps the month of the first apply.
   */
  private get firstOfMonth(): string {
    return `\${format("%04d-%02d-01T00:00:00Z", ${this.created.fqn}.year, ${this.created.fqn}.month)}`;
  }
}
