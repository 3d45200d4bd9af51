import { Construct } from 'constructs';
import type { ServiceLevelObjective } from '../../../src';
import { type AlertSubscriber, AlertTopic } from './alert-topic';
import type { MetricSource } from './metric-source';
import { ServiceDashboard } from './service-dashboard';
import { SloAlarms } from './slo-alarms';
import type { DashboardWidget } from './widgets';

export interface CloudObservabilityProps {
  /** What all names begin with, e.g. `shop-prod`. */
  readonly serviceName: string;
  readonly slo: ServiceLevelObjective;
  /** What the service's requests are counted by. */
  readonly source: MetricSource;
  /** Who gets up when the budget burns fast, by logical id. */
  readonly pages: Readonly<Record<string, AlertSubscriber>>;
  /** Who hears of slow burns on a working day, by logical id. */
  readonly tickets: Readonly<Record<string, AlertSubscriber>>;
  /**
   * On the dashboard, below the service's own.
   * @default []
   */
  readonly widgets?: readonly DashboardWidget[];
}

/** A service in CloudWatch: alarms by its objective, two topics that tell people, and a dashboard. */
export class CloudObservability extends Construct {
  readonly pages: AlertTopic;
  readonly tickets: AlertTopic;
  readonly alarms: SloAlarms;
  readonly dashboard: ServiceDashboard;

  constructor(scope: Construct, id: string, props: CloudObservabilityProps) {
    super(scope, id);
    const { serviceName, slo, source, widgets } = props;
    const topic = (part: 'pages' | 'tickets') => ({ topicName: `${serviceName}-${part}`, subscribers: props[part] });
    this.pages = new AlertTopic(this, 'Pages', topic('pages'));
    this.tickets = new AlertTopic(this, 'Tickets', topic('tickets'));
    const { pages, tickets } = this;
    this.alarms = new SloAlarms(this, 'Alarms', { serviceName, slo, source, pages, tickets });
    const dashboardName = `${serviceName}-service`;
    this.dashboard = new ServiceDashboard(this, 'Dashboard', {
      dashboardName,
      slo,
      source,
      alarms: this.alarms,
      widgets,
    });
  }
}
