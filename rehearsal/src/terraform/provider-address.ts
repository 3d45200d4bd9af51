export const REGISTRY = 'registry.terraform.io';

/** `azurerm` and `hashicorp/azurerm` → `registry.terraform.io/hashicorp/azurerm`, by Terraform's own defaults. */
export function providerAddress(source: string): string {
  const parts = source.split('/');
  return [...[REGISTRY, 'hashicorp'].slice(0, 3 - parts.length), ...parts].join('/');
}
