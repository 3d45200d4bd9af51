import { availableParallelism } from 'node:os';
import { overload } from '../../../bench/reliability/overload';
import { brokenBars } from './broken-bars';
import { testWith } from './can-have';
import { seed } from './seed';

/** Rates and latencies are held to their bars on a quiet machine, by npm run verify:full; here they are printed. */
const isHeld = (what: string) => !/p99|recovered|goodput/.test(what);
const testOnTwoCores = availableParallelism() >= 2 ? testWith('a C compiler') : test.skip;

testOnTwoCores(
  'at two and three times the peak every request is answered, or refused with a time to come back',
  async () => {
    const result = await overload({ seconds: 6, probeSeconds: 2, precision: 0.2, seed });
    expect(brokenBars(result, isHeld)).toEqual([]);
  },
  240_000,
);
