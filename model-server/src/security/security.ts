import type { Logger } from 'pino';
import { type ServerConfig, ServerConfigError } from '../config';
import type { RedisConnection } from '../redis/redis-connection';
import { AccessControl, type Limit } from './access-control';
import { ApiKeys } from './api-keys';
import { Authenticator } from './authenticator';
import { type ClientAddress, clientAddress } from './client-address';
import { type KeySet, localKeySet, remoteKeySet } from './jwks';
import { JwtVerifier } from './jwt-verifier';
import { MemoryRateLimit, RedisRateLimit } from './rate-limit';
import { RateLimitPolicy } from './rate-limit-headers';
import { securityProblems } from './security-problems';
import { WatchedFile } from './watched-file';

export interface SecurityOptions {
  readonly config: ServerConfig;
  readonly logger: Logger;
  /** Where limits are counted for all servers together; without it each counts its own. */
  readonly redis?: Pick<RedisConnection, 'isAvailable' | 'run'>;
}

/** What stands between the network and the routes. */
export interface Security {
  readonly access: AccessControl;
  readonly addressOf: ClientAddress;
  readonly corsOrigins: readonly string[];
  /** Looks no more at files and issuers. */
  close(): void;
}

/** @throws ServerConfigError when settings contradict each other or a file can't be used */
export function createSecurity({ config, logger, redis }: SecurityOptions): Security {
  const problems = securityProblems(config);
  if (problems.length > 0) throw new ServerConfigError(problems);
  const opened: { close(): void }[] = [];
  const close = () => {
    for (const one of opened) one.close();
  };
  const limit = (name: string, requests: number): Limit | undefined => {
    if (requests === 0) return undefined;
    const options = { requests, seconds: config.rateLimitSeconds };
    const limit = redis ? new RedisRateLimit(name, options, redis) : new MemoryRateLimit(options);
    return { limit, policy: new RateLimitPolicy(name, options) };
  };
  try {
    const authenticator = createAuthenticator(config, logger, opened);
    const perCaller = limit('caller', config.rateLimitPerCaller);
    const perAddress = limit('address', config.rateLimitPerAddress);
    return {
      access: new AccessControl({ authenticator, perCaller, perAddress }),
      addressOf: clientAddress(config.trustProxy),
      corsOrigins: config.corsOrigins,
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function createAuthenticator(
  config: ServerConfig,
  logger: Logger,
  opened: { close(): void }[],
): Authenticator | undefined {
  const { apiKeysFile, jwksUri } = config;
  if (config.authentication === 'none' || (apiKeysFile === undefined && jwksUri === undefined)) return undefined;
  const apiKeys = apiKeysFile === undefined ? undefined : readable('apiKeysFile', () => keysIn(apiKeysFile, logger));
  if (apiKeys) opened.push(apiKeys);
  const keys = jwksUri === undefined ? undefined : readable('jwksUri', () => keySet(jwksUri, logger));
  if (keys) opened.push(keys);
  const jwt =
    keys &&
    new JwtVerifier({
      keys,
      issuer: config.jwtIssuer as string,
      audiences: config.jwtAudiences,
      algorithms: config.jwtAlgorithms,
      clockSkewSeconds: config.jwtClockSkewSeconds,
      userClaim: config.jwtUserClaim,
    });
  return new Authenticator({ apiKeys, jwt, tokenCacheSize: config.tokenCacheSize, logger });
}

function keysIn(path: string, logger: Logger): WatchedFile<ApiKeys> {
  const file: WatchedFile<ApiKeys> = new WatchedFile(
    path,
    (text) => ApiKeys.parse(text, path),
    () => logger.info({ path, keys: file.current.size }, 'the API keys were read again'),
    // A key that was to be withdrawn is still accepted: somebody should know.
    (error) => logger.error({ path, reason: error.message }, 'the changed API keys were not taken'),
  );
  return file;
}

function keySet(uri: string, logger: Logger): KeySet {
  return URL.canParse(uri) ? remoteKeySet(uri, logger) : localKeySet(uri, logger);
}

function readable<T>(setting: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw new ServerConfigError([`${setting}: can't be used: ${(error as Error).message}`]);
  }
}
