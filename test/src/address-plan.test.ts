import fc from 'fast-check';
import {
  type CloudName,
  defaultNetworkCidr,
  ENVIRONMENTS,
  overlap,
  subnet,
  subnetTiers,
  tierSubnet,
  tierZones,
} from '../../src';

const CLOUDS = ['aws', 'azure'] as const;
const range = (cidr: string): [number, number] => {
  const [address = '', bits = ''] = cidr.split('/');
  const start = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return [start, start + 2 ** (32 - Number(bits)) - 1];
};

const networks = CLOUDS.flatMap((cloud) => ENVIRONMENTS.map((environment) => defaultNetworkCidr(cloud, environment)));

test('each cloud and environment has a /16 of its own', () => {
  expect(networks).toEqual([
    '10.64.0.0/16',
    '10.65.0.0/16',
    '10.66.0.0/16',
    '10.72.0.0/16',
    '10.73.0.0/16',
    '10.74.0.0/16',
  ]);
});

test('no two networks overlap, so any can be peered', () => {
  const overlapping = networks.flatMap((a, i) => networks.slice(i + 1).filter((b) => overlap(a, b)));
  expect(overlapping).toEqual([]);
  expect(overlap('10.64.0.0/16', '10.64.128.0/20')).toBe(true);
});

// Defaults of EKS, AKS, Docker and home routers, which a VPN or a pod would meet.
test.each(['10.100.0.0/16', '172.20.0.0/16', '10.0.0.0/16', '172.17.0.0/16', '192.168.0.0/16'])(
  'none overlaps %s',
  (taken) => {
    expect(networks.filter((network) => overlap(network, taken))).toEqual([]);
  },
);

test.each([
  ['10.64.0.0/16', 4, 0, '10.64.0.0/20'],
  ['10.64.0.0/16', 4, 15, '10.64.240.0/20'],
  ['10.64.0.0/16', 8, 255, '10.64.255.0/24'],
  ['10.0.0.0/8', 16, 256, '10.1.0.0/24'],
  ['255.255.0.0/16', 16, 65535, '255.255.255.255/32'],
])("subnet('%s', %d, %d) is %s, as Terraform's cidrsubnet counts", (cidr, newBits, index, expected) => {
  expect(subnet(cidr, newBits, index)).toBe(expected);
});

test('the subnets of a network share no address and fill it', () => {
  const subnets = Array.from({ length: 16 }, (_, index) => subnet('10.64.0.0/16', 4, index));
  expect(subnets.map((cidr) => range(cidr)[0]).slice(1)).toEqual(
    subnets.map((cidr) => range(cidr)[1] + 1).slice(0, -1),
  );
  expect([range(subnets[0] as string)[0], range(subnets[15] as string)[1]]).toEqual(range('10.64.0.0/16'));
});

/** Every block that the plan gives to somebody: a tier in a zone of an environment of a cloud. */
const blocks = CLOUDS.flatMap((cloud) =>
  ENVIRONMENTS.flatMap((environment) => blocksOf(cloud, defaultNetworkCidr(cloud, environment))),
);

function blocksOf(cloud: CloudName, network: string): { network: string; block: string }[] {
  return subnetTiers(cloud).flatMap((tier) =>
    Array.from({ length: tierZones(cloud, tier) }, (_, zone) => ({
      network,
      block: tierSubnet(cloud, network, tier, zone),
    })),
  );
}

const anyBlock = fc.constantFrom(...blocks);
const octet = fc.integer({ min: 0, max: 255 });

test('each tier of each cloud and environment has blocks in its own network, 42 in all', () => {
  expect(blocks).toHaveLength(3 * (3 * 4) + 3 * 2);
  for (const { network, block } of blocks) expect(overlap(network, block)).toBe(true);
});

test('no two blocks of the plan overlap', () => {
  fc.assert(
    fc.property(anyBlock, anyBlock, (one, other) => one === other || !overlap(one.block, other.block)),
    { numRuns: 2_000 },
  );
});

test("the blocks of a network of one's own lie in it, apart from each other", () => {
  fc.assert(
    fc.property(fc.constantFrom(...CLOUDS), octet, octet, (cloud, first, second) => {
      const network = `${first}.${second}.0.0/16`;
      const own = blocksOf(cloud, network).map(({ block }) => range(block));
      const [start, end] = range(network);
      const sorted = own.sort(([a], [b]) => a - b);
      return (
        own.every(([from, to]) => from >= start && to <= end) &&
        sorted.every(([from], index) => index === 0 || from > (sorted[index - 1]?.[1] ?? 0))
      );
    }),
  );
});

test('two ranges overlap when an address is in both, and in no other case', () => {
  const cidr = fc
    .tuple(octet, octet, octet, octet, fc.integer({ min: 1, max: 32 }))
    .map(([a, b, c, d, bits]) => subnet(`${a}.${b}.${c}.${d}/${bits}`, 0, 0));
  fc.assert(
    fc.property(cidr, cidr, (one, other) => {
      const [a, b] = [range(one), range(other)];
      return overlap(one, other) === (a[0] <= b[1] && b[0] <= a[1]) && overlap(one, other) === overlap(other, one);
    }),
  );
  expect(overlap('10.64.0.0/16', '10.64.128.0/20')).toBe(true);
});

test('fails when a zone has no block in a tier', () => {
  expect(() => tierSubnet('aws', '10.66.0.0/16', 'public', 4)).toThrow(
    'zone is 4; the public subnets of aws have room for 4, counted from 0.',
  );
});
