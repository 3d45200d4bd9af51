import { splitAt } from '../../../trainer/src/evaluation/split';
import { dayAt, shop } from '../purchases';

const EVENTS = [
  ['anna', 'a', 1],
  ['anna', 'b', 2],
  ['bert', 'b', 1],
  ['bert', 'c', 9],
  ['anna', 'a', 10], // bought before
  ['anna', 'c', 10],
  ['anna', 'c', 11], // twice, one target
  ['anna', 'd', 11], // unknown at the cut
  ['bert', 'b', 12], // nothing new
  ['cleo', 'a', 12], // unknown at the cut
] as const;

it('trains on what is before the cut and targets what is new after it', () => {
  const { train, customers } = splitAt(shop(EVENTS), dayAt(10));
  expect(train.customers).toEqual(['anna', 'bert']);
  expect(train.items).toEqual(['a', 'b', 'c']);
  expect(customers).toEqual([{ row: 0, targets: Uint32Array.of(2) }]);
  expect(train.lastAt[0]).toBe(dayAt(1));
});

it('ends the test period before `until`', () => {
  // Anna bought b on day 2.
  expect(splitAt(shop(EVENTS), dayAt(1.5), dayAt(2.1)).customers).toEqual([{ row: 0, targets: Uint32Array.of(1) }]);
  expect(() => splitAt(shop(EVENTS), dayAt(1.5), dayAt(2))).toThrow(/leaves no customer/);
});

it('fails when a side of the cut is empty, naming the cut', () => {
  for (const day of [0, 13]) expect(() => splitAt(shop(EVENTS), dayAt(day))).toThrow(/^the cut 2011-01-\d\d leaves no/);
});
