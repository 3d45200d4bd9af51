import { join } from 'node:path';
import { DirectoryObjectStore, ModelRegistry } from '@cdktf-recommender/model-registry';
import { Histories, ModelCache, RecommenderModel } from '@cdktf-recommender/model-server';
import { z } from 'zod';
import { historyLines } from '../scoring/history-lines';
import { getCandidate } from './candidate';
import { keysOf, Run, stage } from './stage';

/** Requests that are timed, and those before them, in which the runtime gets going. */
const REQUESTS = 400;
const WARM_UP = 50;

/** How long the candidate takes to answer a customer, as the server would load and ask it. */
export const measure = stage({
  input: z.strictObject({ ...Run, prefix: z.string() }),
  run: async ({ runId, prefix }, { bucket, settings, logger }, folder) => {
    const candidate = await getCandidate(bucket, prefix);
    const registry = new ModelRegistry(new DirectoryObjectStore(folder), candidate.manifest.model);
    const version = await registry.register(candidate);
    const cache = new ModelCache({ directory: join(folder, 'cache'), bytes: 0, logger });
    const model = await cache.load(registry, version, (files) => RecommenderModel.load(files));
    try {
      const times = await timesOf(model, await bucket.stream(keysOf(runId).histories));
      const p99Ms = quantile(times.slice(WARM_UP), 0.99);
      return { fast: p99Ms <= settings.latencyMs, p99Ms };
    } finally {
      await model.close();
    }
  },
});

/** Milliseconds of one request after another, over and over again if there are few customers. */
async function timesOf(model: RecommenderModel, stream: AsyncIterable<Uint8Array>): Promise<number[]> {
  const histories = new Histories();
  const requests = [];
  for await (const { customer } of historyLines(stream)) {
    const history = customer && histories.ofUser(model, customer);
    if (history && history.items.length > 0)
      requests.push({ ...history, excluded: history.items, limit: 20, explain: false });
    if (requests.length === REQUESTS) break;
  }
  const times: number[] = [];
  for (let turn = 0; requests.length > 0 && turn < WARM_UP + REQUESTS; turn++) {
    const start = performance.now();
    await model.run([requests[turn % requests.length] as (typeof requests)[number]]);
    times.push(performance.now() - start);
  }
  return times;
}

/** The smallest of the values that as many are at or below. */
function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? Number.POSITIVE_INFINITY;
}
