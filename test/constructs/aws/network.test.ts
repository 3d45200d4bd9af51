import { Network, type NetworkProps, NODE_ENDPOINT_SERVICES } from '../../../constructs/aws';
import { named, onAws, statements } from './fixtures';

const withProps = (props: Partial<NetworkProps>) =>
  onAws((stack) => void new Network(stack, 'Network', { networkName: 'shop-prod', cidr: '10.66.0.0/16', ...props }));
const defaults = withProps({});
const network = (props?: Partial<NetworkProps>) => (props ? withProps(props) : defaults);
const values = (resources: Record<string, Record<string, unknown>>, attribute: string) =>
  Object.values(resources).map((resource) => resource[attribute]);

test('two zones by default, each with a /20 for pods, a /24 for load balancers and one for databases', () => {
  expect(values(network().resources('aws_subnet'), 'cidr_block').sort()).toEqual([
    '10.66.0.0/20',
    '10.66.16.0/20',
    '10.66.240.0/24',
    '10.66.241.0/24',
    '10.66.244.0/24',
    '10.66.245.0/24',
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

test('with nat per-zone each zone has its own', () => {
  const stack = network({ nat: 'per-zone' });
  expect(Object.keys(stack.resources('aws_nat_gateway'))).toHaveLength(2);
  const out = values(stack.resources('aws_route'), 'nat_gateway_id').filter((id) => id !== undefined);
  expect(new Set(out).size).toBe(2);
});

test('with nat none nothing private leads outside, and no address is paid for', () => {
  const stack = network({ nat: 'none', interfaceEndpoints: NODE_ENDPOINT_SERVICES });
  expect(stack.resources('aws_nat_gateway')).toEqual({});
  expect(stack.resources('aws_eip')).toEqual({});
  expect(Object.values(stack.resources('aws_route'))).toEqual([
    expect.objectContaining({ gateway_id: expect.stringMatching(/InternetGateway/) }),
  ]);
});

test('fails when nodes without NAT gateways lack an endpoint, naming those that are missing', () => {
  expect(() => network({ nat: 'none', interfaceEndpoints: ['ec2', 'sts', 'sqs'] })).toThrow(
    'test/Network: nat is none, so nodes reach AWS by interfaceEndpoints only, which lack ecr.api, ecr.dkr, eks-auth; add them, or choose nat one or per-zone.',
  );
});

test('fails when an endpoint is asked for twice', () => {
  expect(() => network({ interfaceEndpoints: ['sqs', 'sqs'] })).toThrow(
    'interfaceEndpoints has sqs twice; leave one out.',
  );
});

test('interface endpoints answer to the usual names in every private subnet, and to the VPC alone', () => {
  const stack = network({ interfaceEndpoints: ['ecr.api', 'sts'] });
  const endpoint = named(stack, 'aws_vpc_endpoint', 'Network_InterfaceEndpoints_EcrApi');
  expect(endpoint).toMatchObject({ vpc_endpoint_type: 'Interface', private_dns_enabled: true });
  expect(endpoint.service_name).toMatch(/^com\.amazonaws\.\$\{.*\}\.ecr\.api$/);
  expect(endpoint.subnet_ids).toHaveLength(2);
  const [rule, ...others] = Object.values(stack.resources('aws_vpc_security_group_ingress_rule'));
  expect(others).toEqual([]);
  expect(rule).toMatchObject({ cidr_ipv4: '10.66.0.0/16', from_port: 443, to_port: 443, ip_protocol: 'tcp' });
  expect(stack.resources('aws_vpc_security_group_egress_rule')).toEqual({});
  expect(endpoint.security_group_ids).toEqual([rule?.security_group_id]);
});

test('there are no interface endpoints by default: each costs money', () => {
  expect(Object.values(network().resources('aws_vpc_endpoint'))).toHaveLength(2);
  expect(network().resources('aws_security_group')).toEqual({});
});

test('only the public route table leads to the internet gateway', () => {
  const routes = Object.values(network().resources('aws_route')).filter(({ gateway_id }) => gateway_id !== undefined);
  expect(routes).toHaveLength(1);
  expect(routes[0]?.route_table_id).toMatch(/Network_PublicRoutes_/);
});

test('isolated subnets lead nowhere outside', () => {
  const stack = network();
  const isolated = Object.values(stack.resources('aws_route_table_association')).filter(({ subnet_id }) =>
    /Network_Isolated/.test(subnet_id as string),
  );
  expect(isolated).toHaveLength(2);
  const tables = isolated.map(({ route_table_id }) => route_table_id);
  expect(values(stack.resources('aws_route'), 'route_table_id').filter((id) => tables.includes(id))).toEqual([]);
});

test('nothing gets a public address by itself, and the default security group lets nothing through', () => {
  const stack = network();
  for (const subnet of Object.values(stack.resources('aws_subnet'))) {
    expect(subnet.map_public_ip_on_launch).toBe(false);
  }
  const group = stack.resource('aws_default_security_group');
  expect(group.vpc_id).toMatch(/aws_vpc\.Network_/);
  // Empty, not left out: Terraform compares only what is named, and a rule added by hand has to be found.
  expect([group.ingress, group.egress]).toEqual([[], []]);
});

test.each([
  ['S3Endpoint', 's3'],
  ['DynamoDbEndpoint', 'dynamodb'],
])('private subnets reach the service of %s past the NAT gateway, isolated ones nothing', (id, service) => {
  const endpoint = named(network(), 'aws_vpc_endpoint', `Network_${id}`);
  expect(endpoint.vpc_endpoint_type).toBe('Gateway');
  expect(endpoint.service_name).toMatch(new RegExp(`\\.${service}$`));
  const tables = endpoint.route_table_ids as string[];
  expect(tables.map((table) => /Network_(Private\d)_Routes/.exec(table)?.[1])).toEqual(['Private1', 'Private2']);
});

test('rejected connections are logged for 30 days by default', () => {
  const stack = network();
  expect(stack.resource('aws_flow_log').traffic_type).toBe('REJECT');
  expect(stack.resource('aws_cloudwatch_log_group').retention_in_days).toBe(30);
  const kept = network({ flowLogRetentionDays: 90 });
  expect(kept.resource('aws_cloudwatch_log_group').retention_in_days).toBe(90);
});

test("the flow logs role is for this account's flow logs only", () => {
  const [statement] = statements(network().resource('aws_iam_role').assume_role_policy);
  expect(statement?.Condition?.StringEquals?.['aws:SourceAccount']).toMatch(/account_id/);
  expect(statement?.Condition?.ArnLike?.['aws:SourceArn']).toMatch(/:vpc-flow-log\/\*$/);
});

test.each([
  [undefined, true],
  [false, false],
])("a key of the flow logs' own serves this log group only, and with protection %p stays: %p", (protection, stays) => {
  const stack = network({ flowLogKey: true, protection });
  const key = stack.resource('aws_kms_key');
  expect(key).toMatchObject({ enable_key_rotation: true, lifecycle: { prevent_destroy: stays } });
  expect(stack.resource('aws_cloudwatch_log_group').kms_key_id).toMatch(/aws_kms_key\.Network_FlowLogs_Key_/);
  const use = statements(key.policy).find(({ Sid }) => Sid === 'LogGroups');
  expect(use?.Condition?.ArnEquals?.['kms:EncryptionContext:aws:logs:arn']).toMatch(
    /:log-group:\/aws\/vpc\/shop-prod\/rejected$/,
  );
});

test('without that choice CloudWatch encrypts the flow logs with its own key', () => {
  expect(network().resources('aws_kms_key')).toEqual({});
  expect(network().resource('aws_cloudwatch_log_group')).not.toHaveProperty('kms_key_id');
});

test('the flow logs role writes to its own log group only', () => {
  const [statement] = statements(network().resource('aws_iam_role_policy').policy);
  for (const resource of statement?.Resource ?? [])
    expect(resource).toMatch(/aws_cloudwatch_log_group\.Network_FlowLogs/);
});

test('the logical ids of what addresses hang on stay what they are', () => {
  const stack = network();
  const ids = (type: string) => Object.keys(stack.resources(type)).sort();
  expect(ids('aws_vpc')).toEqual(['Network_1C6012B5']);
  expect(ids('aws_subnet')).toEqual([
    'Network_Isolated1_ED39DB4D',
    'Network_Isolated2_692F1065',
    'Network_Private1_C3EB84E8',
    'Network_Private2_018CB8EC',
    'Network_Public1_AC857114',
    'Network_Public2_F07CB452',
  ]);
  expect(ids('aws_eip')).toEqual(['Network_Nat1_Address_0FF4C60F']);
});

test('the HCL of two zones', async () => {
  expect(await network().hcl()).toMatchSnapshot();
});
