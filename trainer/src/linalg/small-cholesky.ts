import type { Matrix } from './matrix-product';

/** A pivot that a Cholesky factorization can't go on from. */
export interface BadPivot {
  /** Row of the pivot in the block. */
  row: number;
  value: number;
}

/**
 * Factors a small symmetric block A = L·Lᵀ in place, reading and writing its lower triangle.
 *
 * @param smallest pivots at or below this are refused
 * @returns the first refused pivot, or undefined when the factor is whole
 */
export function factorInPlace({ data, rows: size }: Matrix, smallest: number): BadPivot | undefined {
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let sum = data[i * size + j] as number;
      for (let k = 0; k < j; k++) sum -= (data[i * size + k] as number) * (data[j * size + k] as number);
      if (i > j) {
        data[i * size + j] = sum / (data[j * size + j] as number);
      } else {
        // Written so that NaN is refused too.
        if (!(sum > smallest)) return { row: j, value: sum };
        data[j * size + j] = Math.sqrt(sum);
      }
    }
  }
  return undefined;
}

/** @returns L⁻ᵀ (upper triangular, zeros below) of a lower triangular block */
export function invertTransposed({ data: lower, rows: size }: Matrix): Matrix {
  const upper = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    upper[j * size + j] = 1 / (lower[j * size + j] as number);
    for (let i = j + 1; i < size; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum += (lower[i * size + k] as number) * (upper[j * size + k] as number);
      upper[j * size + i] = -sum / (lower[i * size + i] as number);
    }
  }
  return { rows: size, columns: size, data: upper };
}
