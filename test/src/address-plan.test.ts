import { defaultNetworkCidr, ENVIRONMENTS, subnet } from '../../src';

const range = (cidr: string): [number, number] => {
  const [address = '', bits = ''] = cidr.split('/');
  const start = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return [start, start + 2 ** (32 - Number(bits)) - 1];
};
const overlap = (a: string, b: string) => range(a)[0] <= range(b)[1] && range(b)[0] <= range(a)[1];

const networks = (['aws', 'azure'] as const).flatMap((cloud) =>
  ENVIRONMENTS.map((environment) => defaultNetworkCidr(cloud, environment)),
);

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
