import { z } from 'zod';
import { ASSUMPTIONS, type Assumption } from '../cost/usage';
import { object } from './checks';

const amount = z.number().min(0);

const UsageConfig = object(
  Object.fromEntries(
    Object.entries(ASSUMPTIONS).map(([name, [value, what]]) => [name, amount.default(value).describe(what)]),
  ) as { readonly [name in Assumption]: z.ZodDefault<z.ZodNumber> },
).prefault({});

/** `cost`: what the bill that holds the stacks to `budget` is counted with. */
export const CostConfig = object({
  usage: UsageConfig.describe('What a month is assumed to be. Measured values replace these.'),
  prices: z
    .record(z.string(), amount)
    .default({})
    .describe('Prices of your own in USD, by their ids in docs/prices.md; they win over the list prices.'),
}).prefault({});
