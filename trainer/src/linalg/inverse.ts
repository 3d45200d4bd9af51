import {
  fillZero,
  largestDiagonal,
  mirrorUpper,
  negate,
  type Range,
  slice,
  sliceTransposed,
  store,
  subtract,
} from './blocks';
import { MatrixProduct } from './matrix-product';
import { factorInPlace, invertTransposed } from './small-cholesky';

/** Rows and columns of a block: small enough for the factors in JavaScript to be cheap, large enough for fast products. */
const BLOCK = 192;

/** Rows of a strip of the triangular product. */
const STRIP = 512;

/** A symmetric matrix that has no Cholesky factor in double precision. */
export class NotPositiveDefiniteError extends Error {
  override readonly name = 'NotPositiveDefiniteError';
  constructor(
    /** Row of the first pivot that is zero, negative or lost in rounding. */
    readonly row: number,
    readonly pivot: number,
    readonly smallestAllowed: number,
  ) {
    super(`not positive definite: pivot ${row} is ${pivot}, the smallest allowed is ${smallestAllowed}`);
  }
}

/**
 * Inverts a symmetric positive definite matrix in place by a blocked Cholesky factorization: A = L·Lᵀ, W = L⁻ᵀ,
 * A⁻¹ = W·Wᵀ. All work that grows with n³ is block products run as ONNX MatMul; JavaScript factors the diagonal blocks
 * and copies. L fills the lower triangle while W fills the upper one and the diagonal blocks, so one matrix is enough.
 *
 * @param a row-major n × n; the lower triangle is read, the whole is overwritten by the inverse
 * @param block rows and columns of a block
 * @throws NotPositiveDefiniteError when a pivot is at or below n·ε·(largest diagonal), where the result would be rounding
 *   error (the bound of LAPACK's rank-revealing `dpstrf`); `a` is then partly overwritten
 */
export async function invertInPlace(a: Float64Array, n: number, block = BLOCK): Promise<void> {
  const engine = await MatrixProduct.create();
  try {
    const blocks: Range[] = [];
    for (let from = 0; from < n; from += block) blocks.push({ from, to: Math.min(from + block, n) });
    const smallest = n * Number.EPSILON * largestDiagonal(a, n);
    for (const range of blocks) await factorColumn(engine, a, n, range, smallest);
    for (const range of blocks) await invertFactorColumn(engine, a, n, range);
    for (const range of blocks) await multiplyColumn(engine, a, n, range);
    mirrorUpper(a, n);
  } finally {
    await engine.release();
  }
}

/** One column of blocks of L, left-looking; its diagonal block becomes W's. */
async function factorColumn(engine: MatrixProduct, a: Float64Array, n: number, k: Range, smallest: number) {
  const below = { from: k.from, to: n };
  if (k.from > 0) {
    const left = { from: 0, to: k.from };
    const update = await engine.multiply(slice(a, n, below, left), sliceTransposed(a, n, k, left));
    subtract(a, n, below, k, update);
  }
  const diagonal = slice(a, n, k, k);
  const bad = factorInPlace(diagonal, smallest);
  if (bad) throw new NotPositiveDefiniteError(k.from + bad.row, bad.value, smallest);
  const w = invertTransposed(diagonal);
  store(a, n, k, k, w.data);
  if (k.to < n) {
    const rest = { from: k.to, to: n };
    store(a, n, rest, k, await engine.multiply(slice(a, n, rest, k), w));
  }
}

/** W[0:k, k] = −W[0:k, 0:k] · L[k, 0:k]ᵀ · W[k, k], in strips of rows that skip the zeros of the triangle. */
async function invertFactorColumn(engine: MatrixProduct, a: Float64Array, n: number, k: Range) {
  const left = { from: 0, to: k.from };
  if (k.from === 0) return;
  const width = k.to - k.from;
  const lw = await engine.multiply(sliceTransposed(a, n, k, left), slice(a, n, k, k));
  // Nothing reads this row of L again; zeros make the upper left of the matrix W alone.
  fillZero(a, n, k, left);
  for (let from = 0; from < k.from; from += STRIP) {
    const rows = { from, to: Math.min(from + STRIP, k.from) };
    const inner = { from, to: k.from };
    const right = { rows: inner.to - inner.from, columns: width, data: lw.subarray(inner.from * width) };
    store(a, n, rows, k, negate(await engine.multiply(slice(a, n, rows, inner), right)));
  }
}

/** A⁻¹[0:k, k] = W[0:k, k:n] · W[k, k:n]ᵀ, the upper triangle and the diagonal block. */
async function multiplyColumn(engine: MatrixProduct, a: Float64Array, n: number, k: Range) {
  const right = { from: k.from, to: n };
  const down = { from: 0, to: k.to };
  store(a, n, down, k, await engine.multiply(slice(a, n, down, right), sliceTransposed(a, n, k, right)));
}
