import { CloudwatchCompositeAlarm } from '@cdktf/provider-aws/lib/cloudwatch-composite-alarm';
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { Construct } from 'constructs';
import { type BurnRateAlert, ConfigError, type ServiceLevelObjective } from '../../../src';
import { alarmWindow } from './alarm-window';
import type { AlertTopic } from './alert-topic';
import type { MetricSource } from './metric-source';
import { type SloIndicator, sloIndicators } from './slo-indicators';

export interface SloAlarmsProps {
  /** What the alarms' names begin with, e.g. `shop-prod`. */
  readonly serviceName: string;
  readonly slo: ServiceLevelObjective;
  readonly source: MetricSource;
  /** Told when the budget burns so fast that somebody has to get up. */
  readonly pages: Pick<AlertTopic, 'topicArn'>;
  /**
   * Told when it burns slowly.
   * @default - the topic of pages
   */
  readonly tickets?: Pick<AlertTopic, 'topicArn'>;
}

/**
 * What the objective promises, as alarms: a composite one tells somebody when a long and a short window both spend the
 * error budget too fast; the metric alarms below it tell nobody. $0.10 a month for each metric that an alarm asks for
 * and $0.50 for each composite alarm: $5.40 with a load balancer, $4.80 with an API.
 */
export class SloAlarms extends Construct {
  readonly windowAlarms: readonly CloudwatchMetricAlarm[];
  readonly burnAlarms: readonly CloudwatchCompositeAlarm[];

  constructor(scope: Construct, id: string, props: SloAlarmsProps) {
    super(scope, id);
    const { serviceName, slo, source } = props;
    if (!/^[\w-]{1,200}$/.test(serviceName)) {
      throw new ConfigError(
        `serviceName is ${serviceName}; it must be 1 to 200 letters, digits, hyphens and underscores.`,
        this,
      );
    }
    const windowAlarms: CloudwatchMetricAlarm[] = [];
    this.burnAlarms = sloIndicators(slo, source).flatMap((indicator) =>
      slo.burnRateAlerts.map((burn) => {
        const windows = [burn.longWindow, burn.shortWindow].map((window) =>
          this.addWindowAlarm(indicator, burn, window, serviceName),
        );
        windowAlarms.push(...windows);
        return this.addBurnAlarm(indicator, burn, windows, props);
      }),
    );
    this.windowAlarms = windowAlarms;
  }

  private addWindowAlarm(
    { id, name, budget, queries }: SloIndicator,
    { factor, longWindow }: BurnRateAlert,
    window: string,
    serviceName: string,
  ): CloudwatchMetricAlarm {
    const { period, evaluationPeriods } = alarmWindow(window);
    return new CloudwatchMetricAlarm(this, `${id}${window}Of${longWindow}`, {
      alarmName: `${serviceName}-${name}-${window}-of-${longWindow}`,
      alarmDescription: `Share of ${name} requests over ${window}; tells nobody by itself.`,
      comparisonOperator: 'GreaterThanThreshold',
      // Rounded, because 14.4 * 0.001 is 0.014400000000000001 in floating point.
      threshold: Number((factor * budget).toFixed(6)),
      evaluationPeriods,
      datapointsToAlarm: evaluationPeriods,
      metricQuery: queries(period),
      // Without a request nothing failed.
      treatMissingData: 'notBreaching',
    });
  }

  private addBurnAlarm(
    { id, name, budget }: SloIndicator,
    { severity, longWindow, factor }: BurnRateAlert,
    windows: readonly CloudwatchMetricAlarm[],
    { serviceName, slo, pages, tickets = pages }: SloAlarmsProps,
  ): CloudwatchCompositeAlarm {
    const { topicArn } = severity === 'page' ? pages : tickets;
    return new CloudwatchCompositeAlarm(this, `${id}${longWindow}`, {
      alarmName: `${serviceName}-${name}-${longWindow}-${severity}`,
      alarmDescription: `Of the requests ${Number((budget * 100).toFixed(4))} % may be ${name} in ${slo.windowDays} days; this spends them ${factor} times too fast.`,
      alarmRule: windows.map(({ alarmName }) => `ALARM(${alarmName})`).join(' AND '),
      alarmActions: [topicArn],
      okActions: [topicArn],
    });
  }
}
