/** A figure with its 95 % interval. */
export interface Interval {
  value: number;
  low: number;
  high: number;
}

/** How often the customers are drawn again. */
const RESAMPLES = 1000;

/** All metrics are of the same draws. */
const SEED = 20111001;

/**
 * Percentile bootstrap (Efron, 1979) of the mean over customers, 95 %, with a fixed seed.
 *
 * @param values one per customer, at least one
 */
export function bootstrapMean(values: Float64Array): Interval {
  const meanOf = (draws: Uint32Array): number => {
    let sum = 0;
    for (const draw of draws) sum += values[draw] as number;
    return sum / draws.length;
  };
  return interval(mean(values), resample(values.length, meanOf));
}

/**
 * The same for a figure of a whole set of customers that grows with how many distinct ones it holds. A resample holds
 * 63 % of them, so the interval is moved up by what the resamples fall short on average.
 *
 * @param statistic the figure of the customers that were drawn, given by position
 */
export function bootstrapSet(customers: number, statistic: (draws: Uint32Array) => number): Interval {
  const value = statistic(Uint32Array.from({ length: customers }, (_, customer) => customer));
  const resampled = resample(customers, statistic);
  const shortfall = value - mean(resampled);
  return interval(
    value,
    resampled.map((one) => one + shortfall),
  );
}

export function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The statistic of each resample, sorted. */
function resample(count: number, statistic: (draws: Uint32Array) => number): Float64Array {
  const random = mulberry32(SEED);
  const draws = new Uint32Array(count);
  const statistics = new Float64Array(RESAMPLES);
  for (let i = 0; i < RESAMPLES; i++) {
    for (let draw = 0; draw < count; draw++) draws[draw] = Math.floor(random() * count);
    statistics[i] = statistic(draws);
  }
  return statistics.sort();
}

function interval(value: number, sorted: Float64Array): Interval {
  return { value, low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
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
