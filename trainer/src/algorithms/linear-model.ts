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

  score({ items, times }: History): Float64Array {
    const scores = new Float64Array(this.size);
    const inputs = historyWeights(times, this.weighting);
    items.forEach((item, position) => {
      const weight = inputs[position] as number;
      const start = item * this.size;
      for (let j = 0; j < this.size; j++) {
        scores[j] = (scores[j] as number) + weight * (this.weights[start + j] as number);
      }
    });
    return scores;
  }
}
