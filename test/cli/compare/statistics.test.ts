import { medianInterval, overlap, percentile, shareInterval } from '../../../cli/compare/statistics';

const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);

test.each([
  [50, 100, 50],
  [99, 100, 99],
  [99, 101, 100],
  [95, 10, 10],
  [50, 1, 1],
])('p%d of 1 to %d is %d', (percent, n, value) => {
  expect(percentile(upTo(n).reverse(), percent)).toBe(value);
});

test('nothing has no percentile', () => {
  expect(percentile([], 50)).toBeUndefined();
});

// Ranks of the binomial distribution for n values, as tables of the sign test have them.
test.each([
  [6, 3.5, 1, 6],
  [8, 4.5, 1, 8],
  [9, 5, 2, 8],
  [10, 5.5, 2, 9],
  [15, 8, 4, 12],
  [20, 10.5, 6, 15],
])('the median of %d values is %d, from the value of rank %d to that of rank %d', (n, estimate, low, high) => {
  expect(medianInterval(upTo(n))).toEqual({ estimate, low, high });
});

test('five values are too few: all of them hold the median in 93.75 % only', () => {
  expect([medianInterval(upTo(5)), medianInterval([])]).toEqual([undefined, undefined]);
});

test('one turn that went wrong moves the interval no further than to its neighbour', () => {
  expect(medianInterval([...upTo(9), 5000])).toEqual({ estimate: 5.5, low: 2, high: 9 });
});

test('the interval holds the median of what values are drawn from in 95 % of samples or more', () => {
  let state = 1;
  // Park and Miller's generator.
  const next = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const held = upTo(4000).filter(() => {
    const interval = medianInterval(upTo(10).map(next));
    return interval !== undefined && interval.low <= 0.5 && interval.high >= 0.5;
  });
  expect(held.length / 4000).toBeGreaterThan(0.95);
});

test('Wilson’s interval of none, of some and of all', () => {
  // 1.96² / (n + 1.96²) with n = 100
  expect(shareInterval(0, 100)).toEqual({ estimate: 0, low: 0, high: expect.closeTo(0.037, 4) });
  expect(shareInterval(10, 100)).toEqual({
    estimate: 0.1,
    low: expect.closeTo(0.0552, 4),
    high: expect.closeTo(0.1744, 4),
  });
  expect(shareInterval(100, 100)).toEqual({ estimate: 1, low: expect.closeTo(0.963, 4), high: 1 });
});

test.each([
  [1, 2, 3, 4, false],
  [1, 3, 3, 4, true],
  [1, 9, 3, 4, true],
  [5, 6, 3, 4, false],
])('%d to %d and %d to %d overlap: %s', (low, high, otherLow, otherHigh, overlaps) => {
  const a = { estimate: low, low, high };
  const b = { estimate: otherLow, low: otherLow, high: otherHigh };
  expect([overlap(a, b), overlap(b, a)]).toEqual([overlaps, overlaps]);
});
