import { EXIT } from './exit-codes';

/** Errors of our own packages, by name: their message is one that a person can act on, so no stack is shown. */
const USAGE_ERRORS = new Set(['ConfigError', 'UsageError', 'DataError', 'UserFileError', 'ServerConfigError']);
const FAILURES = new Set(['RegistryError', 'ConflictError', 'PreconditionFailed', 'TrainerError', 'RehearsalError']);

/** A mistake in the command line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface Failure {
  /** Whole text for a person. */
  readonly message: string;
  readonly hint?: string;
  readonly code?: string;
  readonly exitCode: number;
}

/** What to print and to exit with for anything that was thrown. A fault of our own keeps its stack. */
export function describeFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { message: String(error), exitCode: EXIT.failed };
  const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (USAGE_ERRORS.has(error.name)) return { message: error.message, hint, code, exitCode: EXIT.usage };
  if (isOurs(error) || 'syscall' in error) return { message: error.message, hint, code, exitCode: EXIT.failed };
  return { message: error.stack ?? error.message, code, exitCode: EXIT.failed };
}

function isOurs(error: Error): boolean {
  if (FAILURES.has(error.name)) return true;
  const parent = Object.getPrototypeOf(Object.getPrototypeOf(error));
  return parent?.constructor !== undefined && FAILURES.has(parent.constructor.name);
}
