import { Problem } from '../problem';
import type { Scope } from './scopes';

/** Who calls, as far as the server needs to know. */
export interface Principal {
  /** `key:` and an API key's id, or `jwt:` and a hash of the token's issuer and subject: it names no person. */
  readonly id: string;
  readonly scopes: ReadonlySet<string>;
  /** The one customer whose data the caller may see; without it the scopes alone decide. */
  readonly user?: string;
}

export function hasScope({ scopes }: Principal, scope: Scope): boolean {
  return scopes.has(scope) || scopes.has('admin');
}

/** @returns `forbidden`, which names the scope that is missing, or `undefined` when the principal has it */
export function missingScope(principal: Principal, scope: Scope): Problem | undefined {
  if (hasScope(principal, scope)) return undefined;
  return new Problem('forbidden', `the credentials lack the scope ${scope}`);
}

/** Scopes by which a caller reaches customers other than one that the request names. */
const ABOUT_ANY_USER: ReadonlySet<Scope> = new Set(['users:read', 'users:delete', 'metrics:read', 'admin']);

/**
 * Whether a principal that is bound to a customer asks for another one's data, or for everybody's.
 *
 * @param user customer that the request names; `undefined` when it names none
 */
export function foreignUser(principal: Principal, user: string | undefined, scope: Scope): Problem | undefined {
  if (principal.user === undefined || principal.user === user) return undefined;
  if (user === undefined && !ABOUT_ANY_USER.has(scope)) return undefined;
  return new Problem('forbidden', 'the credentials are for one customer, and this is not about that one');
}
