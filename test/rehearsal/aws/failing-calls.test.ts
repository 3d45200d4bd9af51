import { faults } from '../../../bench/reliability/aws/faults';
import { brokenBars } from '../reliability/broken-bars';
import { seed } from '../reliability/seed';

const MINUTES = 20 * 60_000;

// The full count: npm run verify:full -- --only aws-faults
it(
  'aws-prod is deployed and destroyed although one call in twenty fails',
  async () => {
    expect(brokenBars(await faults({ seed, rounds: 1, onProgress: console.log }))).toEqual([]);
  },
  MINUTES,
);
