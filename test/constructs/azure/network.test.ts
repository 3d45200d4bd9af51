import { Network, type NetworkProps } from '../../../constructs/azure';
import { onAzure, RESOURCE_GROUP, ref, rendered } from './fixtures';

const synthesized = (props: Partial<NetworkProps> = {}) =>
  onAzure((stack) => {
    new Network(stack, 'Network', {
      networkName: 'shop-prod',
      resourceGroup: RESOURCE_GROUP,
      cidr: '10.72.0.0/16',
      ...props,
    });
  });
const subnets = () => Object.values(synthesized().resources('azurerm_subnet'));
const rules = () => Object.values(synthesized().resources('azurerm_network_security_rule'));

test('nodes get 4,096 addresses and private endpoints 256, apart from each other', () => {
  expect(subnets().map(({ name, address_prefixes }) => [name, address_prefixes])).toEqual([
    ['nodes', ['10.72.0.0/20']],
    ['private-endpoints', ['10.72.16.0/24']],
  ]);
});

test('no subnet has the way out that Azure gives by default', () => {
  expect(subnets().map((subnet) => subnet.default_outbound_access_enabled)).toEqual([false, false]);
});

test("nodes leave by the cluster's load balancer from one fixed address in three zones", () => {
  const stack = synthesized();
  expect(stack.resourceTypes().filter((type) => type.includes('nat_gateway'))).toEqual([]);
  expect(stack.resource('azurerm_public_ip')).toMatchObject({
    allocation_method: 'Static',
    sku: 'Standard',
    zones: ['1', '2', '3'],
  });
  expect(
    rendered((built) => {
      const networkName = 'shop-prod';
      const network = new Network(built, 'Network', {
        networkName,
        resourceGroup: RESOURCE_GROUP,
        cidr: '10.72.0.0/16',
      });
      return network.loadBalancerEgressIpId;
    }),
  ).toBe(ref('azurerm_public_ip.Network_EgressIp_2A6E0FAB.id'));
});

test('or through a NAT gateway, from the same address', () => {
  const stack = synthesized({ egress: 'nat-gateway' });
  expect(stack.resource('azurerm_nat_gateway')).toMatchObject({ name: 'shop-prod-egress', sku_name: 'Standard' });
  expect(stack.resource('azurerm_nat_gateway_public_ip_association')).toMatchObject({
    nat_gateway_id: ref('azurerm_nat_gateway.Network_NatGateway_3E2F903D.id'),
    public_ip_address_id: ref('azurerm_public_ip.Network_EgressIp_2A6E0FAB.id'),
  });
  expect(stack.resource('azurerm_subnet_nat_gateway_association')).toMatchObject({
    subnet_id: ref('azurerm_subnet.Network_NodeSubnet_C16332AA.id'),
  });
});

test('in a location without zones the address has none', () => {
  expect(synthesized({ zones: [] }).resource('azurerm_public_ip').zones).toEqual([]);
});

test('each subnet has security rules of its own', () => {
  const associated = Object.values(synthesized().resources('azurerm_subnet_network_security_group_association'));
  expect(associated.map(({ subnet_id }) => subnet_id)).toEqual([
    ref('azurerm_subnet.Network_NodeSubnet_C16332AA.id'),
    ref('azurerm_subnet.Network_PrivateEndpointSubnet_FA0666BE.id'),
  ]);
  expect(new Set(associated.map((association) => association.network_security_group_id)).size).toBe(2);
});

test('private endpoints answer nodes by TLS, and nobody else', () => {
  const [, allow, deny] = rules();
  expect(allow).toMatchObject({
    access: 'Allow',
    priority: 100,
    protocol: 'Tcp',
    source_address_prefix: '10.72.0.0/20',
    destination_address_prefix: '10.72.16.0/24',
    destination_port_range: '443',
  });
  expect(deny).toMatchObject({ access: 'Deny', priority: 4096, source_address_prefix: '*', protocol: '*' });
  expect(synthesized().resources('azurerm_subnet')).toMatchObject({
    Network_PrivateEndpointSubnet_FA0666BE: { private_endpoint_network_policies: 'Enabled' },
  });
});

test('no rule lets anybody in but nodes and pods', () => {
  const allowed = rules().filter(({ access }) => access === 'Allow');
  expect(allowed.flatMap((rule) => rule.source_address_prefixes ?? rule.source_address_prefix)).toEqual([
    '10.72.0.0/20',
    '10.244.0.0/16',
    '10.72.0.0/20',
  ]);
});

test.each(['10.72.0.0/21', '10.72.0.0/7', '10.72.0.0', 'fd00::/16'])('fails when the range is %s', (cidr) => {
  expect(() => synthesized({ cidr })).toThrow(
    `test/Network: cidr is ${cidr}; it must be an IPv4 range of /8 to /20, such as 10.72.0.0/16.`,
  );
});

test.each([
  ['10.0.0.0/16', '10.0.0.0/16'],
  ['10.244.128.0/20', '10.244.0.0/16'],
  ['10.0.0.0/8', '10.244.0.0/16'],
])('fails when the range %s overlaps %s, which the cluster uses', (cidr, taken) => {
  expect(() => synthesized({ cidr })).toThrow(`cidr ${cidr} overlaps ${taken}, which the cluster uses inside`);
});

test('the template reads as expected', async () => {
  expect(await synthesized().hcl()).toMatchSnapshot();
});
