import { z } from 'zod';
import { StageError } from '../errors';
import { keysOf, Run, stage } from './stage';

const Trained = z.object({ name: z.string(), trained: z.literal(true), ndcg: z.number(), version: z.string() });
const LeftOut = z.object({ trained: z.literal(false) });

/** Chooses the best of the candidates; of equally good ones the first. */
export const choose = stage({
  input: z.strictObject({ ...Run, candidates: z.array(z.union([Trained, LeftOut])) }),
  run: async ({ runId, candidates }) => {
    const trained = candidates.filter((one) => one.trained);
    const [best] = trained.toSorted((a, b) => b.ndcg - a.ndcg);
    if (!best) throw new StageError('NoCandidate', `none of the ${candidates.length} candidates could be trained`);
    const { name, ndcg, version } = best;
    return { name, ndcg, version, prefix: keysOf(runId).candidate(name) };
  },
});
