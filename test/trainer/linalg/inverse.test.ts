import { randomInt } from 'node:crypto';
import { invertInPlace, NotPositiveDefiniteError } from '../../../trainer/src/linalg/inverse';

/** Park–Miller, so that a failure can be run again from its seed. */
function randomBy(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** A Gram matrix of sparse random rows plus a ridge: what EASE inverts, in small. */
function gram(n: number, random: () => number): Float64Array {
  const a = new Float64Array(n * n);
  for (let row = 0; row < 2 * n; row++) {
    const x = Array.from({ length: n }, () => (random() < 0.2 ? random() : 0));
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) a[i * n + j] = (a[i * n + j] ?? 0) + (x[i] ?? 0) * (x[j] ?? 0);
    }
  }
  for (let i = 0; i < n; i++) a[i * n + i] = (a[i * n + i] ?? 0) + 0.5;
  return a;
}

/** Gauss–Jordan elimination, the straightforward way. */
function reference(matrix: Float64Array, n: number): Float64Array {
  const rows = Array.from({ length: n }, (_, i) => [
    ...matrix.subarray(i * n, (i + 1) * n),
    ...Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)),
  ]);
  for (let pivot = 0; pivot < n; pivot++) {
    const row = rows[pivot] as number[];
    const scale = row[pivot] as number;
    for (let j = 0; j < 2 * n; j++) row[j] = (row[j] as number) / scale;
    rows.forEach((other, i) => {
      const factor = other[pivot] as number;
      if (i !== pivot) for (let j = 0; j < 2 * n; j++) other[j] = (other[j] as number) - factor * (row[j] as number);
    });
  }
  return Float64Array.from(rows.flatMap((row) => row.slice(n)));
}

const seed = Number(process.env.SEED ?? randomInt(1, 2147483646));

describe(`the inverse, seed ${seed}`, () => {
  it.each([
    [1, 192],
    [2, 1],
    [7, 3],
    [60, 16],
    [130, 64],
    [130, 192],
  ])('of %i rows in blocks of %i is that of Gauss–Jordan to 1e-12', async (n, block) => {
    const a = gram(n, randomBy(seed));
    const expected = reference(a, n);
    await invertInPlace(a, n, block);
    const largest = a.reduce((max, value, i) => Math.max(max, Math.abs(value - (expected[i] ?? Number.NaN))), 0);
    expect(largest).toBeLessThan(1e-12);
  });

  it('reads the lower triangle only', async () => {
    const whole = gram(40, randomBy(seed));
    const lower = whole.map((value, cell) => (cell % 40 > Math.floor(cell / 40) ? Number.NaN : value));
    await invertInPlace(whole, 40, 16);
    await invertInPlace(lower, 40, 16);
    expect(lower).toEqual(whole);
  });

  it('gives the same bits every time', async () => {
    const one = gram(130, randomBy(seed));
    const other = one.slice();
    await invertInPlace(one, 130, 32);
    await invertInPlace(other, 130, 32);
    expect(Buffer.from(one.buffer).equals(Buffer.from(other.buffer))).toBe(true);
  });
});

describe('fails with the pivot when the matrix', () => {
  it.each([
    ['is indefinite', [1, 2, 2, 1], 1],
    ['is singular', [1, 1, 1, 1], 1],
    ['is zero', [0, 0, 0, 0], 0],
    ['holds NaN', [1, 0, Number.NaN, 1], 1],
  ])('%s', async (_case, cells, row) => {
    for (const block of [1, 2]) {
      const error = await invertInPlace(Float64Array.from(cells), 2, block).catch((caught) => caught);
      expect(error).toBeInstanceOf(NotPositiveDefiniteError);
      expect(error.row).toBe(row);
    }
  });
});
