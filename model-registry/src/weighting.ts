import type { Weighting } from './manifest';

const DAY_MS = 86_400_000;

/**
 * The model's input weights for a history, in the order given.
 *
 * @param times when each item was last bought, epoch milliseconds
 */
export function historyWeights(times: readonly number[], weighting: Weighting): Float32Array {
  const weights = new Float32Array(times.length).fill(1);
  if (weighting.kind === 'binary') return weights;
  let newest = Number.NEGATIVE_INFINITY;
  for (const time of times) if (time > newest) newest = time;
  times.forEach((time, i) => {
    const ageDays = (newest - time) / DAY_MS;
    weights[i] = Math.max(weighting.floor, 2 ** (-ageDays / weighting.halfLifeDays));
  });
  return weights;
}
