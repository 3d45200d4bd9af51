import { hash } from 'node:crypto';
import { type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import { type KeySet, KeySetUnavailableError } from './jwks';
import type { Principal } from './principal';

export interface JwtVerifierOptions {
  readonly keys: KeySet;
  readonly issuer: string;
  /** A token must be for one of these. */
  readonly audiences: readonly string[];
  readonly algorithms: readonly string[];
  /** Seconds by which clocks may differ. */
  readonly clockSkewSeconds: number;
  /** Claim with the customer that a token is bound to; a token without it is refused. */
  readonly userClaim?: string;
}

export interface VerifiedToken {
  readonly principal: Principal;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

/** Why a token was refused: for the log and the metric, never for the caller. */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';
}

/** Verifies access tokens (RFC 7519, and RFC 8725 on what goes wrong with them). */
export class JwtVerifier {
  private readonly checks: JWTVerifyOptions;

  constructor(private readonly options: JwtVerifierOptions) {
    this.checks = {
      issuer: options.issuer,
      audience: [...options.audiences],
      algorithms: [...options.algorithms],
      clockTolerance: options.clockSkewSeconds,
      requiredClaims: ['exp'],
    };
  }

  /** @throws InvalidTokenError; KeySetUnavailableError when nothing can be verified now */
  async verify(token: string): Promise<VerifiedToken> {
    let payload: JWTPayload;
    try {
      ({ payload } = await jwtVerify(token, this.options.keys.keyFor, this.checks));
    } catch (error) {
      if (error instanceof KeySetUnavailableError) throw error;
      // Also whatever the platform's cryptography thinks of a key or a signature: no token makes the server fail.
      const { code, name } = error as { code?: unknown; name: string };
      throw new InvalidTokenError(typeof code === 'string' ? code : name);
    }
    return { principal: this.principalOf(payload), expires: (payload.exp as number) * 1000 };
  }

  private principalOf(payload: JWTPayload): Principal {
    const subject = payload.sub ?? payload.client_id ?? payload.azp ?? '';
    const id = `jwt:${hash('sha256', JSON.stringify([payload.iss, subject]), 'base64url')}`;
    const { userClaim } = this.options;
    if (userClaim === undefined) return { id, scopes: scopesOf(payload) };
    const user = Object.hasOwn(payload, userClaim) ? payload[userClaim] : undefined;
    if (typeof user !== 'string' || user === '') throw new InvalidTokenError('ERR_NO_USER_CLAIM');
    return { id, scopes: scopesOf(payload), user };
  }
}

/** `scope` of RFC 8693 and RFC 9068, separated by spaces; `scp`, a text or a list, is what Entra ID and Okta write. */
function scopesOf({ scope, scp }: JWTPayload): ReadonlySet<string> {
  const scopes = new Set<string>();
  for (const value of [scope, scp]) {
    if (typeof value === 'string') for (const one of value.split(' ')) scopes.add(one);
    else if (Array.isArray(value)) for (const one of value) if (typeof one === 'string') scopes.add(one);
  }
  return scopes;
}
