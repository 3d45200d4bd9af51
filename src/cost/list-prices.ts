import { AWS_PRICES } from './aws-prices';
import { AZURE_PRICES } from './azure-prices';
import { HOURS_A_MONTH, type Price, PriceList } from './price-list';

/** The list prices of both clouds. */
export const LIST_PRICES: readonly Price[] = [...AWS_PRICES, ...AZURE_PRICES];

export const LISTED = new PriceList(LIST_PRICES);

/** What one of something costs a month at its list price, in dollars: an instance in whole cents, a GiB as it is. */
export function usdPerMonth(id: string): number {
  const price = LISTED.find(id);
  if (!price) throw new Error(`the list has no price ${id}`);
  return price.per === 'hour' ? Math.round(price.usd * HOURS_A_MONTH * 100) / 100 : price.usd;
}
