import { killedReplicas } from '../../../bench/reliability/killed-replicas';
import { rollingRestarts } from '../../../bench/reliability/rolling';
import { brokenBars } from './broken-bars';
import { testWith } from './can-have';
import { seed } from './seed';

const testWithHaproxy = testWith('haproxy');

testWithHaproxy(
  'no request of 50,000 fails while replicas restart and models are swapped',
  async () => {
    expect(brokenBars(await rollingRestarts({ requests: 50_000, rate: 1250, rounds: 4, seed }))).toEqual([]);
  },
  180_000,
);

testWithHaproxy(
  'with one retry, 99.99 % are answered while a replica is killed every 5 s',
  async () => {
    expect(brokenBars(await killedReplicas({ seconds: 30, rate: 500, seed }))).toEqual([]);
  },
  180_000,
);
