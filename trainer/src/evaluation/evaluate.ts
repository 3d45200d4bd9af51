import type { Scorer } from '../algorithms/algorithm';
import { distinctCustomers } from '../algorithms/popularity';
import { historyOf } from '../data/purchases';
import { topK } from '../top-k';
import { Bootstrap, type Interval } from './bootstrap';
import { coverage, novelty, type RankingMetrics, rankingMetrics } from './metrics';
import type { TemporalSplit } from './split';

/** Length of the answers. */
export const K = 20;

export interface Evaluation {
  /** How many were asked about. */
  customers: number;
  /** By name, e.g. `ndcg@20`; with 95 % bootstrap intervals over the customers. */
  metrics: Record<string, Interval>;
}

/** What a scorer answers to one test customer, and how good it is. */
export interface Answer extends RankingMetrics {
  /** Item indices, best first. */
  items: Uint32Array;
}

/**
 * Asks for each test customer's {@link K} best items, without those already bought, and compares them with the targets.
 *
 * @param scoresOf the scores of all items for the test customer at a position of the split
 */
export function answerAll(scoresOf: (position: number) => ArrayLike<number>, split: TemporalSplit): Answer[] {
  return split.customers.map(({ row, targets }, position) => {
    const items = topK(scoresOf(position), K, historyOf(split.train, row).items);
    return { items, ...rankingMetrics(items, new Set(targets), K) };
  });
}

/** Scores of one scorer for the test customer at a position. */
export function scoresBy(scorer: Scorer, { train, customers }: TemporalSplit): (position: number) => Float64Array {
  return (position) => scorer.score(historyOf(train, customers[position]?.row as number));
}

/** Means with intervals over the customers of a split. */
export function summarize(answers: readonly Answer[], { train }: TemporalSplit): Evaluation {
  const buyers = distinctCustomers(train);
  const bootstrap = new Bootstrap(answers.length);
  const over = (of: (answer: Answer) => number): Interval => bootstrap.mean(Float64Array.from(answers, of));
  return {
    customers: answers.length,
    metrics: {
      [`ndcg@${K}`]: over(({ ndcg }) => ndcg),
      [`recall@${K}`]: over(({ recall }) => recall),
      [`precision@${K}`]: over(({ precision }) => precision),
      [`map@${K}`]: over(({ map }) => map),
      [`mrr@${K}`]: over(({ mrr }) => mrr),
      [`hitRate@${K}`]: over(({ hitRate }) => hitRate),
      [`novelty@${K}`]: over(({ items }) => novelty(items, buyers, train.customers.length)),
      [`coverage@${K}`]: bootstrap.ofSet((draws) => coverage(answers, draws, train.items.length)),
    },
  };
}
