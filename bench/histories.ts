import { join } from 'node:path';
import { histories as purchaseHistories, readDataset } from '@cdktf-recommender/trainer';
import { ROOT } from './repository';

/** Items of the benchmark's model. */
export const ITEMS = 4000;

/**
 * What the customers bought: `short`, 200 customers with 5 to 40 items; `many`, 10,000 such customers, as many as
 * connections, so that histories come and go in the server's memory; `real`, 200 customers with as many items as the
 * customers of the shipped data have.
 */
export const HISTORY_KINDS = ['short', 'many', 'real'] as const;
export type HistoryKind = (typeof HISTORY_KINDS)[number];

/** Distinct items of each customer, low ones more often, as popular items are. The same at every call. */
export async function histories(kind: HistoryKind): Promise<string[][]> {
  const random = generator(1);
  const lengths =
    kind === 'real'
      ? quantiles(await shippedLengths(), 200)
      : Array.from({ length: kind === 'many' ? 10_000 : 200 }, () => 5 + Math.floor(random() * 36));
  return lengths.map((length) => {
    const items = new Set<string>();
    while (items.size < Math.min(length, ITEMS)) items.add(`item-${Math.floor(random() ** 3 * ITEMS)}`);
    return [...items];
  });
}

/** Distinct items that each customer of the shipped data bought. */
async function shippedLengths(): Promise<number[]> {
  const { interactions } = await readDataset(join(ROOT, 'data/online-retail.csv.gz'));
  return Array.from(purchaseHistories(interactions), ({ events }) => events.length);
}

/** As many values, evenly spread over the distribution, in an order that doesn't grow. */
function quantiles(values: readonly number[], count: number): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const picked = Array.from(
    { length: count },
    (_, i) => sorted[Math.floor(((i + 0.5) * sorted.length) / count)] as number,
  );
  // 7 and 200 have no common divisor: every value comes once.
  return picked.map((_, i) => picked[(i * 7) % count] as number);
}

/** A linear congruential generator with the constants of Numerical Recipes: 0 ≤ value < 1. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
