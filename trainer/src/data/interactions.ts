/**
 * Cleaned events in columns: event `e` is customer `customers[customer[e]]` buying item `items[item[e]]` at `time[e]`.
 * Ids are in code-unit order, events by customer, then time, then item, so that the order of the file doesn't matter.
 */
export interface Interactions {
  readonly customers: readonly string[];
  readonly items: readonly string[];
  /** Display name of each item. */
  readonly names: readonly string[];
  readonly customer: Uint32Array;
  readonly item: Uint32Array;
  /** Epoch milliseconds. */
  readonly time: Float64Array;
}

/** Collects events in any order. */
export class InteractionsBuilder {
  private readonly customers = new Interner();
  private readonly items = new Interner();
  private readonly customer: number[] = [];
  private readonly item: number[] = [];
  private readonly time: number[] = [];

  add(customer: string, item: string, time: number): void {
    this.customer.push(this.customers.intern(customer));
    this.item.push(this.items.intern(item));
    this.time.push(time);
  }

  /** @param name gives an item's display name by its id */
  build(name: (item: string) => string): Interactions {
    const customers = this.customers.sorted();
    const items = this.items.sorted();
    const customer = this.customer.map((id) => customers.rank[id] as number);
    const item = this.item.map((id) => items.rank[id] as number);
    const order = Uint32Array.from(customer, (_, event) => event).sort(
      (a, b) =>
        (customer[a] as number) - (customer[b] as number) ||
        (this.time[a] as number) - (this.time[b] as number) ||
        (item[a] as number) - (item[b] as number),
    );
    return {
      customers: customers.ids,
      items: items.ids,
      names: items.ids.map(name),
      customer: order.map((event) => customer[event] as number),
      item: order.map((event) => item[event] as number),
      time: Float64Array.from(order, (event) => this.time[event] as number),
    };
  }
}

/** Gives ids a number in order of appearance. */
class Interner {
  private readonly numbers = new Map<string, number>();

  intern(id: string): number {
    let number = this.numbers.get(id);
    if (number === undefined) {
      number = this.numbers.size;
      this.numbers.set(id, number);
    }
    return number;
  }

  /** The ids in code-unit order, and each number's rank in it. */
  sorted(): { ids: string[]; rank: Uint32Array } {
    const ids = [...this.numbers.keys()].sort();
    const rank = new Uint32Array(ids.length);
    ids.forEach((id, position) => {
      rank[this.numbers.get(id) as number] = position;
    });
    return { ids, rank };
  }
}
