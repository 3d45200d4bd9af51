import type { Interactions } from './interactions';
import { historyOf, purchasesBefore } from './purchases';

/** One line of a bulk load of customers' histories into a model server's user state. */
export interface CustomerHistory {
  user: string;
  /** Distinct items with the time of the last purchase, ISO 8601, oldest first. */
  events: { item: string; at: string }[];
}

/** What each customer has bought, customer by customer. */
export function* histories(interactions: Interactions): Generator<CustomerHistory> {
  const purchases = purchasesBefore(interactions);
  for (const [row, user] of purchases.customers.entries()) {
    const { items, times } = historyOf(purchases, row);
    const order = [...items.keys()].sort((a, b) => (times[a] as number) - (times[b] as number) || a - b);
    const events = order.map((position) => ({
      item: purchases.items[items[position] as number] as string,
      at: new Date(times[position] as number).toISOString(),
    }));
    yield { user, events };
  }
}
