import type { IncomingHttpHeaders } from 'node:http';

/** Longest token or key that is looked at; what identity providers issue has 1 to 4 KiB. */
export const MAX_CREDENTIAL_LENGTH = 8192;

/** The headers that authenticate, of HTTP or of gRPC's metadata. */
export type CredentialHeaders = Pick<IncomingHttpHeaders, 'authorization'> & {
  readonly 'x-api-key'?: string | string[];
};

/** No more of it is checked here: what verifies a token or a key refuses whatever is none, and long texts cost time. */
const BEARER = /^bearer +/i;

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
    if (typeof key !== 'string' || key === '' || key.length > MAX_CREDENTIAL_LENGTH) return 'malformed';
    return { token: key, header: 'x-api-key' };
  }
  if (authorization === undefined || authorization.length > MAX_CREDENTIAL_LENGTH) return 'malformed';
  const scheme = BEARER.exec(authorization)?.[0];
  if (scheme === undefined || scheme.length === authorization.length) return 'malformed';
  return { token: authorization.slice(scheme.length), header: 'authorization' };
}
