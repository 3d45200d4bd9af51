/** An estimate, and where what is estimated lies with a confidence of at least 95 %. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** The least value that a share of all is not above: the nearest rank. Undefined of nothing. */
export function percentile(values: readonly number[], percent: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
}

/**
 * The median with a confidence interval between two order statistics, which takes nothing for granted about how values
 * are spread: a median is below the k-th of n values with the probability that fewer than k of n coins show heads.
 * Source: David and Nagaraja, "Order Statistics" (2003), section 7.1.
 *
 * @returns undefined of fewer than six values, whose smallest and largest are no 95 %
 */
export function medianInterval(values: readonly number[]): Interval | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  let outside = 2 * 0.5 ** n;
  if (outside > 0.05 || n === 0) return undefined;
  let rank = 0;
  for (let term = 0.5 ** n; ; rank++) {
    term *= (n - rank) / (rank + 1);
    outside += 2 * term;
    if (outside > 0.05) break;
  }
  const at = (index: number) => sorted[index] as number;
  return { estimate: (at(Math.floor((n - 1) / 2)) + at(Math.floor(n / 2))) / 2, low: at(rank), high: at(n - 1 - rank) };
}

/** 97.5 % of a normal distribution are below so many standard deviations. */
const Z = 1.959964;

/**
 * A share with Wilson's interval, which holds for few and for none as well. Source: Wilson, "Probable Inference, the Law
 * of Succession, and Statistical Inference" (1927).
 *
 * @param all above 0
 */
export function shareInterval(count: number, all: number): Interval {
  const share = count / all;
  const middle = (share + Z ** 2 / (2 * all)) / (1 + Z ** 2 / all);
  const half = (Z / (1 + Z ** 2 / all)) * Math.sqrt((share * (1 - share)) / all + Z ** 2 / (4 * all ** 2));
  return { estimate: share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

export const overlap = (a: Interval, b: Interval): boolean => a.low <= b.high && b.low <= a.high;
