import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import type { Logger } from 'pino';
import { WatchedFile } from './watched-file';

/** Where the public keys of a token's issuer come from. */
export interface KeySet {
  /** @throws errors.JWKSNoMatchingKey when no key fits, {@link KeySetUnavailableError} when there are no keys to try */
  readonly keyFor: JWTVerifyGetKey;
  close(): void;
}

/** The issuer's keys can't be had, which is no fault of the caller. */
export class KeySetUnavailableError extends Error {
  override readonly name = 'KeySetUnavailableError';
}

export interface RemoteKeySetOptions {
  /** Milliseconds for one answer of the issuer; default 3000. */
  readonly timeoutMs?: number;
  /** Milliseconds between two looks at the keys, default five minutes. */
  readonly refreshMs?: number;
  /** Milliseconds for which the last keys are used while the issuer is down, default one hour. */
  readonly staleMs?: number;
  /** Milliseconds in which tokens with unknown key ids don't make it look again, default 30 seconds. */
  readonly cooldownMs?: number;
  /** Milliseconds after a failure in which it isn't asked again, default five seconds. */
  readonly pauseMs?: number;
}

/**
 * The keys behind an address. They are fetched at the start, then every `refreshMs`, and when a token names a key that
 * isn't there, which is how a new key is found as soon as its issuer uses it.
 */
export function remoteKeySet(uri: string, logger: Logger, options: RemoteKeySetOptions = {}): KeySet {
  const { timeoutMs = 3000, refreshMs = 300_000, staleMs = 3_600_000, cooldownMs = 30_000, pauseMs = 5000 } = options;
  let failedAt = Number.NEGATIVE_INFINITY;
  // Tokens with made-up key ids must not become requests to an issuer that is down.
  const pausing: typeof fetch = async (input, init) => {
    if (performance.now() - failedAt < pauseMs) throw new Error('the last attempt failed a moment ago');
    return fetch(input, init);
  };
  const keys = createRemoteJWKSet(new URL(uri), {
    timeoutDuration: timeoutMs,
    cacheMaxAge: staleMs,
    cooldownDuration: cooldownMs,
    [customFetch]: pausing,
  });
  const failed = (error: unknown) => {
    if (performance.now() - failedAt < pauseMs) return;
    failedAt = performance.now();
    logger.warn(
      { uri, reason: (error as Error).message, hasKeys: keys.fresh },
      'the keys of the issuer can not be had',
    );
  };
  const refresh = () => void keys.reload().catch(failed);
  refresh();
  const timer = setInterval(refresh, refreshMs).unref();
  return {
    async keyFor(header, token) {
      try {
        return await keys(header, token);
      } catch (error) {
        if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
        if (error instanceof errors.JOSENotSupported) throw error;
        failed(error);
        // The keys that are here don't fit the token, and no newer ones can be had: most likely it was made up.
        if (keys.fresh) throw new errors.JWKSNoMatchingKey();
        throw new KeySetUnavailableError('the keys of the issuer can not be had', { cause: error });
      }
    },
    close: () => clearInterval(timer),
  };
}

/**
 * The keys in a file, for tests and places without a network; read again when it changes.
 *
 * @throws Error that says what is wrong with the file
 */
export function localKeySet(path: string, logger: Logger): KeySet {
  const file = new WatchedFile(
    path,
    parseKeySet,
    () => logger.info({ path }, 'the keys of the issuer were read again'),
    (error) => logger.error({ path, reason: error.message }, 'the changed keys of the issuer were not taken'),
  );
  return { keyFor: (header, token) => file.current(header, token), close: () => file.close() };
}

function parseKeySet(text: string): ReturnType<typeof createLocalJWKSet> {
  let value: JSONWebKeySet;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('it is not JSON; allowed is a JSON Web Key Set, {"keys":[…]}');
  }
  return createLocalJWKSet(value);
}
