import type { Logger } from 'pino';
import { Problem } from '../problem';
import { ApiKeys } from './api-keys';
import { type CredentialHeaders, credentialOf } from './credentials';
import { KeySetUnavailableError } from './jwks';
import { InvalidTokenError, type JwtVerifier } from './jwt-verifier';
import type { Principal } from './principal';
import { TokenCache } from './token-cache';

export interface AuthenticatorOptions {
  /** The keys as they are now. */
  readonly apiKeys?: { readonly current: ApiKeys };
  readonly jwt?: JwtVerifier;
  /** Verified tokens kept at most. */
  readonly tokenCacheSize: number;
  readonly logger: Logger;
}

/** Tells who calls. */
export class Authenticator {
  private readonly cache: TokenCache;
  /** Tokens that are being verified, so that a crowd with the same new one is one verification. */
  private readonly underWay = new Map<string, Promise<Principal | Problem>>();

  constructor(private readonly options: AuthenticatorOptions) {
    this.cache = new TokenCache(options.tokenCacheSize);
  }

  /**
   * At once for an API key and for a token that was verified in the last minute.
   *
   * @returns `unauthorized`, the same whatever was wrong, or `authentication-unavailable`, when the caller is not who
   *   they say or nobody can tell now
   */
  authenticate(headers: CredentialHeaders): Principal | Problem | Promise<Principal | Problem> {
    const credential = credentialOf(headers);
    if (credential === 'missing') return new Problem('unauthorized', 'send a bearer token or an API key');
    if (credential === 'malformed') return this.refuse('malformed');
    const { token, header } = credential;
    const { apiKeys, jwt } = this.options;
    if (header === 'x-api-key' || ApiKeys.looksLikeKey(token)) {
      return apiKeys?.current.verify(token) ?? this.refuse('unknown key');
    }
    if (!jwt) return this.refuse('no issuer is configured');
    return this.cache.get(token) ?? this.verifyOnce(jwt, token);
  }

  private verifyOnce(jwt: JwtVerifier, token: string): Promise<Principal | Problem> {
    let verified = this.underWay.get(token);
    if (!verified) {
      verified = this.verify(jwt, token).finally(() => this.underWay.delete(token));
      this.underWay.set(token, verified);
    }
    return verified;
  }

  private async verify(jwt: JwtVerifier, token: string): Promise<Principal | Problem> {
    try {
      const { principal, expires } = await jwt.verify(token);
      this.cache.set(token, principal, expires);
      return principal;
    } catch (error) {
      if (error instanceof InvalidTokenError) return this.refuse(error.message);
      if (!(error instanceof KeySetUnavailableError)) throw error;
      return new Problem('authentication-unavailable', 'tokens can not be verified at the moment; try again');
    }
  }

  /** What exactly was wrong would help whoever tries; it is in the log for those who run the server. */
  private refuse(reason: string): Problem {
    this.options.logger.debug({ reason }, 'credentials refused');
    return new Problem('unauthorized', 'the credentials are not valid here');
  }
}
