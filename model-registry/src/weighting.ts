import type { Weighting } from './manifest';

const DAY_MS = 86_400_000;

/**
 * The model's input weights for a history, in the order given.
 *
 * @param times when each item was last bought, epoch milliseconds
 */
export function historyWeights(times: ArrayLike<number>, weighting: Weighting): Float32Array {
  const weights = new Float32Array(times.length).fill(1);
  if (weighting.kind === 'binary') return weights;
  let newest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < times.length; i++) newest = Math.max(newest, times[i] as number);
  for (let i = 0; i < times.length; i++) {
    const ageDays = (newest - (times[i] as number)) / DAY_MS;
    weights[i] = 2 ** (-ageDays / weighting.halfLifeDays);
  }
  return weights;
}
