import { SynthesizedStack } from '../../../src/synthesized/synthesized-stack';

const stack = new SynthesizedStack('shop', {
  variable: { image: {}, region: { default: 'eu-west-1' } },
  resource: {
    aws_vpc: { Network_1: { cidr_block: '10.0.0.0/16', '//': { metadata: { path: 'shop/Network/Resource' } } } },
    aws_subnet: {
      Private_1: { vpc_id: `\${aws_vpc.Network_1.id}`, cidr_block: `\${aws_vpc.Network_1.cidr_block}` },
      Odd_1: {
        cidr_block: `\${cidrsubnet(aws_vpc.Network_1.cidr_block, 4, 1)}`,
        tags: { region: `in \${var.region}` },
      },
    },
    kubernetes_manifest: { Custom: { manifest: {} } },
    kubernetes_deployment_v1: {
      Server: {
        metadata: { name: 'server', namespace: 'shop' },
        spec: { template: { spec: { container: [{ name: 'server', image: `\${var.image}` }] } } },
      },
    },
  },
});

test('a resource has its address, its type and the path of its construct', () => {
  expect(stack.ofType('aws_vpc')).toEqual([
    expect.objectContaining({ address: 'aws_vpc.Network_1', type: 'aws_vpc', path: 'shop/Network/Resource' }),
  ]);
});

test('what refers to a resource leads to it', () => {
  const [subnet] = stack.ofType('aws_subnet');
  expect(stack.referredBy(subnet?.block).map(({ address }) => address)).toEqual(['aws_vpc.Network_1']);
});

test('a value is followed to where it is declared, and stays text where only the cloud knows it', () => {
  expect(stack.known(stack.ofType('aws_subnet')[0]?.block)).toEqual({
    vpc_id: `\${aws_vpc.Network_1.id}`,
    cidr_block: '10.0.0.0/16',
  });
});

test('an expression that is not understood stays as it is, and the rest is followed', () => {
  expect(stack.known(stack.ofType('aws_subnet')[1]?.block)).toEqual({
    cidr_block: `\${cidrsubnet(aws_vpc.Network_1.cidr_block, 4, 1)}`,
    tags: { region: 'in eu-west-1' },
  });
});

test('what is in the cluster is read, and kinds that nobody knows are left out', () => {
  expect(stack.contents.objects.map(({ kind, spec }) => [kind, spec])).toEqual([
    ['Deployment', { template: { spec: { containers: [{ name: 'server', image: `\${var.image}` }] } } }],
  ]);
});

test('a chart of ours with templates of its own brings no objects', () => {
  const release = { name: 'login', namespace: 'shop', chart: 'assets/Chart/0A1B/chart', values: ['{"host":"cache"}'] };
  const withChart = new SynthesizedStack('shop', { resource: { helm_release: { Login: release } } });
  expect(withChart.contents.customResources).toEqual({ login: [] });
});

test('what controllers make counts among the resources', () => {
  const balancer = {
    address: 'shop/Gateway#aws_lb0',
    type: 'aws_lb',
    path: 'shop/Gateway',
    block: {},
    madeBy: 'Envoy',
  };
  expect(new SynthesizedStack('shop', {}, [balancer]).ofType('aws_lb')).toEqual([balancer]);
});

test('a policy is read with what only the cloud knows left in it, functions of the caller among it', () => {
  const policy = `\${jsonencode({"Statement" = [{"Allow" = true, "Resource" = ["\${replace(aws_vpc.Network_1.arn, ":", "}")}/*", aws_vpc.Network_1.cidr_block], "Is" = x == 1 ? "a" : "b"}]})}`;
  expect(JSON.parse(String(stack.known(policy)))).toEqual({
    Statement: [
      {
        Allow: true,
        Resource: [`\${replace(aws_vpc.Network_1.arn, ":", "}")}/*`, '10.0.0.0/16'],
        Is: `\${x == 1 ? "a" : "b"}`,
      },
    ],
  });
});
