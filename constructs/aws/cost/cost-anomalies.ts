import { CeAnomalyMonitor } from '@cdktf/provider-aws/lib/ce-anomaly-monitor';
import { CeAnomalySubscription } from '@cdktf/provider-aws/lib/ce-anomaly-subscription';
import { Construct } from 'constructs';
import { type Budget, ConfigError } from '../../../src';

export interface CostAnomaliesProps {
  /** Name of the monitor and its subscription, at most 1,024 characters. */
  readonly name: string;
  /** Whom to tell, and what is much. */
  readonly budget: Budget;
  /**
   * Clouds that share the budget; this one gets an even share.
   * @default 1
   */
  readonly clouds?: number;
  /**
   * Share of the cloud's budget that an anomaly has to have cost before somebody is told, in percent.
   * @default 5
   */
  readonly thresholdPercent?: number;
  /**
   * ARN of the account's monitor of services: AWS lets it have one.
   * @default - it is made
   */
  readonly monitorArn?: string;
}

/** E-mail addresses that one subscription takes. Source: AWS Cost Management user guide, "Quotas and restrictions". */
const MAX_EMAILS = 10;

/**
 * Tells people by e-mail, once a day, when a service of AWS costs more than it usually does: a budget says so only when
 * the month's money is gone. It is free.
 */
export class CostAnomalies extends Construct {
  readonly resource: CeAnomalySubscription;
  readonly monitor?: CeAnomalyMonitor;

  constructor(scope: Construct, id: string, props: CostAnomaliesProps) {
    super(scope, id);
    const { name, budget, clouds = 1, thresholdPercent = 5, monitorArn } = props;
    this.check(budget, thresholdPercent);
    if (monitorArn === undefined) this.monitor = this.addMonitor(name);
    const thresholdUsd = Math.max(1, Math.round((budget.shareUsd(clouds) * thresholdPercent) / 100));
    this.resource = new CeAnomalySubscription(this, 'Resource', {
      name,
      frequency: 'DAILY',
      monitorArnList: [monitorArn ?? (this.monitor as CeAnomalyMonitor).arn],
      subscriber: budget.notify.map((address) => ({ type: 'EMAIL', address })),
      thresholdExpression: {
        dimension: {
          key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE',
          matchOptions: ['GREATER_THAN_OR_EQUAL'],
          values: [`${thresholdUsd}`],
        },
      },
    });
  }

  private check({ notify }: Budget, thresholdPercent: number): void {
    if (!(thresholdPercent > 0 && thresholdPercent <= 100)) {
      throw new ConfigError(`thresholdPercent is ${thresholdPercent}; allowed is above 0 up to 100.`, this);
    }
    if (notify.length > MAX_EMAILS) {
      throw new ConfigError(
        `budget.notify has ${notify.length} addresses; AWS allows ${MAX_EMAILS}. Name a mailing list instead.`,
        this,
      );
    }
  }

  private addMonitor(name: string): CeAnomalyMonitor {
    return new CeAnomalyMonitor(this, 'Monitor', { name, monitorType: 'DIMENSIONAL', monitorDimension: 'SERVICE' });
  }
}
