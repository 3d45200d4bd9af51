import { coverage, novelty, rankingMetrics } from '../../../trainer/src/evaluation/metrics';
import ranx from '../fixtures/ranx-metrics.json';

it('gives the metrics of a small case worked out by hand', () => {
  // Hits at ranks 1 and 3 of 4; three targets.
  const metrics = rankingMetrics([7, 1, 8, 2], new Set([7, 8, 9]), 4);
  const ideal = 1 + 1 / Math.log2(3) + 1 / 2;
  expect(metrics).toEqual({
    ndcg: (1 + 1 / 2) / ideal,
    recall: 2 / 3,
    precision: 2 / 4,
    map: (1 / 1 + 2 / 3) / 3,
    mrr: 1,
    hitRate: 1,
  });
});

it('compares with the ideal of min(k, targets) hits', () => {
  expect(rankingMetrics([1, 2], new Set([1, 2, 3, 4]), 2).ndcg).toBe(1);
  expect(rankingMetrics([1, 2, 3, 4], new Set([1]), 4).ndcg).toBe(1);
});

it('looks at the first k items only, and gives zeros when none is a hit', () => {
  const none = { ndcg: 0, recall: 0, precision: 0, map: 0, mrr: 0, hitRate: 0 };
  expect(rankingMetrics([1, 2, 3], new Set([3]), 2)).toEqual(none);
  expect(rankingMetrics([], new Set([3]), 2)).toEqual(none);
});

it(`agrees with ranx ${ranx.ranx} to 1e-9 on ${ranx.queries.length} random answers`, () => {
  for (const { ranked, targets, metrics } of ranx.queries) {
    const ours = rankingMetrics(ranked, new Set(targets), ranx.k);
    for (const [name, expected] of Object.entries(metrics)) {
      expect(Math.abs(ours[name as keyof typeof ours] - expected)).toBeLessThan(1e-9);
    }
  }
  expect(ranx.queries.length).toBeGreaterThan(50);
});

it('covers the share of items in the answers that count', () => {
  const answers = [{ items: Uint32Array.of(0, 1) }, { items: Uint32Array.of(1, 2) }];
  expect(coverage(answers, Uint32Array.of(0, 1), 4)).toBe(3 / 4);
  expect(coverage(answers, Uint32Array.of(0, 0), 4)).toBe(2 / 4);
});

it('measures novelty in bits', () => {
  // Bought by 1 in 2 and by 1 in 8 customers: (1 + 3) / 2 bits.
  expect(novelty([0, 1], [4, 1], 8)).toBe(2);
});
