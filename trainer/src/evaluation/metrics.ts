/**
 * Ranking metrics of one customer's answer with binary relevance. All are 0 to 1, higher is better. `ranked` holds
 * distinct items, best first; `targets` at least one item. The conventions are those of ranx 0.3
 * (https://github.com/AmenRa/ranx), to whose numbers a test compares them.
 */
export interface RankingMetrics {
  /** DCG with a log2 discount over the ideal DCG of min(k, targets) hits (Järvelin & Kekäläinen, 2002; linear gain). */
  ndcg: number;
  /** Share of the targets that were found. */
  recall: number;
  /** Hits over k, also when fewer than k items were answered. */
  precision: number;
  /** Mean over all targets (not min(k, targets)) of the precision at each hit. */
  map: number;
  /** 1 / the rank of the first hit, 0 without one. */
  mrr: number;
  /** 1 when anything was hit. */
  hitRate: number;
}

export function rankingMetrics(ranked: ArrayLike<number>, targets: ReadonlySet<number>, k: number): RankingMetrics {
  let dcg = 0;
  let ideal = 0;
  let hits = 0;
  let precisions = 0;
  let mrr = 0;
  for (let rank = 1; rank <= k; rank++) {
    const discount = 1 / Math.log2(rank + 1);
    if (rank <= targets.size) ideal += discount;
    if (rank > ranked.length || !targets.has(ranked[rank - 1] as number)) continue;
    hits++;
    dcg += discount;
    precisions += hits / rank;
    if (hits === 1) mrr = 1 / rank;
  }
  return {
    ndcg: dcg / ideal,
    recall: hits / targets.size,
    precision: hits / k,
    map: precisions / targets.size,
    mrr,
    hitRate: hits > 0 ? 1 : 0,
  };
}

/**
 * Share of the items that appear in at least one answer.
 *
 * @param which positions of the answers that count; repeats don't
 */
export function coverage(
  answers: readonly { readonly items: Uint32Array }[],
  which: Uint32Array,
  itemCount: number,
): number {
  const shown = new Uint8Array(itemCount);
  for (const position of which) for (const item of answers[position]?.items ?? []) shown[item] = 1;
  return shown.reduce((sum, one) => sum + one, 0) / itemCount;
}

/**
 * How unusual an answer's items are: the mean of −log2(share of the training customers who bought the item), in bits
 * (mean self-information: Zhou et al., *Solving the apparent diversity-accuracy dilemma of recommender systems*, 2010).
 *
 * @param buyers distinct training customers of each item, at least 1
 */
export function novelty(answer: ArrayLike<number>, buyers: ArrayLike<number>, customers: number): number {
  let bits = 0;
  for (let i = 0; i < answer.length; i++) bits -= Math.log2((buyers[answer[i] as number] as number) / customers);
  return answer.length === 0 ? 0 : bits / answer.length;
}
