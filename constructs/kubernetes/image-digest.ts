import { Token } from 'cdktf';
import type { Construct } from 'constructs';
import { ConfigError } from '../../src';

/** Refuses an image by tag, which can change under a running deployment. A variable is checked by Terraform instead. */
export function checkImageDigest(image: string, scope: Construct): void {
  if (Token.isUnresolved(image) || /@sha256:[0-9a-f]{64}$/.test(image)) return;
  throw new ConfigError(
    `image is ${image}, which has no digest; allowed is registry/path@sha256:<64 hex digits>. 'docker buildx imagetools inspect ${image}' prints it.`,
    scope,
  );
}
