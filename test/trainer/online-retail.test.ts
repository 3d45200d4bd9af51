import type { Comparison } from '@cdktf-recommender/trainer';
import { runSource } from '../model-registry/source-process';
import { JITI_ALIAS } from './sources';

let comparison: Comparison;
beforeAll(async () => {
  const { stdout, stderr } = await runSource('test/trainer/online-retail-process.ts', ['compare'], { JITI_ALIAS });
  if (!stdout.startsWith('{')) throw new Error(`the comparison failed: ${stderr}`);
  comparison = JSON.parse(stdout);
}, 120_000);

const algorithm = (title: string) => {
  const found = comparison.algorithms.find((one) => one.title === title);
  if (!found) throw new Error(`${title} was not compared`);
  return found;
};
const ndcg = (title: string): number => algorithm(title).metrics['ndcg@20']?.value ?? Number.NaN;

it('keeps 396,337 of 541,909 lines, each other line with one reason', () => {
  expect(comparison.account).toEqual({
    lines: 541_909,
    kept: 396_337,
    dropped: {
      unknownCustomer: 135_080,
      cancellation: 8_905,
      nonPositiveQuantity: 0,
      nonPositivePrice: 40,
      notAProduct: 1_547,
    },
    malformed: { count: 0, first: [] },
    customers: 4_334,
    items: 3_659,
    from: '2010-12-01T08:26:00',
    to: '2011-12-09T12:50:00',
  });
});

it('asks about 1,753 customers', () => {
  expect(comparison.algorithms.map(({ customers }) => customers)).toEqual([1753, 1753, 1753, 1753, 1753]);
});

it.each([
  ['popularity, 28 days', 0.081],
  ['EASE, binary', 0.111],
])('%s has an NDCG@20 of %d, as an independent implementation has', (title, expected) => {
  expect(Math.abs(ndcg(title) - expected)).toBeLessThan(0.002);
});

it('has a default model of NDCG@20 0.115 or more, above unweighted EASE on both halves of the customers', () => {
  expect(ndcg('EASE, recency-weighted')).toBeGreaterThanOrEqual(0.115);
  const weighted = algorithm('EASE, recency-weighted').ndcgByHalf;
  const binary = algorithm('EASE, binary').ndcgByHalf;
  expect(weighted[0]).toBeGreaterThan(binary[0]);
  expect(weighted[1]).toBeGreaterThan(binary[1]);
});
