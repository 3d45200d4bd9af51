/** A measured value, with what is asked of it. */
export interface Figure {
  /** Unique in a run, and the same from run to run: `capacity.ours`. */
  readonly id: string;
  readonly title: string;
  /** `requests/s`, `µs`, `ms`, `MB`, `×`, `%` */
  readonly unit: string;
  readonly value: number;
  /** Half the range of the rounds, in the unit; absent when there was one. */
  readonly spread?: number;
  readonly bar?: Bar;
  /** Which way is better; absent for what only describes, which can't regress. */
  readonly better?: 'higher' | 'lower';
}

/** The least or the most that passes. */
export type Bar = { readonly atLeast: number } | { readonly atMost: number };

/** How a server's latency grows with the rate. */
export interface Curve {
  readonly server: string;
  /** By rate: requests a second; milliseconds. */
  readonly points: readonly { readonly rate: number; readonly p50: number; readonly p99: number }[];
}

export interface Measurement {
  readonly figures: readonly Figure[];
  readonly curves?: readonly Curve[];
  /** Why there are no figures, such as too few cores. */
  readonly missing?: string;
}

export function meetsBar({ value, bar }: Pick<Figure, 'value' | 'bar'>): boolean {
  if (!bar) return true;
  return 'atLeast' in bar ? value >= bar.atLeast : value <= bar.atMost;
}

/** The middle value; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) throw new RangeError('no values have no median');
  return ((sorted[Math.ceil(middle) - 1] as number) + (sorted[Math.floor(middle)] as number)) / 2;
}

/** Value and spread of rounds: their median and half their range. */
export function overRounds(rounds: readonly number[]): Pick<Figure, 'value' | 'spread'> {
  const value = median(rounds);
  return rounds.length > 1 ? { value, spread: (Math.max(...rounds) - Math.min(...rounds)) / 2 } : { value };
}
