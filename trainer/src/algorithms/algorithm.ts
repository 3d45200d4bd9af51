import type { History, Purchases } from '../data/purchases';

/** A way to learn what to recommend. */
export interface Algorithm {
  /** As in the literature, lower case with hyphens. */
  readonly name: string;
  /** What it was set to, for the manifest. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** @throws TrainerError when its settings don't suit the purchases */
  fit(purchases: Purchases): Promise<Scorer>;
}

/** What an algorithm has learned. */
export interface Scorer {
  /**
   * Scores all items for one customer, seen ones included.
   *
   * @returns one score per item of the purchases that were fitted; higher is better
   */
  score(history: History): Float64Array;
}
