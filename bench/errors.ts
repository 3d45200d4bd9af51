/** What whoever runs a benchmark can mend. Shown as one line, without a stack. */
export class BenchError extends Error {
  override readonly name = 'BenchError';
}
