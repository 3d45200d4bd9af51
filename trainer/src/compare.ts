import { createHash } from 'node:crypto';
import type { Algorithm } from './algorithms/algorithm';
import { Ease } from './algorithms/ease';
import { ItemKnn } from './algorithms/item-knn';
import { Popularity } from './algorithms/popularity';
import type { CleaningAccount } from './data/cleaning';
import { readDataset } from './data/dataset';
import { mean } from './evaluation/bootstrap';
import { answerAll, type Evaluation, scoresBy, summarize } from './evaluation/evaluate';
import { splitAt, type TemporalSplit } from './evaluation/split';
import { type OnProgress, Steps } from './progress';
import { CUT, DEFAULT_SETTINGS, POPULAR_WINDOW_DAYS, startOfDay } from './protocol';

/** What {@link compareAlgorithms} compares, weakest first; the last is the default model. */
export const COMPARED: Readonly<Record<string, Algorithm>> = {
  popularity: new Popularity(),
  'popularity, 28 days': new Popularity(POPULAR_WINDOW_DAYS),
  'item kNN, cosine': new ItemKnn(),
  'EASE, binary': new Ease({ lambda: 300, weighting: { kind: 'binary' } }),
  'EASE, recency-weighted': new Ease(DEFAULT_SETTINGS),
};

export interface CompareOptions {
  /** Transactions, CSV, plain or gzipped. */
  readonly data: string;
  /** First day of the test period, YYYY-MM-DD. @default "2011-10-01" */
  readonly cut?: string;
}

export interface ComparedAlgorithm extends Evaluation {
  title: string;
  parameters: Algorithm['parameters'];
  /** Mean NDCG@20 of either half of the customers, a fixed one: told by the last bit of the SHA-256 of the id. */
  ndcgByHalf: [number, number];
}

export interface Comparison {
  account: CleaningAccount;
  /** In the order of {@link COMPARED}. */
  algorithms: ComparedAlgorithm[];
}

/** Fits each algorithm before the cut and evaluates it after, all on the same customers. */
export async function compareAlgorithms(options: CompareOptions, onProgress?: OnProgress): Promise<Comparison> {
  const steps = new Steps(onProgress);
  const { interactions, account } = await steps.run('read and clean', () => readDataset(options.data));
  const split = splitAt(interactions, startOfDay(options.cut ?? CUT));
  const halves = split.customers.map(({ row }) => halfOf(split.train.customers[row] as string));
  const algorithms: ComparedAlgorithm[] = [];
  for (const [title, algorithm] of Object.entries(COMPARED)) {
    const evaluation = await steps.run(title, () => evaluateOne(algorithm, split, halves));
    algorithms.push({ title, parameters: algorithm.parameters, ...evaluation });
  }
  return { account, algorithms };
}

async function evaluateOne(algorithm: Algorithm, split: TemporalSplit, halves: readonly number[]) {
  const answers = answerAll(scoresBy(await algorithm.fit(split.train), split), split);
  const ndcgOf = (half: number): number =>
    mean(
      Float64Array.from(
        answers.filter((_, position) => halves[position] === half),
        ({ ndcg }) => ndcg,
      ),
    );
  return { ...summarize(answers, split), ndcgByHalf: [ndcgOf(0), ndcgOf(1)] as [number, number] };
}

function halfOf(customer: string): number {
  return (createHash('sha256').update(customer).digest().at(-1) as number) & 1;
}
