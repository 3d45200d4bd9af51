import { faults } from '../../../bench/reliability/aws/faults';
import { brokenBars } from '../reliability/broken-bars';
import { seed } from '../reliability/seed';
import { openArea } from './rehearsed-area';

const MINUTES = 10 * 60_000;
const NAME = 'cluster-alone';

const subject = {
  name: NAME,
  open: async () => {
    const stack = await openArea(NAME);
    return { stack, close: () => stack.stop() };
  },
};

// The full count, of aws-prod: npm run verify:full -- --only aws-faults
it(
  'a cluster is deployed and destroyed although one call in twenty fails',
  async () => {
    expect(brokenBars(await faults({ seed, rounds: 1, subject, onProgress: console.log }))).toEqual([]);
  },
  MINUTES,
);
