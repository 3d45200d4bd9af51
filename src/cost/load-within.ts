import type { SynthesizedStack } from '../synthesized/synthesized-stack';
import { type BillOptions, billOf } from './bill';

/**
 * The highest mean load that a budget holds, in whole percent of the plan's peak: where what it buys stops.
 * Undefined where even an idle month costs more.
 */
export function loadWithin(
  budget: number,
  stacks: readonly SynthesizedStack[],
  options: BillOptions = {},
): number | undefined {
  const fits = (meanLoadPercent: number) =>
    billOf(stacks, { ...options, usage: { ...options.usage, meanLoadPercent } }).usd.expected <= budget;
  let [holds, fails] = [0, 101];
  if (!fits(holds)) return undefined;
  // A bill never falls as the load grows.
  while (fails - holds > 1) {
    const middle = Math.floor((holds + fails) / 2);
    if (fits(middle)) holds = middle;
    else fails = middle;
  }
  return holds;
}
