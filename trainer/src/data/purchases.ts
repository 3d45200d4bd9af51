import type { Interactions } from './interactions';

/**
 * What each customer has bought, as a sparse matrix in compressed rows: customer `c` bought the items
 * `item[offsets[c]] … item[offsets[c + 1] - 1]` (ascending, distinct), each last at `lastAt`.
 */
export interface Purchases {
  readonly customers: readonly string[];
  readonly items: readonly string[];
  /** Length customers + 1. */
  readonly offsets: Uint32Array;
  readonly item: Uint32Array;
  /** Epoch milliseconds of the last purchase of this item by this customer. */
  readonly lastAt: Float64Array;
  /** Epoch milliseconds at which this was known: the cut, or just after the newest event. Ages count from here. */
  readonly asOf: number;
}

/** A customer's distinct items and when each was last bought. */
export interface History {
  readonly items: Uint32Array;
  /** Epoch milliseconds. */
  readonly times: Float64Array;
}

/** A view on one customer's row. */
export function historyOf(purchases: Purchases, customer: number): History {
  const from = purchases.offsets[customer] as number;
  const to = purchases.offsets[customer + 1] as number;
  return { items: purchases.item.subarray(from, to), times: purchases.lastAt.subarray(from, to) };
}

/**
 * The purchases before a time, by the customers and among the items that were known by then.
 *
 * @param before epoch milliseconds, exclusive; default: everything, as of the newest event
 */
export function purchasesBefore(interactions: Interactions, before?: number): Purchases {
  const newest = interactions.time.reduce((max, time) => Math.max(max, time), Number.NEGATIVE_INFINITY);
  const limit = before ?? Number.POSITIVE_INFINITY;
  const customers = compact(interactions.customers, interactions.customer, interactions.time, limit);
  const items = compact(interactions.items, interactions.item, interactions.time, limit);

  const offsets = new Uint32Array(customers.ids.length + 1);
  const item: number[] = [];
  const lastAt: number[] = [];
  const lastByItem = new Map<number, number>();
  const closeRow = (row: number): void => {
    for (const index of [...lastByItem.keys()].sort((a, b) => a - b)) {
      item.push(index);
      lastAt.push(lastByItem.get(index) as number);
    }
    offsets[row + 1] = item.length;
    lastByItem.clear();
  };
  let row = -1;
  for (let event = 0; event < interactions.time.length; event++) {
    const time = interactions.time[event] as number;
    if (time >= limit) continue;
    const next = customers.position[interactions.customer[event] as number] as number;
    if (next !== row && row >= 0) closeRow(row);
    row = next;
    // A customer's events are in order of time, so the last one to be set is the newest.
    lastByItem.set(items.position[interactions.item[event] as number] as number, time);
  }
  if (row >= 0) closeRow(row);
  return {
    customers: customers.ids,
    items: items.ids,
    offsets,
    item: Uint32Array.from(item),
    lastAt: Float64Array.from(lastAt),
    asOf: before ?? newest + 1,
  };
}

function compact(
  ids: readonly string[],
  column: Uint32Array,
  time: Float64Array,
  before: number,
): { ids: string[]; position: Int32Array } {
  const position = new Int32Array(ids.length).fill(-1);
  for (let event = 0; event < column.length; event++) {
    if ((time[event] as number) < before) position[column[event] as number] = 0;
  }
  const known = ids.filter((_, index) => position[index] === 0);
  let next = 0;
  position.forEach((value, index) => {
    if (value === 0) position[index] = next++;
  });
  return { ids: known, position };
}
