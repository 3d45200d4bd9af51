import type { Construct } from 'constructs';
import { ConfigError } from '../../../src';

/**
 * An image by its digest: a tag could be moved to another one.
 *
 * @param digest `sha256:` and 64 hex digits, as a push prints it
 * @throws ConfigError when it is a tag or something else
 */
export function imageByDigest(repositoryUrl: string, digest: string, scope?: Construct): string {
  if (/^sha256:[0-9a-f]{64}$/.test(digest)) return `${repositoryUrl}@${digest}`;
  throw new ConfigError(`the image's digest is ${digest}; it must be sha256: and 64 lowercase hex digits.`, scope);
}
