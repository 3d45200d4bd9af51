import { Ease, type EaseSettings } from '../../../trainer/src/algorithms/ease';
import { historyOf } from '../../../trainer/src/data/purchases';
import { purchases } from '../purchases';

const binary = { kind: 'binary' } as const;

// a was bought by 2 customers, b by 2, both by 1: XᵀX = [[2, 1], [1, 2]].
const TWO_ITEMS = [
  ['anna', 'a', 0],
  ['anna', 'b', 0],
  ['bert', 'a', 0],
  ['cleo', 'b', 0],
] as const;

it('solves two items as worked out by hand', async () => {
  // P = inverse of [[3, 1], [1, 3]] = [[3, −1], [−1, 3]] / 8, so B[a, b] = −(−1/8) / (3/8) = 1/3.
  const { weights } = await new Ease({ lambda: 1, weighting: binary }).fit(purchases(TWO_ITEMS, 1));
  expect([...weights]).toEqual([0, Math.fround(1 / 3), Math.fround(1 / 3), 0]);
});

it('counts a purchase half after one training half-life', async () => {
  // All purchases are one half-life old: XᵀX is a quarter of the above, so λ = 1/4 gives the same B.
  const { weights } = await new Ease({ lambda: 0.25, trainingHalfLifeDays: 10, weighting: binary }).fit(
    purchases(TWO_ITEMS, 10),
  );
  expect(weights[1]).toBeCloseTo(1 / 3, 6);
});

it("scales an item's column by its trend", async () => {
  const settings: EaseSettings = { lambda: 1, weighting: binary };
  const sales = [...TWO_ITEMS, ['dora', 'b', 50], ['emil', 'b', 50]] as const;
  const plain = await new Ease(settings).fit(purchases(sales, 60));
  const scaled = await new Ease({ ...settings, trend: { windowDays: 28, exponent: 0.5 } }).fit(purchases(sales, 60));
  // Buyers plus one: ever a 3, b 5 of 8; in the window a 1, b 3 of 4.
  expect((scaled.weights[1] ?? 0) / (plain.weights[1] ?? 0)).toBeCloseTo(Math.sqrt(3 / 4 / (5 / 8)), 6);
  expect((scaled.weights[2] ?? 0) / (plain.weights[2] ?? 0)).toBeCloseTo(Math.sqrt(1 / 4 / (3 / 8)), 6);
});

it('adds up what each item of the history contributes, by its weight', async () => {
  const bought = purchases(
    [...TWO_ITEMS, ['anna', 'c', 5], ['dora', 'a', 0], ['dora', 'c', 5], ['emil', 'b', 3], ['emil', 'c', 3]],
    6,
  );
  const model = await new Ease({
    lambda: 1,
    weighting: { kind: 'exponential', halfLifeDays: 5 },
  }).fit(bought);
  // Dora bought a five days, one half-life, before c.
  const dora = historyOf(bought, bought.customers.indexOf('dora'));
  const [a, b, c] = [0, 1, 2];
  const expected = 0.5 * (model.weights[a * 3 + b] as number) + 1 * (model.weights[c * 3 + b] as number);
  expect(model.score(dora)[b]).toBeCloseTo(expected, 12);
});

it('fails when λ is too small for the Gram matrix, naming λ, pivot and item', async () => {
  // Two items that the same customers bought make the matrix singular.
  const twins = purchases(TWO_ITEMS.slice(0, 2), 1);
  await expect(new Ease({ lambda: 0, weighting: binary }).fit(twins)).rejects.toThrow(
    /^EASE: with λ = 0 the Gram matrix is not positive definite .*: pivot 1 \(item b\) is 0, not above .*; raise λ$/,
  );
  const raised = await new Ease({ lambda: 1e-3, weighting: binary }).fit(twins);
  expect([...raised.weights].every(Number.isFinite)).toBe(true);
});

it.each([
  ['lambda', { lambda: -1 }],
  ['lambda', { lambda: Number.NaN }],
  ['trainingHalfLifeDays', { trainingHalfLifeDays: 0 }],
  ['trend.windowDays', { trend: { windowDays: 0, exponent: 1 } }],
  ['trend.exponent', { trend: { windowDays: 28, exponent: -1 } }],
])('refuses a %s out of range', (setting, change) => {
  expect(() => new Ease({ lambda: 1, weighting: binary, ...change })).toThrow(`EASE: ${setting} is `);
});
