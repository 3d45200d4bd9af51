import type { Purchases } from '../data/purchases';
import type { Algorithm, Scorer } from './algorithm';

const DAY_MS = 86_400_000;

/** The same items for everyone: those that most customers bought, in a window of time or ever. */
export class Popularity implements Algorithm {
  readonly name = 'popularity';

  /** @param windowDays count the customers who bought the item in the last so many days; default: ever */
  constructor(private readonly windowDays?: number) {}

  get parameters(): Algorithm['parameters'] {
    return this.windowDays === undefined ? {} : { windowDays: this.windowDays };
  }

  async fit(purchases: Purchases): Promise<Scorer> {
    const scores = Float64Array.from(distinctCustomers(purchases, this.windowDays));
    return { score: () => scores };
  }
}

/**
 * How many distinct customers bought each item, so that neither one wholesaler's quantities nor repeats count.
 *
 * @param windowDays only purchases in the last so many days before `purchases.asOf`; default: all
 */
export function distinctCustomers(purchases: Purchases, windowDays = Number.POSITIVE_INFINITY): Uint32Array {
  const since = purchases.asOf - windowDays * DAY_MS;
  const customers = new Uint32Array(purchases.items.length);
  purchases.item.forEach((item, entry) => {
    if ((purchases.lastAt[entry] as number) >= since) customers[item] = (customers[item] as number) + 1;
  });
  return customers;
}
