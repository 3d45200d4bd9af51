import { join } from 'node:path';
import { evaluateVersion } from '@cdktf-recommender/trainer';
import { z } from 'zod';
import { METRIC } from './candidate';
import { keysOf, Run, stage } from './stage';

/**
 * Whether a candidate is better than the version that serves, both asked about the same customers and targets. What
 * serves was fitted on purchases of the test period too, if it is newer than the cut; that speaks for it, never for the
 * candidate.
 */
export const compare = stage({
  input: z.strictObject({
    ...Run,
    cut: z.iso.date(),
    ndcg: z.number(),
    version: z.string(),
    champion: z.string().nullable(),
  }),
  run: async ({ runId, cut, ndcg, version, champion }, { bucket, registry, settings }, folder) => {
    if (champion === null) return { better: true, championNdcg: null };
    if (champion === version) return { better: false, championNdcg: ndcg };
    const data = join(folder, 'transactions.csv');
    await bucket.download(keysOf(runId).data, data);
    const { metrics } = await evaluateVersion({ data, cut, version: await registry.fetch(champion) });
    const championNdcg = metrics[METRIC]?.value as number;
    return { better: ndcg > championNdcg + settings.minimumGain, championNdcg };
  },
});
