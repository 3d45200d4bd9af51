import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Principal } from './principal';

/** A key that its issuer withdraws, or a scope that it takes away, still counts for this long at most. */
export const MAX_CACHED_MS = 60_000;

/** Tokens that were verified a short time ago, by their hash: the memory holds no token that would still work. */
export class TokenCache {
  private readonly entries: LRUCache<string, { readonly principal: Principal; readonly until: number }> | undefined;

  /** @param size tokens at most; 0 keeps none */
  constructor(size: number) {
    this.entries = size > 0 ? new LRUCache({ max: size }) : undefined;
  }

  get(token: string): Principal | undefined {
    if (!this.entries) return undefined;
    const entry = this.entries.get(hash('sha256', token, 'base64'));
    return entry && Date.now() < entry.until ? entry.principal : undefined;
  }

  /** @param expires the token's own end, milliseconds since the epoch, without any allowance for clocks */
  set(token: string, principal: Principal, expires: number): void {
    const now = Date.now();
    if (!this.entries || expires <= now) return;
    this.entries.set(hash('sha256', token, 'base64'), { principal, until: Math.min(expires, now + MAX_CACHED_MS) });
  }
}
