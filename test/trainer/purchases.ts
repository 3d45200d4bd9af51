import { InteractionsBuilder } from '../../trainer/src/data/interactions';
import { type Purchases, purchasesBefore } from '../../trainer/src/data/purchases';

const DAY_MS = 86_400_000;

/** Purchases of a small shop; each event is `[customer, item, day]`, days counting from 2011-01-01. */
export function shop(events: readonly (readonly [string, string, number])[]) {
  const builder = new InteractionsBuilder();
  for (const [customer, item, day] of events) builder.add(customer, item, dayAt(day));
  return builder.build((item) => item);
}

/** Everything bought before a day. */
export function purchases(events: readonly (readonly [string, string, number])[], beforeDay: number): Purchases {
  return purchasesBefore(shop(events), dayAt(beforeDay));
}

export function dayAt(day: number): number {
  return Date.UTC(2011, 0, 1) + day * DAY_MS;
}
