/** What whoever runs a benchmark can mend. Shown as one line, without a stack. */
export class BenchError extends Error {
  override readonly name = 'BenchError';
}

/** What went wrong, for `console.error`: one line when whoever typed the command can mend it. */
export function shown(error: Error & { code?: string }): string | Error {
  const isMistyped = error.code?.startsWith('ERR_PARSE_ARGS') ?? false;
  return error instanceof BenchError || error.name === 'RehearsalError' || isMistyped ? error.message : error;
}
