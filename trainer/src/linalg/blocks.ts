import type { Matrix } from './matrix-product';

/** Rows or columns `from` up to, not including, `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Copies a block out of the row-major n × n matrix `a`. */
export function slice(a: Float64Array, n: number, rows: Range, columns: Range): Matrix {
  const width = columns.to - columns.from;
  const data = new Float64Array((rows.to - rows.from) * width);
  for (let row = rows.from; row < rows.to; row++) {
    data.set(a.subarray(row * n + columns.from, row * n + columns.to), (row - rows.from) * width);
  }
  return { rows: rows.to - rows.from, columns: width, data };
}

/** Copies the transpose of a block out of `a`. */
export function sliceTransposed(a: Float64Array, n: number, rows: Range, columns: Range): Matrix {
  const height = columns.to - columns.from;
  const width = rows.to - rows.from;
  const data = new Float64Array(height * width);
  for (let row = 0; row < width; row++) {
    const start = (rows.from + row) * n + columns.from;
    for (let column = 0; column < height; column++) data[column * width + row] = a[start + column] as number;
  }
  return { rows: height, columns: width, data };
}

/** Writes a block, given row-major, into `a`. */
export function store(a: Float64Array, n: number, rows: Range, columns: Range, block: Float64Array): void {
  const width = columns.to - columns.from;
  for (let row = rows.from; row < rows.to; row++) {
    const start = (row - rows.from) * width;
    a.set(block.subarray(start, start + width), row * n + columns.from);
  }
}

/** Takes a block, given row-major, from what is in `a`. */
export function subtract(a: Float64Array, n: number, rows: Range, columns: Range, block: Float64Array): void {
  let position = 0;
  for (let row = rows.from; row < rows.to; row++) {
    for (let column = columns.from; column < columns.to; column++) {
      a[row * n + column] = (a[row * n + column] as number) - (block[position++] as number);
    }
  }
}

export function fillZero(a: Float64Array, n: number, rows: Range, columns: Range): void {
  for (let row = rows.from; row < rows.to; row++) a.fill(0, row * n + columns.from, row * n + columns.to);
}

export function negate(block: Float64Array): Float64Array {
  for (let i = 0; i < block.length; i++) block[i] = -(block[i] as number);
  return block;
}

/** Makes `a` symmetric by its upper triangle. */
export function mirrorUpper(a: Float64Array, n: number): void {
  for (let row = 1; row < n; row++) {
    for (let column = 0; column < row; column++) a[row * n + column] = a[column * n + row] as number;
  }
}

export function largestDiagonal(a: Float64Array, n: number): number {
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, a[i * n + i] as number);
  return largest;
}
