import { Bootstrap } from '../../../trainer/src/evaluation/bootstrap';

it('puts the 95 % interval of a mean where the normal approximation has it', () => {
  // 0 … 999: standard deviation 288.7, standard error 9.13.
  const { value, low, high } = new Bootstrap(1000).mean(Float64Array.from({ length: 1000 }, (_, i) => i));
  expect(value).toBe(499.5);
  expect(Math.abs(low - (499.5 - 1.96 * 9.13))).toBeLessThan(2);
  expect(Math.abs(high - (499.5 + 1.96 * 9.13))).toBeLessThan(2);
});

it('gives the same interval every time, and none around a constant', () => {
  const values = Float64Array.from({ length: 50 }, (_, i) => Math.sin(i));
  expect(new Bootstrap(50).mean(values)).toEqual(new Bootstrap(50).mean(values));
  expect(new Bootstrap(20).mean(new Float64Array(20).fill(0.25))).toEqual({ value: 0.25, low: 0.25, high: 0.25 });
});

it('keeps a figure of the whole set inside its interval, which plain resamples would fall short of', () => {
  const distinct = (draws: Uint32Array): number => new Set(draws).size;
  const { value, low, high } = new Bootstrap(200).ofSet(distinct);
  expect(value).toBe(200);
  expect(low).toBeLessThan(200);
  expect(high).toBeGreaterThan(200);
  expect(high - low).toBeLessThan(40);
});

it('keeps a figure that one resample in a hundred misses inside its interval', () => {
  let resample = 0;
  const { value, low, high } = new Bootstrap(20).ofSet(() => (resample++ % 100 === 50 ? 0.5 : 1));
  expect(value).toBe(1);
  expect(low).toBeLessThanOrEqual(1);
  expect(high).toBeGreaterThan(1);
});
