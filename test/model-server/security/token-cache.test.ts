import { TokenCache } from '../../../model-server/src/security/token-cache';

const principal = { id: 'jwt:x', scopes: new Set(['admin']) };
const NOW = Date.parse('2026-11-21T12:00:00Z');

describe('the cache of verified tokens', () => {
  let clock: jest.SpyInstance<number>;
  beforeEach(() => {
    clock = jest.spyOn(Date, 'now').mockReturnValue(NOW);
  });
  afterEach(() => clock.mockRestore());

  it('knows a token for 60 seconds', () => {
    const cache = new TokenCache(10);
    cache.set('token', principal, NOW + 3_600_000);
    clock.mockReturnValue(NOW + 59_999);
    expect(cache.get('token')).toBe(principal);
    clock.mockReturnValue(NOW + 60_000);
    expect(cache.get('token')).toBeUndefined();
  });

  it('never knows a token past its end, nor one that is accepted only because clocks may differ', () => {
    const cache = new TokenCache(10);
    cache.set('short', principal, NOW + 5000);
    cache.set('late', principal, NOW - 1);
    expect([cache.get('short'), cache.get('late')]).toEqual([principal, undefined]);
    clock.mockReturnValue(NOW + 5000);
    expect(cache.get('short')).toBeUndefined();
  });

  it('knows another token by no part of it', () => {
    const cache = new TokenCache(10);
    cache.set('head.payload.signature', principal, NOW + 5000);
    expect(cache.get('head.PAYLOAD.signature')).toBeUndefined();
    expect(cache.get('head.payload.signaturE')).toBeUndefined();
  });

  it('keeps as many as it is told, those used last', () => {
    const cache = new TokenCache(2);
    for (const token of ['a', 'b']) cache.set(token, principal, NOW + 5000);
    cache.get('a');
    cache.set('c', principal, NOW + 5000);
    expect(['a', 'b', 'c'].map((token) => cache.get(token) !== undefined)).toEqual([true, false, true]);
  });

  it('keeps none when its size is 0', () => {
    const cache = new TokenCache(0);
    cache.set('token', principal, NOW + 5000);
    expect(cache.get('token')).toBeUndefined();
  });
});
