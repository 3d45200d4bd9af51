import type { Purchases } from '../data/purchases';

/**
 * The Gram matrix XᵀX of the customers × items matrix X, its lower triangle only (zeros above).
 *
 * @param weights the entries of X in the order of `purchases.item`; default: all 1
 * @returns row-major, items × items
 */
export function gramLower({ offsets, item, items }: Purchases, weights?: Float64Array): Float64Array {
  const n = items.length;
  const gram = new Float64Array(n * n);
  const entries = weights ?? new Float64Array(item.length).fill(1);
  for (let row = 0; row + 1 < offsets.length; row++) {
    const from = offsets[row] as number;
    const to = offsets[row + 1] as number;
    for (let a = from; a < to; a++) {
      const start = (item[a] as number) * n;
      const weight = entries[a] as number;
      // A customer's items ascend, so b ≤ a is the lower triangle.
      for (let b = from; b <= a; b++) {
        const cell = start + (item[b] as number);
        gram[cell] = (gram[cell] as number) + weight * (entries[b] as number);
      }
    }
  }
  return gram;
}
