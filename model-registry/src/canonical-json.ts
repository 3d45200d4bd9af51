import { createHash } from 'node:crypto';
import { canonicalize } from 'json-canonicalize';

/**
 * A value as canonical JSON, RFC 8785: keys sorted by UTF-16 code unit, no whitespace, numbers in ECMAScript's shortest
 * form, UTF-8. Equal values give equal bytes.
 *
 * @throws Error for NaN and infinities, which JSON can't hold
 */
export function canonicalJson(value: unknown): Buffer {
  return Buffer.from(canonicalize(value), 'utf8');
}

/** The lowercase hex SHA-256 of some bytes. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
