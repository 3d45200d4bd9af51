import type { Response } from 'express';
import { Problem } from '../problem';
import type { Quota, RateLimitOptions } from './rate-limit';

/**
 * Tells a client its share, by the fields of draft-ietf-httpapi-ratelimit-headers-10: `RateLimit-Policy` has each
 * policy's quota `q` and window `w`, `RateLimit` what is left of it, `r`, and the seconds `t` until it is whole again.
 */
export class RateLimitPolicy {
  private readonly policy: string;

  /** @param name of the policy in the fields: `address`, `caller` */
  constructor(
    private readonly name: string,
    { requests, seconds }: RateLimitOptions,
  ) {
    this.policy = `"${name}";q=${requests};w=${seconds}`;
  }

  /**
   * Sets the fields, after those of another policy that was set before.
   *
   * @returns `too-many-requests` when the quota is used up; its `Retry-After` is set too
   */
  apply(quota: Quota, response: Response): Problem | undefined {
    const left = `"${this.name}";r=${quota.remaining};t=${quota.resetSeconds}`;
    append(response, 'RateLimit-Policy', this.policy);
    append(response, 'RateLimit', left);
    if (quota.allowed) return undefined;
    response.setHeader('Retry-After', quota.resetSeconds);
    return this.exceeded(quota);
  }

  exceeded({ resetSeconds }: Quota): Problem {
    return new Problem(
      'too-many-requests',
      `the limit of this ${this.name} is used up; try again in ${resetSeconds} s`,
    );
  }
}

function append(response: Response, name: string, value: string): void {
  const before = response.getHeader(name);
  response.setHeader(name, before === undefined ? value : `${before}, ${value}`);
}
