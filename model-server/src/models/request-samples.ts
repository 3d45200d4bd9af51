import type { RecommenderModel, ScoringRequest } from '../recommender-model';

/** Enough for a 99th percentile over a few batches of each size. */
const KEPT = 256;
/** Once that many are kept, every 16th run replaces one. */
const EVERY = 16;

/**
 * Some of the requests that a model scored lately: item indices, weights and limits, nothing of who asked. They are
 * replayed on the version that is to take the model's place.
 */
export class RequestSamples {
  private readonly kept: ScoringRequest[] = [];
  private runs = 0;

  /** Called once a run. */
  offer(requests: readonly ScoringRequest[]): void {
    const run = this.runs++;
    const full = this.kept.length === KEPT;
    if (full && run % EVERY !== 0) return;
    const sample = copy(requests[run % requests.length] as ScoringRequest);
    if (full) this.kept[(run / EVERY) % KEPT] = sample;
    else this.kept.push(sample);
  }

  /** The samples for another version of the model: the same items where it knows them, by their ids. */
  for(model: RecommenderModel, seen: RecommenderModel): ScoringRequest[] {
    const indexOf = (index: number) => model.indexOf(seen.items[index]?.id ?? '');
    return this.kept.flatMap((sample) => {
      const items: number[] = [];
      const weights: number[] = [];
      for (let i = 0; i < sample.items.length; i++) {
        const index = indexOf(sample.items[i] as number);
        if (index === undefined) continue;
        items.push(index);
        weights.push(sample.weights[i] as number);
      }
      if (items.length === 0) return [];
      const excluded = Array.from(sample.excluded).flatMap((index) => indexOf(index) ?? []);
      return [{ ...sample, items, weights, excluded }];
    });
  }
}

/** A caller may use its arrays again. */
function copy({ items, weights, excluded, limit, explain }: ScoringRequest): ScoringRequest {
  return {
    items: Int32Array.from(items),
    weights: Float32Array.from(weights),
    excluded: Int32Array.from(excluded),
    limit,
    explain,
  };
}
