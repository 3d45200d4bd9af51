import { modelSwaps } from '../../../bench/reliability/model-swaps';
import { brokenBars } from './broken-bars';
import { testWith } from './can-have';
import { seed } from './seed';

testWith('a C compiler')(
  'no request fails while a model of 16 MB is swapped 20 times, and its memory comes back',
  async () => {
    expect(brokenBars(await modelSwaps({ seed }))).toEqual([]);
  },
  180_000,
);
