import { Network, type NetworkProps } from '../../../constructs/aws';
import { onAws, statements } from './fixtures';

const withProps = (props: Partial<NetworkProps>) =>
  onAws((stack) => void new Network(stack, 'Network', { networkName: 'shop-prod', cidr: '10.66.0.0/16', ...props }));
const defaults = withProps({});
const network = (props?: Partial<NetworkProps>) => (props ? withProps(props) : defaults);
const values = (resources: Record<string, Record<string, unknown>>, attribute: string) =>
  Object.values(resources).map((resource) => resource[attribute]);

test('two zones by default, each with a /20 for pods and a /24 for load balancers', () => {
  expect(values(network().resources('aws_subnet'), 'cidr_block').sort()).toEqual([
    '10.66.0.0/20',
    '10.66.16.0/20',
    '10.66.240.0/24',
    '10.66.241.0/24',
  ]);
});

test.each([2, 3, 4])('%i zones have a public and a private subnet each', (zones) => {
  const subnets = Object.values(network({ zones }).resources('aws_subnet'));
  const tagged = (key: string) => subnets.filter(({ tags }) => (tags as Record<string, string>)[key] === '1');
  expect(tagged('kubernetes.io/role/elb')).toHaveLength(zones);
  expect(tagged('kubernetes.io/role/internal-elb')).toHaveLength(zones);
});

test.each([1, 5, 2.5])('fails when zones is %p', (zones) => {
  expect(() => network({ zones })).toThrow(
    `test/Network: zones is ${zones}; allowed are 2, 3 and 4. EKS itself needs two.`,
  );
});

test.each(['10.66.0.0/18', 'ten/16', '10.66.1.0/16'])('fails when the range is %s', (cidr) => {
  expect(() => network({ cidr })).toThrow(
    `test/Network: cidr is ${cidr}; it must be a /16 such as 10.66.0.0/16, which the subnets are cut from.`,
  );
});

test('a zone that AWS adds or closes replaces no subnet', () => {
  for (const subnet of Object.values(network().resources('aws_subnet'))) {
    expect(subnet).toMatchObject({ lifecycle: { ignore_changes: ['availability_zone'] } });
  }
});

test('zones without EKS, and those that must be opted into, are not used', () => {
  expect(Object.values(network().dataSources('aws_availability_zones'))[0]).toMatchObject({
    state: 'available',
    exclude_zone_ids: ['use1-az3', 'usw1-az2', 'cac1-az3'],
    filter: [{ name: 'opt-in-status', values: ['opt-in-not-required'] }],
  });
});

test('one NAT gateway by default, which every private subnet goes out by', () => {
  const stack = network();
  expect(Object.keys(stack.resources('aws_nat_gateway'))).toHaveLength(1);
  const out = values(stack.resources('aws_route'), 'nat_gateway_id').filter((id) => id !== undefined);
  expect(out).toHaveLength(2);
  expect(new Set(out).size).toBe(1);
});

test('without singleNatGateway each zone has its own', () => {
  const stack = network({ singleNatGateway: false });
  expect(Object.keys(stack.resources('aws_nat_gateway'))).toHaveLength(2);
  const out = values(stack.resources('aws_route'), 'nat_gateway_id').filter((id) => id !== undefined);
  expect(new Set(out).size).toBe(2);
});

test('only the public route table leads to the internet gateway', () => {
  const routes = Object.values(network().resources('aws_route')).filter(({ gateway_id }) => gateway_id !== undefined);
  expect(routes).toHaveLength(1);
  expect(routes[0]?.route_table_id).toMatch(/Network_PublicRoutes_/);
});

test('nothing gets a public address by itself, and the default security group lets nothing through', () => {
  const stack = network();
  for (const subnet of Object.values(stack.resources('aws_subnet'))) {
    expect(subnet.map_public_ip_on_launch).toBe(false);
  }
  const group = stack.resource('aws_default_security_group');
  expect(group.vpc_id).toMatch(/aws_vpc\.Network_/);
  expect(group.ingress).toBeUndefined();
  expect(group.egress).toBeUndefined();
});

test('private subnets reach S3 past the NAT gateway', () => {
  const endpoint = network().resource('aws_vpc_endpoint');
  expect(endpoint.vpc_endpoint_type).toBe('Gateway');
  expect(endpoint.route_table_ids).toHaveLength(2);
});

test('rejected connections are logged for 30 days by default', () => {
  const stack = network();
  expect(stack.resource('aws_flow_log').traffic_type).toBe('REJECT');
  expect(stack.resource('aws_cloudwatch_log_group').retention_in_days).toBe(30);
  const kept = network({ flowLogRetentionDays: 90 });
  expect(kept.resource('aws_cloudwatch_log_group').retention_in_days).toBe(90);
});

test('the flow logs role writes to its own log group only', () => {
  const [statement] = statements(network().resource('aws_iam_role_policy').policy);
  for (const resource of statement?.Resource ?? [])
    expect(resource).toMatch(/aws_cloudwatch_log_group\.Network_FlowLogs/);
});

test('the HCL of two zones', async () => {
  expect(await network().hcl()).toMatchSnapshot();
});
