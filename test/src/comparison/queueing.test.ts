import { mm1Percentile } from '../../../src/comparison/queueing';

test('the 99th percentile is ln 100 over what is free', () => {
  // 4.60517 / (2250 − 500) s
  expect(mm1Percentile({ arrivals: 500, service: 2250 }, 99)).toBeCloseTo(2.6315, 4);
  // ln 2 / (10 − 0) s: nobody waits, and half of the answers take less than the median
  expect(mm1Percentile({ arrivals: 0, service: 10 }, 50)).toBeCloseTo(69.31, 2);
});

test('a queue that gets more than it answers has no bound', () => {
  expect(mm1Percentile({ arrivals: 10, service: 10 }, 99)).toBe(Number.POSITIVE_INFINITY);
});

/** A generator of evenly spread numbers: mulberry32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

test.each([
  [100, 1000],
  [500, 1000],
  [800, 1000],
])('a simulated queue with %d arrivals and %d answers a second agrees', (arrivals, service) => {
  const next = random(arrivals);
  const exponential = (rate: number) => -Math.log(1 - next()) / rate;
  let waiting = 0;
  const times = Array.from({ length: 400_000 }, () => {
    const served = exponential(service);
    const time = waiting + served;
    // Lindley's recursion: the next one waits for what is left of this one when it comes.
    waiting = Math.max(0, time - exponential(arrivals));
    return time * 1000;
  }).sort((a, b) => a - b);
  const simulated = times[Math.ceil(times.length * 0.99) - 1] as number;
  expect(Math.abs(simulated / mm1Percentile({ arrivals, service }, 99) - 1)).toBeLessThan(0.05);
});
