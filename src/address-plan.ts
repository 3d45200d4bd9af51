import type { EnvironmentName } from './config/schema';

const CLOUD_BLOCK = { aws: 0, azure: 1 } as const;
const ENVIRONMENT_BLOCK: Record<EnvironmentName, number> = { dev: 0, staging: 1, prod: 2 };

/**
 * The /16 of a cloud and environment: 10.64.0.0/16 to 10.79.0.0/16, eight to a cloud, so that any two can be peered.
 * 10.64/12 leaves out the ranges that home routers, Docker (172.17/16) and both clouds' Kubernetes services default to.
 */
export function defaultNetworkCidr(cloud: keyof typeof CLOUD_BLOCK, environment: EnvironmentName): string {
  return `10.${64 + CLOUD_BLOCK[cloud] * 8 + ENVIRONMENT_BLOCK[environment]}.0.0/16`;
}

/**
 * The `index`th subnet of `newBits` more prefix bits, as Terraform's `cidrsubnet` counts them.
 *
 * @example subnet('10.64.0.0/16', 4, 1) // 10.64.16.0/20
 */
export function subnet(cidr: string, newBits: number, index: number): string {
  const [address = '', bits = ''] = cidr.split('/');
  const prefix = Number(bits) + newBits;
  const base = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const start = base + index * 2 ** (32 - prefix);
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256);
  return `${octets.join('.')}/${prefix}`;
}
