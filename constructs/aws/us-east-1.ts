import type { TerraformProvider } from 'cdktf';
import type { Construct } from 'constructs';
import { ConfigError } from '../../src';
import { providerRegion } from './provider-region';

/** Where AWS keeps what serves the whole world: CloudFront's certificates and web ACLs, Route 53's logs and keys. */
export const US_EAST_1 = 'us-east-1';

/**
 * The provider for what must be in us-east-1: the one that is given, or `undefined`, which is the stack's own.
 *
 * @throws ConfigError when the stack's own provider is of another region
 */
export function inUsEast1(scope: Construct, usEast1: TerraformProvider | undefined): TerraformProvider | undefined {
  if (usEast1) return usEast1;
  const region = providerRegion(scope);
  if (region === undefined || region === US_EAST_1) return undefined;
  throw new ConfigError(
    `usEast1 is missing and the stack's provider is of ${region}; this must be in ${US_EAST_1}. Pass an AwsProvider with an alias and the region ${US_EAST_1}.`,
    scope,
  );
}
