import { regression } from '../../bench/reliability/soak';

describe("the soak's regression", () => {
  it('finds the slope of a line, and no doubt', () => {
    const points = Array.from({ length: 10 }, (_, i) => ({ x: i, y: 3 + 2 * i }));
    const { slope, halfWidth } = regression(points);
    expect(slope).toBeCloseTo(2, 12);
    expect(halfWidth).toBeCloseTo(0, 6);
  });

  it('doubts a slope that is in the noise', () => {
    // By hand: sxx 10, sxy 2, so 0.2; residuals 3.6 over 3 degrees of freedom.
    const points = [1, 3, 1, 3, 2].map((y, x) => ({ x, y }));
    const { slope, halfWidth } = regression(points);
    expect(slope).toBeCloseTo(0.2, 12);
    expect(halfWidth).toBeCloseTo(1.96 * Math.sqrt(3.6 / 3 / 10), 12);
  });
});
