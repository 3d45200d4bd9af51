/**
 * The k best items by score; of equal scores the lower index is first, as ONNX's TopK orders them.
 *
 * @param excluded ascending indices that are left out
 * @returns fewer than k indices when fewer items are left
 */
export function topK(scores: ArrayLike<number>, k: number, excluded: ArrayLike<number> = []): Uint32Array {
  const best = new Uint32Array(k);
  const bestScores = new Float64Array(k);
  let found = 0;
  let next = 0;
  for (let item = 0; item < scores.length; item++) {
    if (excluded[next] === item) {
      next++;
      continue;
    }
    const score = scores[item] as number;
    if (found === k && !(score > (bestScores[k - 1] as number))) continue;
    let place = found < k ? found++ : k - 1;
    while (place > 0 && score > (bestScores[place - 1] as number)) {
      best[place] = best[place - 1] as number;
      bestScores[place] = bestScores[place - 1] as number;
      place--;
    }
    best[place] = item;
    bestScores[place] = score;
  }
  return best.subarray(0, found);
}
