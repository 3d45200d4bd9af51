/** A figure with what it is at least, what is expected, and at most. */
export interface Range {
  /** With the fewest replicas and no requests. */
  readonly floor: number;
  /** With the month that is assumed. */
  readonly expected: number;
  /** With as many replicas as there may be, at the plan's peak all month. */
  readonly ceiling: number;
}

export const flat = (value: number): Range => ({ floor: value, expected: value, ceiling: value });

export const NOTHING = flat(0);

export function map(range: Range, change: (value: number) => number): Range {
  return { floor: change(range.floor), expected: change(range.expected), ceiling: change(range.ceiling) };
}

export const times = (range: Range, factor: number): Range => map(range, (value) => value * factor);

export function product(a: Range, b: Range): Range {
  return { floor: a.floor * b.floor, expected: a.expected * b.expected, ceiling: a.ceiling * b.ceiling };
}

/** What is beyond an amount that is free. */
export const beyond = (range: Range, free: number): Range => map(range, (value) => Math.max(0, value - free));

export function sum(ranges: readonly Range[]): Range {
  return ranges.reduce(
    (all, one) => ({
      floor: all.floor + one.floor,
      expected: all.expected + one.expected,
      ceiling: all.ceiling + one.ceiling,
    }),
    NOTHING,
  );
}
