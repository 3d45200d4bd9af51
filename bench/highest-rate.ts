export interface RateSearch {
  /** Whether a server bears a rate, requests a second. */
  readonly holds: (rate: number) => Promise<boolean>;
  /** Where to begin, requests a second. */
  readonly from: number;
  /** Rates are multiples of it. */
  readonly step: number;
  /** Rates tried at most before the best one is confirmed. @default 10 */
  readonly tries?: number;
}

type Climb = Pick<RateSearch, 'holds' | 'from' | 'step'>;

/** While no bound is known, a search goes up or down by this. */
const STRIDE = 1.2;

/**
 * The highest rate that a server bears: by strides until one rate holds and one doesn't, then by halves, and confirmed
 * once more; a rate that isn't confirmed gives way to the one a step below.
 *
 * @returns requests a second; 0 when not even one step holds
 */
export async function highestRate({ holds, from, step, tries = 10 }: RateSearch): Promise<number> {
  let good = 0;
  let bad = Number.POSITIVE_INFINITY;
  let at = Math.max(1, Math.round(from / step));
  for (let tried = 0; tried < tries && bad - good > 1; tried++) {
    if (await holds(at * step)) good = at;
    else bad = at;
    if (bad === Number.POSITIVE_INFINITY) at = Math.max(good + 1, Math.round(good * STRIDE));
    else if (good === 0) at = Math.min(bad - 1, Math.round(bad / STRIDE));
    else at = Math.floor((good + bad) / 2);
    if (at < 1) break;
  }
  return confirmed({ holds, from: 0, step }, good * step);
}

/**
 * Steps up from a rate that a server bore, as far as it bears more now; what it then bears twice counts.
 *
 * @returns requests a second; `from` when it bears no more
 */
export async function climb({ holds, from, step }: Climb): Promise<number> {
  let rate = from;
  while (await holds(rate + step)) rate += step;
  return confirmed({ holds, from, step }, rate);
}

/** The highest rate, from this one down, that holds once more; `from`, which is not tried, when none does. */
async function confirmed({ holds, from, step }: Climb, highest: number): Promise<number> {
  let rate = highest;
  while (rate > from && !(await holds(rate))) rate -= step;
  return rate;
}
