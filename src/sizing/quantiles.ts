/** How samples are distributed. */
export interface Quantiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * By the nearest rank: the least sample that so many of all are not above.
 *
 * @returns undefined where there are no samples
 */
export function quantilesOf(samples: readonly number[]): Quantiles | undefined {
  const sorted = Float64Array.from(samples).sort();
  const [first] = sorted;
  if (first === undefined) return undefined;
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? first;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}
