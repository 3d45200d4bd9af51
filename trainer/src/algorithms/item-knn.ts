import type { Purchases } from '../data/purchases';
import { topK } from '../top-k';
import type { Algorithm } from './algorithm';
import { gramLower } from './gram';
import { LinearModel } from './linear-model';

/**
 * Item-based nearest neighbours (Sarwar et al., *Item-based collaborative filtering recommendation algorithms*, WWW 2001)
 * with cosine similarity: an item scores the sum of its similarities to the items of the history, of which only its
 * nearest neighbours count. Of equally similar items, those of lower index are nearer.
 */
export class ItemKnn implements Algorithm {
  readonly name = 'item-knn';

  /** @param neighbours how many items count for each item */
  constructor(private readonly neighbours = 100) {}

  get parameters(): Algorithm['parameters'] {
    return { neighbours: this.neighbours };
  }

  async fit(purchases: Purchases): Promise<LinearModel> {
    const n = purchases.items.length;
    const gram = gramLower(purchases);
    const norms = Float64Array.from({ length: n }, (_, i) => Math.sqrt(gram[i * n + i] as number));
    const weights = new Float32Array(n * n);
    const similarity = new Float64Array(n);
    for (let j = 0; j < n; j++) {
      for (let i = 0; i < n; i++) {
        const together = i > j ? gram[i * n + j] : gram[j * n + i];
        similarity[i] = i === j ? 0 : (together as number) / ((norms[i] as number) * (norms[j] as number));
      }
      for (const i of topK(similarity, this.neighbours)) weights[i * n + j] = similarity[i] as number;
    }
    return new LinearModel(n, weights, { kind: 'binary' });
  }
}
