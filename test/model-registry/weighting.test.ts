import { historyWeights } from '@cdktf-recommender/model-registry';

const DAY = 86_400_000;
const exponential = { kind: 'exponential', halfLifeDays: 30 } as const;

describe('historyWeights', () => {
  test('binary: every item weighs 1', () => {
    expect(historyWeights([0, 5 * DAY, 400 * DAY], { kind: 'binary' })).toEqual(new Float32Array([1, 1, 1]));
  });

  test('exponential: half after each half-life, counted from the newest event, in the order given', () => {
    const now = 1_320_000_000_000;
    const times = [now - 60 * DAY, now, now - 30 * DAY, now - 15 * DAY];
    expect(historyWeights(times, exponential)).toEqual(new Float32Array([0.25, 1, 0.5, Math.SQRT1_2]));
  });

  test('exponential: an old item weighs little, and never nothing', () => {
    expect(historyWeights([0, 300 * DAY], exponential)).toEqual(new Float32Array([2 ** -10, 1]));
  });

  test('an idle customer keeps the same weights', () => {
    const times = [3 * DAY, 40 * DAY, 41.5 * DAY];
    const later = times.map((time) => time + 365 * DAY);
    expect(historyWeights(later, exponential)).toEqual(historyWeights(times, exponential));
  });

  test('an empty history has no weights', () => {
    expect(historyWeights([], exponential)).toEqual(new Float32Array(0));
  });
});
