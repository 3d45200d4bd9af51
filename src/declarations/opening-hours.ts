import { ConfigError } from '../errors';

const DAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] as const;

export interface OpeningHoursProps {
  /** Time zone of the hours, as the IANA names it: `Europe/Berlin`. */
  readonly timezone: string;
  /** Hour at which the full capacity is back, 0 to 23. Machines need minutes to start: choose it an hour early. */
  readonly fromHour: number;
  /** Hour from which on it isn't needed, above `fromHour`, up to 23. */
  readonly toHour: number;
  /**
   * First and last day of the week.
   * @default ['MON', 'FRI']
   */
  readonly days?: readonly [first: (typeof DAYS)[number], last: (typeof DAYS)[number]];
  /**
   * Replicas out of hours. 0 answers nobody.
   * @default 0
   */
  readonly replicasWhenClosed?: number;
}

/** When a service is needed at its full capacity. Schedules and their price derive from it. */
export class OpeningHours {
  readonly timezone: string;
  readonly fromHour: number;
  readonly toHour: number;
  readonly days: readonly [string, string];
  readonly replicasWhenClosed: number;
  private readonly daysAWeek: number;

  constructor(props: OpeningHoursProps) {
    const { timezone, fromHour, toHour, days = ['MON', 'FRI'], replicasWhenClosed = 0 } = props;
    if (!isTimezone(timezone)) {
      throw new ConfigError(`openingHours.timezone is ${timezone}; it must be a name such as Europe/Berlin or UTC.`);
    }
    if (!([fromHour, toHour].every(Number.isInteger) && fromHour >= 0 && fromHour < toHour && toHour <= 23)) {
      throw new ConfigError(
        `openingHours are from ${fromHour} to ${toHour}; they must be whole hours, 0 to 23, the first before the last.`,
      );
    }
    const [first, last] = days.map((day) => DAYS.indexOf(day)) as [number, number];
    if (first > last) {
      throw new ConfigError(
        `openingHours.days are ${days.join(' to ')}; the first must not come after the last. The week begins with MON.`,
      );
    }
    if (!(Number.isInteger(replicasWhenClosed) && replicasWhenClosed >= 0)) {
      throw new ConfigError(
        `openingHours.replicasWhenClosed is ${replicasWhenClosed}; it must be a whole number from 0.`,
      );
    }
    this.timezone = timezone;
    this.fromHour = fromHour;
    this.toHour = toHour;
    this.days = days;
    this.replicasWhenClosed = replicasWhenClosed;
    this.daysAWeek = last - first + 1;
  }

  /** Share of the week in which it is open, 0 to 1: what a month costs of one that is always open. */
  get openShare(): number {
    return ((this.toHour - this.fromHour) * this.daysAWeek) / (7 * 24);
  }
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
