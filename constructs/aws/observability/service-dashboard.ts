import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import type { ServiceLevelObjective } from '../../../src';
import { AwsAccount } from '../aws-account';
import type { MetricSource } from './metric-source';
import type { SloAlarms } from './slo-alarms';
import { DashboardWidget, dashboardBody } from './widgets';

export interface ServiceDashboardProps {
  /** Letters, digits, hyphens and underscores. */
  readonly dashboardName: string;
  readonly slo: ServiceLevelObjective;
  readonly source: MetricSource;
  /** Their states come first. */
  readonly alarms: SloAlarms;
  /**
   * Below the service's own.
   * @default []
   */
  readonly widgets?: readonly DashboardWidget[];
}

/** Requests, failures and latency of a service against its objective. $3 a month after the account's first three. */
export class ServiceDashboard extends Construct {
  readonly resource: CloudwatchDashboard;

  constructor(scope: Construct, id: string, props: ServiceDashboardProps) {
    super(scope, id);
    const { dashboardName, widgets = [] } = props;
    const body = dashboardBody([...serviceWidgets(props), ...widgets], AwsAccount.of(this).region);
    this.resource = new CloudwatchDashboard(this, 'Resource', { dashboardName, dashboardBody: Fn.jsonencode(body) });
  }
}

function serviceWidgets({ slo, source, alarms }: ServiceDashboardProps): DashboardWidget[] {
  const { requests, errors, latency } = source;
  const { serverThresholdMs } = slo.latency;
  const limit = latency.unit === 'seconds' ? serverThresholdMs / 1000 : serverThresholdMs;
  return [
    DashboardWidget.text(
      `${slo.availabilityPercent} % of the requests are answered without a server error, 99 % within ${slo.latencyP99Ms} ms, over ${slo.windowDays} days.`,
    ),
    DashboardWidget.alarms(
      'Budgets that burn too fast',
      alarms.burnAlarms.map(({ arn }) => arn),
    ),
    DashboardWidget.graph({
      title: 'Requests and failures',
      metrics: [
        { metric: requests, stat: 'Sum', label: 'requests' },
        ...errors.map((metric) => ({ metric, stat: 'Sum', label: metric.metricName })),
      ],
    }),
    DashboardWidget.graph({
      title: `Latency in ${latency.unit}`,
      metrics: ['p50', 'p99'].map((stat) => ({ metric: latency, stat, label: stat })),
      limit: { label: 'objective of p99', value: limit },
    }),
  ];
}
