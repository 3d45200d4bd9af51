import { EXIT } from './exit-codes';

/** Errors of our own packages, by name: their message is one that a person can act on, so no stack is shown. */
const USAGE_ERRORS = new Set([
  'ApiKeyError',
  'ConfigError',
  'UsageError',
  'DataError',
  'UserFileError',
  'ServerConfigError',
  'RedisUrlError',
]);
/** Codes of the registry's errors, and of the system's about a file that can't be opened. */
const USAGE_CODES = new Set(['INVALID_ARGUMENT', 'ENOENT', 'EISDIR', 'ENOTDIR']);
const FAILURES = new Set([
  'ComparisonError',
  'StaleError',
  'RegistryError',
  'ConflictError',
  'PreconditionFailed',
  'TrainerError',
  'RehearsalError',
  'RedisUnavailableError',
  'RequirementError',
  'PrometheusError',
]);

/** This machine lacks something that the command needs. */
export class MissingError extends Error {
  override readonly name = 'MissingError';

  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

/** A version is not as good as was required. */
export class RequirementError extends Error {
  override readonly name = 'RequirementError';

  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

/** A mistake in the command line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Servers that can't be compared. */
export class ComparisonError extends Error {
  override readonly name = 'ComparisonError';
}

/** Files that are written by a command, and that are not what it would write. */
export class StaleError extends Error {
  override readonly name = 'StaleError';
  readonly hint: string;

  constructor(files: readonly string[], command: string) {
    super(`${files.length} ${files.length === 1 ? 'file is' : 'files are'} stale: ${files.join(', ')}`);
    this.hint = `'${command}' writes them`;
  }
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
  if (error instanceof MissingError) return { message: error.message, hint, code, exitCode: EXIT.missing };
  if (error.name === 'CredentialsProviderError') {
    return { message: error.message, hint: 'aws sso login, or set AWS_PROFILE', exitCode: EXIT.missing };
  }
  if (isOfAws(error)) return { message: `AWS answered ${error.name}: ${error.message}`, exitCode: EXIT.failed };
  if (isOurs(error) || isOfTheSystem(error) || isOfTheSystem(error.cause)) {
    return { message: error.message, hint, code, exitCode: USAGE_CODES.has(code ?? '') ? EXIT.usage : EXIT.failed };
  }
  return { message: error.stack ?? error.message, code, exitCode: EXIT.failed };
}

/** A file, a disk or a socket that can't be used. */
function isOfTheSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/** What a service of AWS refused, or could not do. */
function isOfAws(error: Error): boolean {
  return '$fault' in error;
}

function isOurs(error: Error): boolean {
  if (FAILURES.has(error.name)) return true;
  const parent = Object.getPrototypeOf(Object.getPrototypeOf(error));
  return parent?.constructor !== undefined && FAILURES.has(parent.constructor.name);
}
