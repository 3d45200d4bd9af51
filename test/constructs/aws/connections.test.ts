import { Connections, Network, Peer, Port, SecurityGroup } from '../../../constructs/aws';
import { addCluster, hclOf, named, onAws } from './fixtures';

type Groups = { server: SecurityGroup; database: SecurityGroup };

const withGroups = (connect: (groups: Groups) => void) =>
  onAws((stack) => {
    const network = new Network(stack, 'Network', { networkName: 'shop-prod', cidr: '10.66.0.0/16' });
    const group = (id: string, name: string) =>
      new SecurityGroup(stack, id, { network, groupName: `shop-prod-${name}`, description: `The ${name}` });
    connect({ server: group('Server', 'server'), database: group('Database', 'database') });
  });

test('a group lets nothing in and nothing out until it is told', () => {
  const stack = withGroups(() => undefined);
  expect(Object.keys(stack.resources('aws_security_group'))).toHaveLength(2);
  expect(named(stack, 'aws_security_group', 'Server')).not.toHaveProperty('egress');
  expect(stack.resources('aws_vpc_security_group_ingress_rule')).toEqual({});
  expect(stack.resources('aws_vpc_security_group_egress_rule')).toEqual({});
});

test('what may connect gets its half of the connection, and both carry the reason', () => {
  const stack = withGroups(({ server, database }) => {
    database.connections.allowFrom(server, Port.tcp(5432), 'The model server keeps experiments here');
  });
  const rule = { ip_protocol: 'tcp', from_port: 5432, to_port: 5432 };
  const description = 'The model server keeps experiments here';
  expect(stack.resource('aws_vpc_security_group_ingress_rule')).toMatchObject({
    ...rule,
    description,
    security_group_id: expect.stringMatching(/aws_security_group\.Database_/),
    referenced_security_group_id: expect.stringMatching(/aws_security_group\.Server_/),
    tags: { Name: 'shop-prod-server to shop-prod-database on 5432' },
  });
  expect(stack.resource('aws_vpc_security_group_egress_rule')).toMatchObject({
    ...rule,
    description,
    security_group_id: expect.stringMatching(/aws_security_group\.Server_/),
    referenced_security_group_id: expect.stringMatching(/aws_security_group\.Database_/),
    tags: { Name: 'shop-prod-database from shop-prod-server on 5432' },
  });
});

test('addresses and prefix lists get no half', () => {
  const stack = withGroups(({ server }) => {
    server.connections.allowTo(Peer.addresses('10.72.0.0/16'), Port.tcpRange(9092, 9096), 'Brokers of the other cloud');
    server.connections.allowFrom(Peer.prefixList('cloudfront', 'pl-3b927c52'), Port.tcp(443), 'CloudFront calls it');
  });
  expect(stack.resource('aws_vpc_security_group_egress_rule')).toMatchObject({
    cidr_ipv4: '10.72.0.0/16',
    from_port: 9092,
    to_port: 9096,
  });
  expect(stack.resource('aws_vpc_security_group_ingress_rule')).toMatchObject({ prefix_list_id: 'pl-3b927c52' });
});

test("a cluster's pods connect by the group that EKS makes, which lets them out to anywhere as it is", () => {
  const stack = onAws((scope) => {
    const cluster = addCluster(scope);
    const network = new Network(scope, 'Other', { networkName: 'other', cidr: '10.67.0.0/16' });
    const database = new SecurityGroup(scope, 'Database', {
      network,
      groupName: 'shop-prod-database',
      description: 'The database',
    });
    database.connections.allowFrom(cluster, Port.tcp(5432), 'The model server keeps experiments here');
  });
  expect(stack.resource('aws_vpc_security_group_ingress_rule').referenced_security_group_id).toMatch(
    /aws_eks_cluster\.Cluster_.*vpc_config\[0\]\.cluster_security_group_id/,
  );
  expect(stack.resources('aws_vpc_security_group_egress_rule')).toEqual({});
});

test.each(["the server's", '', 'x'.repeat(256)])('fails when the reason is %j, which AWS would not take', (reason) => {
  expect(() =>
    withGroups(({ server, database }) => database.connections.allowFrom(server, Port.tcp(5432), reason)),
  ).toThrow(`test/Database/Connections: the reason "${reason}" can't describe a rule; AWS takes 1 to 255 letters`);
});

test('the HCL of a group that one made elsewhere may connect to', async () => {
  const template = onAws((stack) => {
    const network = new Network(stack, 'Network', { networkName: 'shop-prod', cidr: '10.66.0.0/16' });
    const server = new SecurityGroup(stack, 'Server', { network, groupName: 'server', description: 'The server' });
    const office = new Connections(stack, 'Office', { groupName: 'office', securityGroupId: 'sg-0123456789abcdef0' });
    server.connections.allowFrom(office, Port.tcp(443), 'The office reads reports');
  });
  expect(await hclOf(template, '(?:Server|Office)')).toMatchSnapshot();
});
