import { Counter, Gauge, type Registry } from 'prom-client';
import { LABELS, METRICS } from '../metric-names';
import type { ResultCache } from './result-cache';
import type { SharedResults } from './shared-results';

/** Shows a cache's numbers when the metrics are read. */
export function watchResultCache(registry: Registry, cache: ResultCache, results: SharedResults): void {
  const registers = [registry];
  new Counter({
    name: METRICS.resultCacheLookups,
    help: 'Answers looked up in the result cache: hits, misses, and those that another request was about to work out',
    labelNames: [LABELS.result],
    registers,
    collect() {
      this.reset();
      this.inc({ result: 'hit' }, results.hits);
      this.inc({ result: 'miss' }, results.misses);
      this.inc({ result: 'shared' }, results.shared);
    },
  });
  new Gauge({
    name: METRICS.resultCacheEntries,
    help: 'Answers in the memory of this process',
    registers,
    collect() {
      this.set(cache.size.entries);
    },
  });
  new Gauge({
    name: METRICS.resultCacheBytes,
    help: 'Bytes that they take, about',
    registers,
    collect() {
      this.set(cache.size.bytes);
    },
  });
  new Counter({
    name: METRICS.resultCacheEvictions,
    help: 'Answers dropped to stay within the bounds, before their time was over',
    registers,
    collect() {
      this.reset();
      this.inc(cache.size.evictions);
    },
  });
}
