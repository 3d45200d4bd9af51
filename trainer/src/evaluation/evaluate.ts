import type { Scorer } from '../algorithms/algorithm';
import { distinctCustomers } from '../algorithms/popularity';
import { historyOf } from '../data/purchases';
import { bootstrapMean, type Interval } from './bootstrap';
import { coverage, novelty, rankingMetrics } from './metrics';
import type { TemporalSplit } from './split';
import { topK } from './top-k';

/** Length of the answers. */
export const K = 20;

const RESAMPLES = 1000;
const SEED = 20111001;

/** One value per customer of the split, in its order. */
export type PerCustomer = Record<(typeof METRICS)[number], Float64Array>;
const METRICS = ['ndcg', 'recall', 'precision', 'map', 'mrr', 'hitRate', 'novelty'] as const;

/** A figure of the whole test, such as coverage, has no interval. */
export type Metric = Interval | { value: number };

export interface Evaluation {
  customers: number;
  /** By name, e.g. `ndcg@20`; with 95 % bootstrap intervals over the customers. */
  metrics: Record<string, Metric>;
}

/**
 * Asks the scorer for each test customer's {@link K} best items, without those already bought, and compares them with
 * the targets.
 */
export function evaluate(scorer: Scorer, split: TemporalSplit): Evaluation {
  const { perCustomer, answers } = answerAll(scorer, split);
  const metrics: Evaluation['metrics'] = {};
  for (const name of METRICS) metrics[`${name}@${K}`] = bootstrapMean(perCustomer[name], RESAMPLES, SEED);
  metrics[`coverage@${K}`] = { value: coverage(answers, split.train.items.length) };
  return { customers: split.customers.length, metrics };
}

/** The metrics of each test customer, for comparisons that need more than means. */
export function evaluatePerCustomer(scorer: Scorer, split: TemporalSplit): PerCustomer {
  return answerAll(scorer, split).perCustomer;
}

function answerAll(scorer: Scorer, { train, customers }: TemporalSplit) {
  const buyers = distinctCustomers(train);
  const perCustomer = Object.fromEntries(
    METRICS.map((name) => [name, new Float64Array(customers.length)]),
  ) as PerCustomer;
  const answers = customers.map(({ row, targets }, position) => {
    const history = historyOf(train, row);
    const answer = topK(scorer.score(history), K, history.items);
    const values = {
      ...rankingMetrics(answer, new Set(targets), K),
      novelty: novelty(answer, buyers, train.customers.length),
    };
    for (const name of METRICS) perCustomer[name][position] = values[name];
    return answer;
  });
  return { perCustomer, answers };
}
