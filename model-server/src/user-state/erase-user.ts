import type { Logger } from 'pino';
import { Problem } from '../problem';
import type { ResultCache } from '../result-cache/result-cache';
import type { UserStateStore } from './user-state-store';

export interface EraseOptions {
  readonly users: Pick<UserStateStore, 'erase'>;
  /** Has answers of customers, if it is there. */
  readonly resultCache: Pick<ResultCache, 'erase'> | undefined;
  readonly logger: Logger;
}

/**
 * Forgets a customer, and the answers that were kept for them.
 *
 * @throws Problem `user-state-unavailable` when that can't be done now, or not wholly; it is safe to ask again
 */
export async function eraseUser(user: string, { users, resultCache, logger }: EraseOptions): Promise<void> {
  try {
    await users.erase(user);
    await resultCache?.erase(user);
  } catch (error) {
    logger.error({ err: error }, 'customer not erased');
    throw new Problem('user-state-unavailable', 'the customer is not forgotten, or not wholly; send the request again');
  }
}
