import type { CheckResult } from '../../../bench/reliability/bars';
import { table } from '../../../bench/reliability/report';

/** The bars that were not kept, after all that was found has been printed. */
export function brokenBars(result: CheckResult, isHeld: (what: string) => boolean = () => true): string[] {
  console.log(`${result.conditions}, ${result.seconds.toFixed(0)} s\n${table([result])}`);
  return result.bars
    .filter(({ kept, what }) => !kept && isHeld(what))
    .map(({ what, required, measured }) => `${what}: ${measured}, required ${required}`);
}
