import { join } from 'node:path';
import { versionOf } from '@cdktf-recommender/model-registry';
import { train as trainModel } from '@cdktf-recommender/trainer';
import { z } from 'zod';
import { METRIC, putCandidate } from './candidate';
import { keysOf, Run, stage } from './stage';

const Days = z.number().positive();

const Settings = z.strictObject({
  lambda: z.number(),
  trainingHalfLifeDays: Days.optional(),
  trend: z.strictObject({ windowDays: Days, exponent: z.number() }).optional(),
  weighting: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('binary') }),
    z.strictObject({ kind: z.literal('exponential'), halfLifeDays: Days }),
  ]),
});

/** Trains a model with the candidate's settings and measures it; one of several at a time. */
export const train = stage({
  input: z.strictObject({
    ...Run,
    cut: z.iso.date(),
    candidate: z.strictObject({ name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/), settings: Settings }),
  }),
  run: async ({ runId, cut, candidate: { name, settings } }, { bucket, settings: { model }, logger }, folder) => {
    const keys = keysOf(runId);
    // The name is in the manifest, and so is part of the version: it is the same in each run.
    const data = join(folder, 'transactions.csv');
    await bucket.download(keys.data, data);
    const { draft, run, seconds, peakRssBytes } = await trainModel({ data, model, cut, settings });
    await putCandidate(bucket, keys.candidate(name), { ...draft, run });
    const ndcg = draft.manifest.metrics[METRIC]?.value;
    logger.info({ runId, candidate: name, ndcg, seconds, peakRssBytes }, 'a candidate is trained');
    return { name, trained: true, ndcg, version: versionOf(draft.manifest) };
  },
});
