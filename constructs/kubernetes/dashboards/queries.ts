/** Grafana's own: long enough for a rate at any zoom, by the interval of the scrapes. */
const INTERVAL = '$__rate_interval';

/** A selector of a metric: `name{label="value"}`. Conditions are whole: `status=~"5.."`. */
export function select(metric: string, ...conditions: readonly string[]): string {
  return conditions.length === 0 ? metric : `${metric}{${conditions.join(',')}}`;
}

/** How much a counter grows in a second, in all or by a label. */
export function perSecond(selector: string, ...by: readonly string[]): string {
  const grouped = by.length === 0 ? 'sum' : `sum by (${by.join(', ')}) `;
  return `${grouped}(rate(${selector}[${INTERVAL}]))`;
}

/** Shares of the series that a label tells apart, 0–1. */
export function shares(selector: string, by: string): string {
  return `${perSecond(selector, by)} / on () group_left () ${perSecond(selector)}`;
}

/**
 * A quantile of a histogram.
 *
 * @param metric its name, without `_bucket`
 */
export function quantile(share: number, metric: string, conditions: readonly string[] = [], ...by: readonly string[]) {
  return `histogram_quantile(${share}, ${perSecond(select(`${metric}_bucket`, ...conditions), 'le', ...by)})`;
}

/** The mean of a histogram. */
export function mean(metric: string): string {
  return `${perSecond(`${metric}_sum`)} / ${perSecond(`${metric}_count`)}`;
}
