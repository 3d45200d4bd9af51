import { Token } from 'cdktf';
import type { Construct } from 'constructs';
import { ConfigError } from '../../src';

/** Refuses an image by tag, which can change under a running deployment. A variable is checked by Terraform instead. */
export function checkImageDigest(image: string, scope?: Construct): void {
  if (Token.isUnresolved(image) || /@sha256:[0-9a-f]{64}$/.test(image)) return;
  throw new ConfigError(
    `image is ${image}, which has no digest; allowed is registry/path@sha256:<64 hex digits>. 'docker buildx imagetools inspect ${image}' prints it.`,
    scope,
  );
}

/** Refuses a tag that a chart would put behind an image without a digest. */
export function checkTagDigest(prop: string, tag: string, scope: Construct): void {
  if (Token.isUnresolved(tag) || /^\w[\w.-]*@sha256:[0-9a-f]{64}$/.test(tag)) return;
  throw new ConfigError(`${prop} is ${tag}; allowed is a tag with its digest, 1.2.3@sha256:<64 hex digits>.`, scope);
}
