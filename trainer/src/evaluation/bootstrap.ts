/** A figure with its 95 % interval. */
export interface Interval {
  value: number;
  low: number;
  high: number;
}

/** How often the customers are drawn again. */
const RESAMPLES = 1000;

const SEED = 20111001;

/**
 * Percentile bootstrap over customers (Efron, 1979), 95 %: customers are drawn again with replacement, with a fixed
 * seed. All figures of one bootstrap are of the same draws.
 */
export class Bootstrap {
  /** Positions of customers, one row per resample. */
  private readonly draws: Uint32Array[];

  /** @param customers how many there are, at least one */
  constructor(private readonly customers: number) {
    const random = mulberry32(SEED);
    this.draws = Array.from({ length: RESAMPLES }, () => {
      const draws = new Uint32Array(customers);
      for (let draw = 0; draw < customers; draw++) draws[draw] = random() * customers;
      return draws;
    });
  }

  /** The mean of a figure of which each customer has one. */
  mean(values: Float64Array): Interval {
    const means = this.draws.map((draws) => {
      let sum = 0;
      for (const draw of draws) sum += values[draw] as number;
      return sum / draws.length;
    });
    return interval(mean(values), Float64Array.from(means));
  }

  /**
   * A figure of a whole set of customers that grows with how many distinct ones it holds. A resample holds 63 % of them,
   * so the interval is moved up by what the resamples fall short on average, and widened to the figure itself: where
   * almost all resamples agree, the average lies outside of their 95 %.
   *
   * @param statistic the figure of the customers that were drawn, given by position
   */
  ofSet(statistic: (draws: Uint32Array) => number): Interval {
    const value = statistic(Uint32Array.from({ length: this.customers }, (_, customer) => customer));
    const resampled = Float64Array.from(this.draws, statistic);
    const shortfall = value - mean(resampled);
    const { low, high } = interval(
      value,
      resampled.map((one) => one + shortfall),
    );
    return { value, low: Math.min(low, value), high: Math.max(high, value) };
  }
}

export function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function interval(value: number, resampled: Float64Array): Interval {
  const sorted = resampled.toSorted();
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

// A name of its own, because looking up a global for each draw is slow where globals are proxied, as in jest.
const { imul } = Math;

/** Tommy Ettinger's public-domain generator: 32 bits of state, uniform in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = imul(state ^ (state >>> 15), state | 1);
    t ^= t + imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
