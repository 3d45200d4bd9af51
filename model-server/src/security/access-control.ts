import { Problem } from '../problem';
import type { Authenticator } from './authenticator';
import type { CredentialHeaders } from './credentials';
import { foreignUser, missingScope, type Principal } from './principal';
import type { Quota, RateLimit } from './rate-limit';
import type { RateLimitPolicy } from './rate-limit-headers';
import type { Scope } from './scopes';

export interface Limit {
  readonly limit: RateLimit;
  readonly policy: RateLimitPolicy;
}

export interface AccessControlOptions {
  /** Without it everybody may do everything. */
  readonly authenticator?: Authenticator;
  /** Of each principal. */
  readonly perCaller?: Limit;
  /** Of each address. */
  readonly perAddress?: Limit;
}

export interface AccessRequest {
  /** Headers of HTTP, or metadata of gRPC by the same names. */
  readonly headers: CredentialHeaders;
  readonly scope: Scope;
  /** Customer that the request names, as far as its head tells. */
  readonly user?: string;
}

/** Who may do what, and how often; knows nothing of Express, so that gRPC asks the same. */
export class AccessControl {
  constructor(private readonly options: AccessControlOptions) {}

  get authenticates(): boolean {
    return this.options.authenticator !== undefined;
  }

  /** Whether anything is checked at all. */
  get isActive(): boolean {
    return this.authenticates || this.options.perAddress !== undefined;
  }

  get perAddress(): Limit | undefined {
    return this.options.perAddress;
  }

  get perCaller(): Limit | undefined {
    return this.options.perCaller;
  }

  /** The caller, known or refused: `unauthorized`, `authentication-unavailable`; `undefined` when nobody is asked. */
  authenticate(headers: CredentialHeaders): Principal | undefined | Problem | Promise<Principal | Problem> {
    return this.options.authenticator?.authenticate(headers);
  }

  /** Why a principal may not do this: the scope it lacks, or the customer that is not its own. */
  authorize(principal: Principal, { scope, user }: Omit<AccessRequest, 'headers'>): Problem | undefined {
    return missingScope(principal, scope) ?? foreignUser(principal, user, scope);
  }

  /** Counts a request of a principal; `undefined` without a limit. */
  countCaller(principal: Principal): Quota | undefined | Promise<Quota> {
    return this.options.perCaller?.limit.take(principal.id);
  }

  /**
   * All of it, for one request that comes without Express.
   *
   * @param address group that the client's address belongs to, see {@link addressGroup}
   * @returns the caller, `undefined` when nobody is asked who they are, or why the request is refused
   */
  async admit(request: AccessRequest, address: string): Promise<Principal | undefined | Problem> {
    const { perAddress, perCaller } = this.options;
    const share = await perAddress?.limit.take(address);
    if (share && !share.allowed) return (perAddress as Limit).policy.exceeded(share);
    const caller = await this.authenticate(request.headers);
    if (caller === undefined) return undefined;
    if (caller instanceof Problem) return caller;
    const own = await this.countCaller(caller);
    if (own && !own.allowed) return (perCaller as Limit).policy.exceeded(own);
    const problem = this.authorize(caller, request);
    return problem ? problem : caller;
  }
}
