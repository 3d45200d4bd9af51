import fc from 'fast-check';
import { credentialOf, MAX_CREDENTIAL_LENGTH } from '../../../model-server/src/security/credentials';

describe('the credential of a request', () => {
  it.each(['Bearer abc', 'bearer abc', 'BEARER   abc'])('is taken from Authorization: %s', (value) => {
    expect(credentialOf({ authorization: value })).toEqual({ token: 'abc', header: 'authorization' });
  });

  it('is taken from x-api-key', () => {
    expect(credentialOf({ 'x-api-key': 'rk_shop_x' })).toEqual({ token: 'rk_shop_x', header: 'x-api-key' });
  });

  it('is missing without either header', () => {
    expect(credentialOf({})).toBe('missing');
  });

  it.each([
    ['of another scheme', { authorization: 'Basic YTpi' }],
    ['without a token', { authorization: 'Bearer' }],
    ['with an empty token', { authorization: 'Bearer ' }],
    ['with the scheme run into the token', { authorization: 'Bearerabc' }],
    ['that is empty', { authorization: '' }],
    ['with an empty key', { 'x-api-key': '' }],
    ['that was sent twice, as gRPC lists it', { 'x-api-key': ['rk_a', 'rk_b'] }],
    ['in both headers', { authorization: 'Bearer a', 'x-api-key': 'a' }],
    ['that is longer than any', { authorization: `Bearer ${'a'.repeat(MAX_CREDENTIAL_LENGTH)}` }],
    ['as a key that is longer than any', { 'x-api-key': 'a'.repeat(MAX_CREDENTIAL_LENGTH + 1) }],
  ])('is malformed %s', (_, headers) => {
    expect(credentialOf(headers)).toBe('malformed');
  });

  it('is found in whatever is sent, or not: it never throws, and what it finds was sent and is no longer than it may be', () => {
    const header = fc.option(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string().map((text) => `Bearer ${text}`),
        fc.stringMatching(/^[\w.~+/-]+=*$/).map((text) => `bEaReR ${text}`),
      ),
      { nil: undefined },
    );
    fc.assert(
      fc.property(header, header, (authorization, key) => {
        const found = credentialOf({ authorization, 'x-api-key': key });
        if (typeof found === 'string') return ['missing', 'malformed'].includes(found);
        const { token, header } = found;
        const sent = header === 'authorization' ? authorization : key;
        return sent?.endsWith(token) === true && token.length > 0 && token.length <= MAX_CREDENTIAL_LENGTH;
      }),
      { numRuns: 2000 },
    );
  });
});
