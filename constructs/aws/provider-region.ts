import { TerraformProvider, TerraformStack, Token } from 'cdktf';
import type { Construct } from 'constructs';

/** The region of a provider, by default the stack's own; `undefined` where synth doesn't know it. */
export function providerRegion(scope: Construct, provider = ownProvider(scope)): string | undefined {
  const { region } = (provider ?? {}) as { readonly region?: string };
  return Token.isUnresolved(region) ? undefined : region;
}

function ownProvider(scope: Construct): TerraformProvider | undefined {
  return TerraformStack.of(scope)
    .node.children.filter((child) => TerraformProvider.isTerraformProvider(child))
    .find(({ terraformResourceType, alias }) => terraformResourceType === 'aws' && !alias);
}
