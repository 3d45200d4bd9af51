import type { Interactions } from '../data/interactions';
import { type Purchases, purchasesBefore } from '../data/purchases';
import { TrainerError } from '../errors';

/** A customer to be asked about, and what a good answer holds. */
export interface TestCustomer {
  /** Row in the training purchases. */
  readonly row: number;
  /** Items bought in the test period and not before, ascending, as indices of the training purchases. */
  readonly targets: Uint32Array;
}

export interface TemporalSplit {
  readonly train: Purchases;
  readonly customers: readonly TestCustomer[];
}

/**
 * Splits in time: what was bought before the cut trains, what was bought after it tests. Customers are those with
 * purchases before the cut and at least one target; targets are among the items known at the cut.
 *
 * @param cut epoch milliseconds
 * @param until end of the test period, epoch milliseconds, exclusive; default: the end of the data
 * @throws TrainerError when either side of the cut is empty
 */
export function splitAt(interactions: Interactions, cut: number, until = Number.POSITIVE_INFINITY): TemporalSplit {
  const train = purchasesBefore(interactions, cut);
  const rows = new Map(train.customers.map((id, row) => [id, row]));
  const columns = new Map(train.items.map((id, column) => [id, column]));
  const rowOf = interactions.customers.map((id) => rows.get(id));
  const columnOf = interactions.items.map((id) => columns.get(id));

  const bought = new Map<number, Set<number>>();
  interactions.time.forEach((time, event) => {
    const row = rowOf[interactions.customer[event] as number];
    const item = columnOf[interactions.item[event] as number];
    if (time < cut || time >= until || row === undefined || item === undefined) return;
    bought.set(row, (bought.get(row) ?? new Set()).add(item));
  });
  const customers: TestCustomer[] = [];
  for (const row of [...bought.keys()].sort((a, b) => a - b)) {
    const seen = new Set(train.item.subarray(train.offsets[row], train.offsets[row + 1]));
    const targets = Uint32Array.from(bought.get(row) as Set<number>)
      .filter((item) => !seen.has(item))
      .sort();
    if (targets.length > 0) customers.push({ row, targets });
  }
  if (customers.length === 0) {
    throw new TrainerError(
      `the cut ${new Date(cut).toISOString().slice(0, 10)} leaves no customer with purchases before it and new ones ` +
        'after it; choose a cut inside the time of the data',
    );
  }
  return { train, customers };
}
