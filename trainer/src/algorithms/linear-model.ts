import { historyWeights, type Weighting } from '@cdktf-recommender/model-registry';
import type { History } from '../data/purchases';
import type { Scorer } from './algorithm';

/** A score is the sum of what each item of the history contributes: score[j] = Σᵢ weight[i] · weights[i, j]. */
export class LinearModel implements Scorer {
  /**
   * @param size number of items
   * @param weights row-major size × size: row = item of the history, column = item scored
   * @param weighting how a history becomes the input; the server does the same
   */
  constructor(
    readonly size: number,
    readonly weights: Float32Array,
    readonly weighting: Weighting,
  ) {}

  score(history: History): Float64Array {
    const { size, weights } = this;
    const { items } = history;
    const scores = new Float64Array(size);
    const inputs = this.inputs(history);
    for (let position = 0; position < items.length; position++) {
      const input = inputs[position] as number;
      const start = (items[position] as number) * size;
      for (let j = 0; j < size; j++) {
        scores[j] = (scores[j] as number) + input * (weights[start + j] as number);
      }
    }
    return scores;
  }

  /** How much each item of a history counts. */
  protected inputs({ times }: History): ArrayLike<number> {
    return historyWeights(times, this.weighting);
  }
}
