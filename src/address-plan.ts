import type { EnvironmentName } from './config/schema';
import { ConfigError } from './errors';

const CLOUD_BLOCK = { aws: 0, azure: 1 } as const;
const ENVIRONMENT_BLOCK: Record<EnvironmentName, number> = { dev: 0, staging: 1, prod: 2 };

export type CloudName = keyof typeof CLOUD_BLOCK;

/** Where a tier of subnets is in its network. */
interface Tier {
  /** Prefix bits of a subnet beyond its network's. */
  readonly newBits: number;
  /** Which block of that size is the first zone's; the other zones' follow. */
  readonly first: number;
  /** Most zones it has room for. */
  readonly zones: number;
}

/** Which block of a network is whose. What no tier has is free for subnets of one's own. */
const TIERS = {
  aws: {
    /** Nodes and pods: of a /16 four /20s with 4,091 addresses each, x.y.0.0 to x.y.63.255. */
    private: { newBits: 4, first: 0, zones: 4 },
    /** Load balancers and NAT gateways need few addresses: /24s, x.y.240.0 to x.y.243.255. */
    public: { newBits: 8, first: 240, zones: 4 },
    /** What a cloud runs for us takes an address or two: /24s, x.y.244.0 to x.y.247.255. */
    isolated: { newBits: 8, first: 244, zones: 4 },
  },
  azure: {
    /** A subnet spans the zones of its location: of a /16 one /20, x.y.0.0 to x.y.15.255. Pods are in an overlay. */
    nodes: { newBits: 4, first: 0, zones: 1 },
    /** x.y.16.0/24 */
    privateEndpoints: { newBits: 8, first: 16, zones: 1 },
  },
} as const satisfies Record<CloudName, Record<string, Tier>>;

/** The tiers of subnets that a cloud's network has. */
export type SubnetTier<Cloud extends CloudName> = keyof (typeof TIERS)[Cloud] & string;

/**
 * The /16 of a cloud and environment: 10.64.0.0/16 to 10.79.0.0/16, eight to a cloud, so that any two can be peered.
 * 10.64/12 leaves out the ranges that home routers, Docker (172.17/16) and both clouds' Kubernetes services default to.
 */
export function defaultNetworkCidr(cloud: CloudName, environment: EnvironmentName): string {
  return `10.${64 + CLOUD_BLOCK[cloud] * 8 + ENVIRONMENT_BLOCK[environment]}.0.0/16`;
}

/** The tiers of a cloud's network, by name. */
export function subnetTiers<Cloud extends CloudName>(cloud: Cloud): SubnetTier<Cloud>[] {
  return Object.keys(TIERS[cloud]) as SubnetTier<Cloud>[];
}

/** Most zones that a tier has room for. */
export function tierZones<Cloud extends CloudName>(cloud: Cloud, tier: SubnetTier<Cloud>): number {
  return tierOf(cloud, tier).zones;
}

/**
 * A tier's subnet in one zone of a network.
 *
 * @param zone counted from 0
 * @throws ConfigError when the tier has no room for the zone
 * @example tierSubnet('aws', '10.66.0.0/16', 'public', 1) // 10.66.241.0/24
 */
export function tierSubnet<Cloud extends CloudName>(
  cloud: Cloud,
  networkCidr: string,
  tier: SubnetTier<Cloud>,
  zone = 0,
): string {
  const { newBits, first, zones } = tierOf(cloud, tier);
  if (!Number.isInteger(zone) || zone < 0 || zone >= zones) {
    throw new ConfigError(`zone is ${zone}; the ${tier} subnets of ${cloud} have room for ${zones}, counted from 0.`);
  }
  return subnet(networkCidr, newBits, first + zone);
}

/**
 * The `index`th subnet of `newBits` more prefix bits, as Terraform's `cidrsubnet` counts them.
 *
 * @example subnet('10.64.0.0/16', 4, 1) // 10.64.16.0/20
 */
export function subnet(cidr: string, newBits: number, index: number): string {
  const [, bits = ''] = cidr.split('/');
  const prefix = Number(bits) + newBits;
  const start = bounds(cidr).start + index * 2 ** (32 - prefix);
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256);
  return `${octets.join('.')}/${prefix}`;
}

/** Whether two IPv4 ranges share an address. */
export function overlap(a: string, b: string): boolean {
  const [first, second] = [bounds(a), bounds(b)];
  return first.start < second.end && second.start < first.end;
}

function tierOf<Cloud extends CloudName>(cloud: Cloud, tier: SubnetTier<Cloud>): Tier {
  return (TIERS[cloud] as Record<string, Tier>)[tier] as Tier;
}

function bounds(cidr: string): { start: number; end: number } {
  const [address = '', prefix = ''] = cidr.split('/');
  const size = 2 ** (32 - Number(prefix));
  const value = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const start = value - (value % size);
  return { start, end: start + size };
}
