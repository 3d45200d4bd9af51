import { type Bill, type BillOptions, billOf, dearest } from '../cost/bill';
import { FRESH_DAYS } from '../cost/price-list';
import { savingsOf } from '../cost/savings';
import type { SynthesizedStack } from '../synthesized/synthesized-stack';
import type { Finding, Guard } from './guard';

export interface CostGuardProps extends BillOptions {
  /** What all stacks together may cost, in USD a month. */
  readonly budget: number;
  /**
   * Resource types without a price that are only warned of; one more is an error.
   * @default 5
   */
  readonly maxUnpriced?: number;
}

/** How many constructs a failure names. */
const NAMED = 3;

/** Holds what stacks are expected to cost to a budget, by list prices and what is assumed of a month. */
export class CostGuard implements Guard {
  constructor(private readonly props: CostGuardProps) {}

  check(stacks: readonly SynthesizedStack[]): readonly Finding[] {
    const bill = billOf(stacks, this.props);
    const path = stacks.at(-1)?.name ?? '';
    return [...this.overBudget(bill, path), ...this.unpriced(bill, path), ...stale(bill, path), ...otherRegions(bill)];
  }

  private overBudget(bill: Bill, path: string): Finding[] {
    const { budget } = this.props;
    const { floor, expected, ceiling } = bill.usd;
    if (expected <= budget) return [];
    const named = dearest(bill, NAMED).map((one) => {
      const savings = savingsOf(bill, one.path);
      return `${one.path} ${usd(one.usd.expected)}${savings.length > 0 ? ` (${savings.join('; ')})` : ''}`;
    });
    const message = `${bill.stacks.length > 1 ? 'cost' : 'costs'} ${usd(expected)} a month as expected, ${usd(expected - budget)} over the budget of ${usd(budget)}; at least ${usd(floor)}, at most ${usd(ceiling)}. Dearest: ${named.join(', ')}. Change one of them, or raise the budget.`;
    return [{ severity: 'error', path, message: `${names(bill)} ${message}` }];
  }

  private unpriced({ unpriced }: Bill, path: string): Finding[] {
    const { maxUnpriced = 5 } = this.props;
    const types = [...new Set(unpriced.map(({ type, reason }) => `${type} (${reason})`))].sort();
    if (types.length === 0) return [];
    const isError = types.length > maxUnpriced;
    const message = `${types.length} of its resource types ${types.length === 1 ? 'has' : 'have'} no price and ${types.length === 1 ? 'is' : 'are'} left out of the bill, ${maxUnpriced} may be: ${types.join(', ')}. Give prices of your own, or expect a higher bill.`;
    return [{ severity: isError ? 'error' : 'warning', path, message }];
  }
}

function stale({ stale }: Bill, path: string): Finding[] {
  if (stale.length === 0) return [];
  const prices = stale.map(({ id, checked }) => `${id} (${checked})`).sort();
  const message = `${stale.length} of its prices ${stale.length === 1 ? "hasn't" : "haven't"} been checked for ${FRESH_DAYS} days: ${prices.join(', ')}. Look them up, or give prices of your own.`;
  return [{ severity: 'warning', path, message }];
}

function otherRegions({ otherRegions }: Bill): Finding[] {
  return otherRegions.map(({ stack, region }) => ({
    severity: 'warning',
    path: stack,
    message: `is in ${region}, and is counted with prices of us-east-1. Give prices of your own where they differ.`,
  }));
}

const names = ({ stacks }: Bill) => stacks.map(({ path }) => path).join(' and ');
const usd = (amount: number) => `$${amount.toFixed(2)}`;
