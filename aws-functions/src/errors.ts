import { RegistryError } from '@cdktf-recommender/model-registry';

/**
 * What a state machine decides by, as names of errors:
 * - `StoreUnavailable` S3, DynamoDB or SNS didn't answer, or refused for now: the same again may do
 * - `InputUnusable` there is no data, or it can't be trained on: only other data helps
 * - `RunUnderWay` another run has the lock
 * - `NoCandidate` none of the candidates could be trained
 *
 * `ConflictError`, the registry's, says that somebody else promoted first.
 */
export type StageErrorName = 'StoreUnavailable' | 'InputUnusable' | 'RunUnderWay' | 'NoCandidate';

export class StageError extends Error {
  constructor(
    override readonly name: StageErrorName,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The settings of a function in its environment are wrong; one problem per line. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** As the AWS SDK marks what it gave up on. */
interface ServiceError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: object;
  readonly code?: string;
}

const NETWORK = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'];

/** By name: most functions have no need of the trainer, and loading it takes most of a second. */
const FROM_TRAINER = ['TrainerError', 'DataError'];

/** An error as a state machine is to see it; one that it can't act on stays what it is. */
export function typed(error: unknown): unknown {
  if (error instanceof StageError || !(error instanceof Error)) return error;
  const { message } = error;
  if (FROM_TRAINER.includes(error.name)) return new StageError('InputUnusable', message, { cause: error });
  if (error instanceof RegistryError) {
    return error.code === 'STORE_UNAVAILABLE' ? new StageError('StoreUnavailable', message, { cause: error }) : error;
  }
  const { $metadata, $retryable, code = '' } = error as ServiceError;
  const status = $metadata?.httpStatusCode ?? 0;
  const forNow = $retryable !== undefined || status >= 500 || status === 429 || NETWORK.includes(code);
  return forNow ? new StageError('StoreUnavailable', message || error.name, { cause: error }) : error;
}
