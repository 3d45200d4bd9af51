import { setImmediate as nextTick, setTimeout as sleep } from 'node:timers/promises';
import { DeadlineExceededError, withDeadline } from '../deadline';
import { type RecommenderModel, type ScoringRequest, UnservableModelError } from '../recommender-model';

/** Runs that the percentiles are taken over: of fewer, the 99th would be the slowest. */
const WINDOW = 100;

export interface WarmUpOptions {
  /** Requests of lately; made-up ones of the popular items when there are none. */
  readonly samples: readonly ScoringRequest[];
  /** Requests in a run at most. */
  readonly batchSize: number;
  /** Milliseconds that the 99th percentile may have. */
  readonly targetMs: number;
  /** Seconds after which it is over, whether the target is met or not; the run under way is waited for. */
  readonly seconds: number;
  /** Seconds that one run may take. */
  readonly hungRunSeconds: number;
  /** Whether requests are being answered meanwhile: it then takes half the time of a core at most. */
  readonly beside: boolean;
  /** Ends it early; it then throws an AbortError. */
  readonly signal: AbortSignal;
}

/** How fast a model ran before it was let at requests. */
export interface WarmUpFigures {
  readonly met: boolean;
  readonly targetMs: number;
  /** Nearest-rank percentiles of the last {@link WINDOW} runs, or of all when the time was over before. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly runs: number;
  /** Requests of lately among those that were run. */
  readonly sampledRequests: number;
  readonly seconds: number;
}

/**
 * Runs a model by the requests it will have, in batches of 1, 2, 4 … up to the largest, until its 99th percentile is
 * within the target or the time is over.
 *
 * @throws UnservableModelError when a run doesn't end
 * @throws Error when a run fails
 */
export async function warmUp(model: RecommenderModel, options: WarmUpOptions): Promise<WarmUpFigures> {
  const { samples, batchSize, targetMs, hungRunSeconds, beside, signal } = options;
  const requests = samples.length > 0 ? samples : madeUp(model);
  const sizes = batchSizes(batchSize);
  const started = performance.now();
  const end = started + options.seconds * 1000;
  const times: number[] = [];
  let runs = 0;
  let next = 0;
  let met = false;
  for (let now = started; !met && now < end; now = performance.now()) {
    const size = sizes[runs++ % sizes.length] as number;
    const batch = Array.from({ length: size }, () => requests[next++ % requests.length] as ScoringRequest);
    const began = performance.now();
    await withDeadline(model.run(batch), began + hungRunSeconds * 1000).catch((error) => {
      if (!(error instanceof DeadlineExceededError)) throw error;
      throw new UnservableModelError(`a run of the warm-up did not end within ${hungRunSeconds} s`);
    });
    const ms = performance.now() - began;
    times.push(ms);
    if (times.length > WINDOW) times.shift();
    met = times.length === WINDOW && percentile(times, 0.99) <= targetMs;
    // Also without company, so that the event loop turns.
    await (beside ? sleep(Math.max(1, ms), undefined, { signal }) : nextTick(undefined, { signal }));
  }
  return {
    met,
    targetMs,
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
    runs,
    sampledRequests: Math.min(samples.length, next),
    seconds: (performance.now() - started) / 1000,
  };
}

function batchSizes(largest: number): number[] {
  const sizes: number[] = [];
  for (let size = 1; size < largest; size *= 2) sizes.push(size);
  return [...sizes, largest];
}

/** Histories of the popular items, of several lengths, with reasons and without. */
function madeUp({ popular }: RecommenderModel): ScoringRequest[] {
  return [1, 5, 20, 50].flatMap((length) => {
    const found = popular.slice(0, length).map(({ index }) => index);
    const items = found.length > 0 ? found : [0];
    const request = { items, weights: items.map(() => 1), excluded: items, limit: 20 };
    return [false, true].map((explain) => ({ ...request, explain }));
  });
}

/** The nearest-rank percentile, to a microsecond. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round((sorted[Math.ceil(share * sorted.length) - 1] as number) * 1000) / 1000;
}
