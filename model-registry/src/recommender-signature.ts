import type { Manifest } from './manifest';

export type Signature = Manifest['signature'];

/**
 * What a recommender model takes and answers. The trainer writes its graph to it and the server refuses a model that
 * differs, so this is the one place that states it. `batch`, `history` and `k` are dynamic.
 *
 * Inputs:
 * - `items` int32 [batch, history]: the indices of the items in each history, in any order, padded with 0
 * - `weights` float32 [batch, history]: how much each counts, 0 for padding
 * - `mask` bool [batch, items]: true leaves an item out of that row's answer
 * - `k` int32 [1]: how many items to answer, at least 1; more than there are items is the same as all of them
 * - `explain` bool [1]: whether to work out `contributions`
 *
 * Outputs, best item first:
 * - `indices` int32 [batch, k]: item indices; -1 where the mask leaves fewer than k items
 * - `scores` float32 [batch, k]: -Infinity where the index is -1
 * - `contributions` float32 [batch, history, k]: what each item of the history adds to each score; a score is their
 *   sum (up to rounding), and they are 0 where the index is -1. Shape [0, 0, 0] when `explain` is false.
 */
export function recommenderSignature(items: number): Signature {
  return {
    inputs: [
      { name: 'items', type: 'int32', shape: ['batch', 'history'] },
      { name: 'weights', type: 'float32', shape: ['batch', 'history'] },
      { name: 'mask', type: 'bool', shape: ['batch', items] },
      { name: 'k', type: 'int32', shape: [1] },
      { name: 'explain', type: 'bool', shape: [1] },
    ],
    outputs: [
      { name: 'indices', type: 'int32', shape: ['batch', 'k'] },
      { name: 'scores', type: 'float32', shape: ['batch', 'k'] },
      { name: 'contributions', type: 'float32', shape: ['explained', 'explainedHistory', 'explainedK'] },
    ],
  };
}
