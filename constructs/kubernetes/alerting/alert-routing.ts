import { ConfigError } from '../../../src';
import type { AlertReceiver } from './alert-receiver';

/** When tickets are sent; they wait until then. */
export interface WorkingHours {
  /** @default 'monday:friday' */
  readonly weekdays?: string;
  /** @default '09:00' */
  readonly from?: string;
  /** @default '17:00' */
  readonly to?: string;
  /** Of the IANA database. @default 'UTC' */
  readonly timezone?: string;
}

export interface AlertRoutingProps {
  /** Who is woken: alerts of the severities `page` and, from the chart's own rules, `critical`. */
  readonly page: readonly AlertReceiver[];
  /** Who looks at it tomorrow: `ticket` and `warning`. */
  readonly ticket: readonly AlertReceiver[];
  /** @default - Monday to Friday, 9 to 17 UTC */
  readonly workingHours?: WorkingHours;
  /**
   * Secret in the namespace `monitoring` that has the receivers' keys. Somebody else makes it.
   * @default 'alert-receivers'
   */
  readonly secretName?: string;
}

const SECRETS = '/etc/alertmanager/secrets';
const WORKING_HOURS = 'working-hours';
const DAY = '(mon|tues|wednes|thurs|fri|satur|sun)day';
const WEEKDAYS = new RegExp(`^${DAY}(:${DAY})?$`);
const TIME = /^([01]\d|2[0-4]):[0-5]\d$/;

/** Who is told of which alert, and when. */
export class AlertRouting {
  readonly secretName: string;

  constructor(private readonly props: AlertRoutingProps) {
    this.secretName = props.secretName ?? 'alert-receivers';
    for (const severity of ['page', 'ticket'] as const) {
      if (props[severity].length > 0) continue;
      throw new ConfigError(`alerts.${severity} is empty; name at least one AlertReceiver, or nobody hears of them.`);
    }
    const { weekdays, from, to, timezone } = hours(props.workingHours);
    if (!WEEKDAYS.test(weekdays)) {
      throw new ConfigError(`alerts.workingHours.weekdays is ${weekdays}; allowed is a day or a range: monday:friday.`);
    }
    if (!isTimezone(timezone)) {
      throw new ConfigError(
        `alerts.workingHours.timezone is ${timezone}; allowed is UTC or a name of the IANA database: Europe/Berlin.`,
      );
    }
    if (!TIME.test(from) || !TIME.test(to) || from >= to) {
      throw new ConfigError(`alerts.workingHours is ${from} to ${to}; allowed are times such as 09:00 to 17:00.`);
    }
  }

  /** Alertmanager's configuration. */
  get config() {
    const { page, ticket, workingHours } = this.props;
    const { weekdays, from, to, timezone } = hours(workingHours);
    return {
      route: {
        // What nobody thought of is looked at tomorrow.
        receiver: 'ticket',
        group_by: ['alertname', 'namespace'],
        group_wait: '30s',
        group_interval: '5m',
        repeat_interval: '12h',
        routes: [
          // The chart's own: one that always fires, and what is no alert.
          { receiver: 'nobody', matchers: ['severity=~"none|info"'] },
          { receiver: 'page', matchers: ['severity=~"page|critical"'], group_wait: '0s', repeat_interval: '1h' },
          { receiver: 'ticket', matchers: ['severity=~".*"'], active_time_intervals: [WORKING_HOURS] },
        ],
      },
      receivers: [{ name: 'nobody' }, this.receiver('page', page), this.receiver('ticket', ticket)],
      time_intervals: [
        {
          name: WORKING_HOURS,
          time_intervals: [{ weekdays: [weekdays], times: [{ start_time: from, end_time: to }], location: timezone }],
        },
      ],
      inhibit_rules: [
        // A page says all that its own ticket would.
        { source_matchers: ['severity="page"'], target_matchers: ['severity="ticket"'], equal: ['alertname'] },
        // With no replica, everything else is wrong too.
        {
          source_matchers: ['alertname="RecommenderDown"'],
          target_matchers: ['alertname=~"Recommender.+"', 'alertname!="RecommenderDown"'],
        },
      ],
    };
  }

  private receiver(name: string, receivers: readonly AlertReceiver[]): object {
    const folder = `${SECRETS}/${this.secretName}`;
    const kinds = [...new Set(receivers.map(({ kind }) => kind))];
    const configs = kinds.map((kind) => [
      `${kind}_configs`,
      receivers.filter((one) => one.kind === kind).map((one) => one.config(folder)),
    ]);
    return { name, ...Object.fromEntries(configs) };
  }
}

function isTimezone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }) !== undefined;
  } catch {
    return false;
  }
}

function hours({ weekdays = 'monday:friday', from = '09:00', to = '17:00', timezone = 'UTC' }: WorkingHours = {}) {
  return { weekdays, from, to, timezone };
}
