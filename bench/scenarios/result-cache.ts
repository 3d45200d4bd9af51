import type { Bench } from '../bench';
import { type Measurement, overRounds } from '../figures';
import { compareSettings, ratios, throughput } from './compare-settings';
import { CLOSED_LOOP_CONNECTIONS } from './processor-time';
import { type Settings, unknownSettings } from './settings';

const ON: Settings = { resultCache: 'memory' };
const OFF: Settings = { resultCache: 'none' };

/** What remembered answers gain where each of 200 customers asks again and again: the most that a cache can gain. */
export async function measureResultCache(bench: Bench): Promise<Measurement> {
  const missing = unknownSettings(ON, OFF);
  if (missing.length > 0) return { figures: [], missing: `the server has no setting ${missing.join(', ')}` };
  const variants = [
    { name: 'without the cache', settings: OFF },
    { name: 'with the cache', settings: ON },
  ];
  const [off = [], on = []] = await compareSettings(bench, variants, { connections: CLOSED_LOOP_CONNECTIONS });
  return {
    figures: [
      {
        id: 'result-cache.gain',
        title: 'throughput with the cache over throughput without',
        unit: '×',
        ...overRounds(ratios(off, on, throughput)),
        better: 'higher',
      },
    ],
  };
}
