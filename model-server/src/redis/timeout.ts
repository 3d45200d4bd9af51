/** Redis did not answer in time. */
export class RedisTimeoutError extends Error {
  override readonly name = 'RedisTimeoutError';

  constructor(milliseconds: number) {
    super(`no answer within ${milliseconds} ms`);
  }
}

/** A timer that fires later than this is late because this process was busy, and says nothing about Redis. */
const STALL_MS = 2;
/** Milliseconds are granted anew this often at most. */
const MAX_STALLS = 5;

/**
 * A reply, if it comes in time. The time in which this process itself was too busy to look doesn't count: a stall of
 * its event loop must not pass for a dead Redis.
 *
 * @throws RedisTimeoutError
 */
export function withTimeout<T>(reply: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    let stalls = 0;
    let due = performance.now() + milliseconds;
    const expire = () => {
      if (performance.now() - due > STALL_MS && stalls++ < MAX_STALLS) {
        due = performance.now() + milliseconds;
        timer = setTimeout(expire, milliseconds);
      } else {
        // Timers come before sockets in a turn of the event loop: the reply may be there, unread.
        setImmediate(() => reject(new RedisTimeoutError(milliseconds)));
      }
    };
    let timer = setTimeout(expire, milliseconds);
    reply.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
