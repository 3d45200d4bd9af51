/** How CloudWatch is asked about a window: points of so many seconds, every one of which has to breach. */
export interface AlarmWindow {
  readonly period: number;
  readonly evaluationPeriods: number;
}

const SECONDS: Record<string, number> = { m: 60, h: 3600, d: 86_400 };
/** Longest period of an alarm, in seconds; all its periods together may last a week. Source: PutMetricAlarm's API. */
const LONGEST_PERIOD = 86_400;

/**
 * A window of the objective's as CloudWatch takes it. One of more than a day becomes days each of which has to breach:
 * what burns on and off over three days is not seen, what burns on is.
 *
 * @param window `5m`, `6h`, `3d`
 */
export function alarmWindow(window: string): AlarmWindow {
  const [, amount, unit] = /^(\d+)([mhd])$/.exec(window) ?? [];
  if (!amount || !unit)
    throw new RangeError(`${window} is no window; allowed are minutes, hours and days as in 5m, 6h, 3d`);
  const seconds = Number(amount) * (SECONDS[unit] as number);
  const evaluationPeriods = Math.ceil(seconds / LONGEST_PERIOD);
  return { period: seconds / evaluationPeriods, evaluationPeriods };
}
