import { locking } from '../../../bench/reliability/aws/locking';
import { brokenBars } from '../reliability/broken-bars';

const MINUTES = 30 * 60_000;

// The full count: npm run verify:full -- --only aws-locking
it(
  'aws-prod is changed by one of two who apply at once',
  async () => {
    expect(brokenBars(await locking({ rounds: 2, onProgress: console.log }))).toEqual([]);
  },
  MINUTES,
);
