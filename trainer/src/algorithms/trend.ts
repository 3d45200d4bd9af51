import type { Purchases } from '../data/purchases';
import { distinctCustomers } from './popularity';

export interface TrendSettings {
  /** The days that count as now. */
  readonly windowDays: number;
  /** 0 ignores the trend, 1 scales by the whole of it. */
  readonly exponent: number;
}

/**
 * How much each item sells now against how much it sold ever, to the power of the exponent: its share of the window's
 * buyers over its share of all buyers, each count plus one so that an item without a recent buyer keeps some weight.
 * 1 is steady, 2 (at exponent 1) has twice the share that it used to have.
 *
 * @returns one positive factor per item
 */
export function trendFactors(purchases: Purchases, { windowDays, exponent }: TrendSettings): Float64Array {
  const recent = shares(distinctCustomers(purchases, windowDays));
  const ever = shares(distinctCustomers(purchases));
  return recent.map((share, item) => (share / (ever[item] as number)) ** exponent);
}

function shares(buyers: Uint32Array): Float64Array {
  const total = buyers.reduce((sum, count) => sum + count + 1, 0);
  return Float64Array.from(buyers, (count) => (count + 1) / total);
}
