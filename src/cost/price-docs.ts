import { LIST_PRICES } from './list-prices';
import { FRESH_DAYS, HOURS_A_MONTH, type Price } from './price-list';

/** `docs/prices.md`: every list price with its source, from the data that bills are counted with. */
export function pricesPage(): string {
  const ofAzure = (price: Price) => price.id.startsWith('azure/');
  return `<!-- Written from src/cost/ by \`npm run docs\`; a test compares them. -->

# Prices

What bills and the [constructs' pages](constructs/README.md) are counted with: list prices in USD of us-east-1 and East US, a
month of ${HOURS_A_MONTH} hours. The clouds have the last word, on the pages linked by what is bought; most of those show prices by
a script, so the source is what was read, with when. **No** among the sources means that no page could be found to
confirm a price. Left out are taxes and the free tiers of a new account. A price that nobody looked up for ${FRESH_DAYS} days is
warned of; \`cost.prices\` of the [config](config.md) replaces one by its id ([how bills are counted](cost.md)).

An instance of another size costs in proportion: \`aws/ec2/m7g\` is an hour of an m7g.large. A KMS key that rotates costs $1
more after each of its first two rotations; a page counts its first year.

## AWS, and Atlas on it

${table(LIST_PRICES.filter((price) => !ofAzure(price)))}

## Azure

${table(LIST_PRICES.filter(ofAzure))}
`;
}

const HEAD = ['| what | price | a month | id | source |', '|---|---|---|---|---|'];

function table(prices: readonly Price[]): string {
  return [...HEAD, ...prices.map(row)].join('\n');
}

function row({ what, publisher, usd, per, id, source, checked, confirmed }: Price): string {
  const month = per === 'hour' ? `$${(usd * HOURS_A_MONTH).toFixed(2)}` : '';
  const read = source === publisher ? `noted ${checked}` : `[read](${source}) ${checked}`;
  const price = per === 'share of another price' ? `${Math.round(usd * 100)} %` : `$${decimal(usd)} ${UNITS[per]}`;
  return `| [${what}](${publisher}) | ${price} | ${month} | \`${id}\` | ${confirmed ? read : `**no**, ${checked}`} |`;
}

const UNITS: Readonly<Record<Price['per'], string>> = {
  hour: 'an hour',
  month: 'a month',
  GB: 'a GB',
  'GiB-month': 'a GiB and month',
  'GB-second': 'a GB-second',
  minute: 'a minute',
  thousand: 'a thousand',
  million: 'a million',
  'share of another price': '',
  one: 'each',
};

/** Without the exponent that JavaScript gives small numbers. */
const decimal = (usd: number) => usd.toLocaleString('en-US', { maximumFractionDigits: 10, useGrouping: false });
