import { METRICS } from '@cdktf-recommender/model-server';
import type { Bench } from '../bench';
import { type Measurement, overRounds } from '../figures';
import type { BenchServer } from '../servers';
import { COMPARED_CONNECTIONS, compareSettings, ratios, throughput } from './compare-settings';

/** What remembered answers gain where each of 200 customers asks again and again: the most that a cache can gain. */
export async function measureResultCache(bench: Bench): Promise<Measurement> {
  const hitRates: number[] = [];
  const variants = [
    { name: 'without the cache', settings: { resultCache: 'off' } },
    {
      name: 'with the cache',
      settings: { resultCache: 'memory' },
      afterLoad: async (server: BenchServer) => void hitRates.push(await hitRate(server)),
    },
  ];
  const [off = [], on = []] = await compareSettings(bench, variants, { connections: COMPARED_CONNECTIONS });
  return {
    figures: [
      {
        id: 'result-cache.gain',
        title: 'throughput with the cache over throughput without',
        unit: '×',
        ...overRounds(ratios(off, on, throughput)),
        better: 'higher',
      },
      { id: 'result-cache.hit-rate', title: 'hit rate', unit: '%', ...overRounds(hitRates.map((rate) => rate * 100)) },
    ],
  };
}

/** Share of the lookups that found an answer, 0 to 1, warm-up included. */
async function hitRate({ port }: BenchServer): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  let hits = 0;
  let all = 0;
  for (const [, labels = '', value] of text.matchAll(
    new RegExp(`^${METRICS.resultCacheLookups}\\{(.*)\\} (\\d+)$`, 'gm'),
  )) {
    all += Number(value);
    if (labels.includes('result="hit"')) hits += Number(value);
  }
  return hits / all;
}
