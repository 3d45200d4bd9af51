import { interrupted } from '../../../bench/reliability/aws/interrupted';
import { brokenBars } from '../reliability/broken-bars';

const MINUTES = 20 * 60_000;
/** Kills it while the 77th resource is made, when there is something of every kind. */
const SEED = 14;

// The full count: npm run verify:full -- --only aws-interrupted
it(
  'aws-prod goes on from a killed apply, once what the state lost is imported, all of which the inventory names',
  async () => {
    expect(brokenBars(await interrupted({ seed: SEED, points: 1, onProgress: console.log }))).toEqual([]);
  },
  MINUTES,
);
