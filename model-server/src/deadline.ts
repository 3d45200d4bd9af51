/** Something took longer than anybody waits for it. */
export class DeadlineExceededError extends Error {
  override readonly name = 'DeadlineExceededError';
}

/**
 * A promise's result, if it comes in time. What is late goes on, unheard.
 *
 * @param expires `performance.now()` after which nobody waits
 * @throws DeadlineExceededError
 */
export function withDeadline<T>(promise: Promise<T>, expires: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const left = Math.max(0, expires - performance.now());
    const timer = setTimeout(() => reject(new DeadlineExceededError('not in time')), left);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
