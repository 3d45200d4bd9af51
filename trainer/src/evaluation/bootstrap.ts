/** A mean with its 95 % interval. */
export interface Interval {
  value: number;
  low: number;
  high: number;
}

/**
 * Percentile bootstrap (Efron, 1979) of the mean over customers, 95 %.
 *
 * @param values one per customer, at least one
 * @param resamples how often the customers are drawn again, with replacement
 * @param seed the same seed draws the same customers, so intervals of several metrics are of the same draws
 */
export function bootstrapMean(values: Float64Array, resamples: number, seed: number): Interval {
  const random = mulberry32(seed);
  const count = values.length;
  const means = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    let sum = 0;
    for (let draw = 0; draw < count; draw++) sum += values[Math.floor(random() * count)] as number;
    means[resample] = sum / count;
  }
  means.sort();
  return { value: mean(values), low: quantile(means, 0.025), high: quantile(means, 0.975) };
}

export function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Linear interpolation between order statistics (Hyndman & Fan's type 7, numpy's default). */
function quantile(sorted: Float64Array, q: number): number {
  const position = (sorted.length - 1) * q;
  const below = Math.floor(position);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (high - low) * (position - below);
}

/** Tommy Ettinger's public-domain generator: 32 bits of state, uniform in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
