/** Hours of a month, as the clouds' own calculators count. */
export const HOURS_A_MONTH = 730;

/** What a price is for. */
export type PriceUnit =
  | 'hour'
  | 'month'
  | 'GB'
  | 'GiB-month'
  | 'GB-second'
  | 'minute'
  | 'thousand'
  | 'million'
  | 'share of another price'
  | 'one';

/** A list price, with where and when it was read. */
export interface Price {
  /** `aws/nat-gateway`: the cloud, then what is bought. A user's own price with the same id replaces it. */
  readonly id: string;
  /** What is bought: `NAT gateway`. */
  readonly what: string;
  readonly usd: number;
  readonly per: PriceUnit;
  /** Region whose price it is: `us-east-1`. */
  readonly region: string;
  /** Page of whoever takes the money. */
  readonly publisher: string;
  /** Where it was read, which is another's page where the publisher's shows its prices by a script. */
  readonly source: string;
  /** Month in which it was read, or as of which it was noted: `2026-11`. */
  readonly checked: string;
  /** Whether a source gives this figure. False for what is remembered, and for what no page could be read about. */
  readonly confirmed: boolean;
}

/** Prices that a user pays, in USD, by the id of what each replaces, or of something that has no price in the list. */
export type OwnPrices = Readonly<Record<string, number>>;

/** How long a price counts as checked. */
export const FRESH_DAYS = 180;

const DAY = 86_400_000;

/** Prices by their ids. */
export class PriceList {
  private readonly byId: ReadonlyMap<string, Price>;

  /** @param own prices of the user's, which win */
  constructor(list: readonly Price[], own: OwnPrices = {}) {
    const prices = new Map(list.map((price) => [price.id, price]));
    for (const [id, usd] of Object.entries(own)) {
      prices.set(id, { what: id, per: 'one', region: 'any', ...prices.get(id), ...OWN, id, usd });
    }
    this.byId = prices;
  }

  find(id: string): Price | undefined {
    return this.byId.get(id);
  }
}

/** Whoever pays a price knows it. */
const OWN = { publisher: 'the config', source: 'the config', checked: '9999-12', confirmed: true } as const;

/** Whether a price hasn't been checked for {@link FRESH_DAYS}, counted from the end of the month it was read in. */
export function isStale({ checked }: Pick<Price, 'checked'>, today: Date): boolean {
  const [year, month] = checked.split('-').map(Number) as [number, number];
  return today.getTime() - Date.UTC(year, month, 1) > FRESH_DAYS * DAY;
}

/** Where prices of one service were read. */
export interface Reading {
  readonly source: string;
  readonly checked: string;
  /** @default true */
  readonly confirmed?: boolean;
}

export type PriceRow = readonly [id: string, what: string, usd: number, per: PriceUnit, reading: Reading];

/** Prices of one region, in a table with a row for each. */
export function pricesOf(region: string, publisher: string, rows: readonly PriceRow[]): Price[] {
  return rows.map(([id, what, usd, per, { source, checked, confirmed = true }]) => ({
    id,
    what,
    usd,
    per,
    region,
    publisher,
    source,
    checked,
    confirmed,
  }));
}
