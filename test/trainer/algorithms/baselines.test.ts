import { ItemKnn } from '../../../trainer/src/algorithms/item-knn';
import { distinctCustomers, Popularity } from '../../../trainer/src/algorithms/popularity';
import { historyOf } from '../../../trainer/src/data/purchases';
import { purchases } from '../purchases';

const BOUGHT = [
  ['anna', 'a', 0],
  ['anna', 'a', 40],
  ['anna', 'b', 0],
  ['bert', 'a', 0],
  ['bert', 'b', 12],
  ['cleo', 'b', 11],
  ['cleo', 'c', 0],
] as const;

it('counts distinct customers, not purchases', () => {
  expect([...distinctCustomers(purchases(BOUGHT, 41))]).toEqual([2, 3, 1]);
});

it('counts those of a window by their last purchase in it', () => {
  // Day 40 less 28 days is day 12, which is in the window.
  expect([...distinctCustomers(purchases(BOUGHT, 40), 28)]).toEqual([0, 1, 0]);
  expect([...distinctCustomers(purchases(BOUGHT, 41), 28)]).toEqual([1, 0, 0]);
});

it('gives everyone the same popular items', async () => {
  const bought = purchases(BOUGHT, 41);
  const scorer = await new Popularity(28).fit(bought);
  for (const row of bought.customers.keys()) expect([...scorer.score(historyOf(bought, row))]).toEqual([1, 0, 0]);
});

it('sums the cosine similarities of the nearest neighbours', async () => {
  const bought = purchases(BOUGHT, 41);
  const [ab, bc] = [2 / Math.sqrt(2 * 3), 1 / Math.sqrt(3 * 1)];
  const bert = historyOf(bought, 1);
  const all = (await new ItemKnn().fit(bought)).score(bert);
  [ab, ab, bc].forEach((expected, item) => {
    expect(all[item]).toBeCloseTo(expected, 6);
  });
  // b's one nearest neighbour is a; c's is b; a's is b.
  const { weights } = await new ItemKnn(1).fit(bought);
  expect([...weights].map((weight) => weight > 0)).toEqual([
    false,
    true,
    false,
    true,
    false,
    true,
    false,
    false,
    false,
  ]);
});
