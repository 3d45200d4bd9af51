import { ItemCatalogue, PopularItems } from '@cdktf-recommender/model-registry';
import { z } from 'zod';
import { getCandidate } from './candidate';
import { keysOf, Run, stage } from './stage';

/** Items that the statistics name. */
const BEST_SELLERS = 100;

/** Publishes the candidate as a version of the registry, and puts what people and later steps read below `output/`. */
export const register = stage({
  input: z.strictObject({
    ...Run,
    prefix: z.string(),
    report: z.looseObject({ better: z.boolean(), fast: z.boolean() }),
  }),
  run: async ({ runId, prefix, report }, { bucket, registry }) => {
    const candidate = await getCandidate(bucket, prefix);
    const { manifest, files, run } = candidate;
    const version = await registry.register(candidate);
    // Repeated, it is the same record, so that a second attempt finds its own.
    await registry.recordRun({ ...run, id: runId, version, by: `retraining ${runId}`, revision: null });

    const keys = keysOf(runId);
    const items = ItemCatalogue.parse(JSON.parse(files['items.json'].toString('utf8')));
    const popular = PopularItems.parse(JSON.parse(files['popular.json'].toString('utf8')));
    const bestSellers = popular.items
      .slice(0, BEST_SELLERS)
      .map(({ index, customers }) => ({ ...items[index], customers }));
    const account = await bucket.json<object>(keys.account);
    await bucket.putJson(keys.output('statistics.json'), { account, windowDays: popular.windowDays, bestSellers });
    await bucket.putJson(keys.output('report.json'), { runId, version, ...report, metrics: manifest.metrics });
    // Last: that it is there starts the batch scoring.
    await bucket.copy(keys.histories, keys.output('histories.jsonl'));
    return { version };
  },
});
