import type { IncomingHttpHeaders } from 'node:http';

/** Longest token or key that is looked at; what identity providers issue has 1 to 4 KiB. */
export const MAX_CREDENTIAL_LENGTH = 8192;

/** The headers that authenticate, of HTTP or of gRPC's metadata. */
export type CredentialHeaders = Pick<IncomingHttpHeaders, 'authorization'> & {
  readonly 'x-api-key'?: string | string[];
};

/** The characters of RFC 6750's `b64token`, which are those of a JWT and of an API key too. */
const BEARER = /^bearer +([\w.~+/-]+=*) *$/i;
const KEY = /^[\w.~+/-]+=*$/;

/**
 * The token or key of a request: `Authorization: Bearer …` (RFC 6750, 2.1) or `x-api-key: …`.
 *
 * @returns `missing` when there is none, `malformed` when there are two, it is too long, or it is of another scheme
 */
export function credentialOf(
  headers: CredentialHeaders,
): { readonly token: string; readonly header: 'authorization' | 'x-api-key' } | 'missing' | 'malformed' {
  const { authorization, 'x-api-key': key } = headers;
  if (authorization === undefined && key === undefined) return 'missing';
  if (authorization !== undefined && key !== undefined) return 'malformed';
  if (key !== undefined) {
    if (typeof key !== 'string' || key.length > MAX_CREDENTIAL_LENGTH || !KEY.test(key)) return 'malformed';
    return { token: key, header: 'x-api-key' };
  }
  if (authorization === undefined || authorization.length > MAX_CREDENTIAL_LENGTH) return 'malformed';
  const token = BEARER.exec(authorization)?.[1];
  return token === undefined ? 'malformed' : { token, header: 'authorization' };
}
