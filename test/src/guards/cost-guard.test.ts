import fc from 'fast-check';
import { billOf, dearest } from '../../../src/cost/bill';
import { CostGuard } from '../../../src/guards/cost-guard';
import { foreignStack } from '../cost/synthetic';

const SEED = Number(process.env.SEED ?? 20261122);
const TODAY = new Date('2026-11-22');

const at = (path: string, block: object = {}) => ({
  ...block,
  '//': { metadata: { path } },
});

/** A shop of somebody else's, which costs more than it should. */
const dear = () =>
  foreignStack({
    aws_eks_cluster: {
      Cluster: at('shop/Cluster/Plane', {
        upgrade_policy: { support_type: 'STANDARD' },
      }),
    },
    aws_eks_node_group: {
      Nodes: at('shop/Cluster/Nodes', {
        instance_types: ['m5.xlarge'],
        scaling_config: [{ min_size: 4, max_size: 8 }],
      }),
    },
    aws_nat_gateway: {
      One: at('shop/Network/One'),
      Two: at('shop/Network/Two'),
      Three: at('shop/Network/Three'),
    },
    aws_msk_serverless_cluster: { Events: at('shop/Events/Kafka') },
    aws_kms_key: { Key: at('shop/Key') },
  });

test('a bill over the budget fails with the figure, the limit, the dearest constructs and what to change', () => {
  expect(new CostGuard({ budget: 500, today: TODAY }).check([dear()])).toMatchInlineSnapshot(`
    [
      {
        "message": "shop costs $1288.98 a month as expected, $788.98 over the budget of $500.00; at least $1287.99, at most $1874.74. Dearest: shop/Cluster $640.04 (spot nodes (node.spot): up to $364 less; arm64 in place of x86: up to $112 less), shop/Events $548.49 (a queue or Kinesis in place of MSK: up to $494 less), shop/Network $99.45 (one NAT gateway for all zones (nat: one): up to $66 less). Change one of them, or raise the budget.",
        "path": "shop",
        "severity": "error",
      },
    ]
  `);
});

test('a bill within the budget is let through', () => {
  expect(new CostGuard({ budget: 5000, today: TODAY }).check([dear()])).toEqual([]);
});

test("a price of one's own wins, and one for what the list lacks fills the gap", () => {
  const stack = foreignStack({
    aws_instance: { Machine: { instance_type: 'x9.mega' } },
  });
  const prices = { 'aws/ec2/x9.mega': 2 };
  expect(billOf([stack]).unpriced).toEqual([
    {
      type: 'aws_instance',
      path: 'shop/Machine',
      reason: 'the list has no price aws/ec2/x9.mega',
    },
  ]);
  expect(billOf([stack], { prices }).usd.expected).toBeCloseTo(2 * 730 + 8 * 0.08, 6);
  const nat = { 'aws/nat-gateway': 0.01 };
  expect(billOf([dear()], { prices: nat }).usd.expected).toBeCloseTo(
    billOf([dear()]).usd.expected - 3 * 730 * 0.035,
    6,
  );
});

test('types without a price are warned of, and are an error above the threshold', () => {
  const stack = foreignStack({
    aws_bedrockagent_agent: { Agent: {} },
    aws_quicksight_user: { One: {}, Two: {} },
    random_id: { Id: {} },
  });
  expect(new CostGuard({ budget: 1, today: TODAY }).check([stack])).toMatchInlineSnapshot(`
    [
      {
        "message": "2 of its resource types have no price and are left out of the bill, 5 may be: aws_bedrockagent_agent (nothing is known of what it costs), aws_quicksight_user (nothing is known of what it costs). Give prices of your own, or expect a higher bill.",
        "path": "shop",
        "severity": "warning",
      },
    ]
  `);
  expect(new CostGuard({ budget: 1, maxUnpriced: 1, today: TODAY }).check([stack])[0]?.severity).toBe('error');
});

test('prices that nobody looked up for 180 days are warned of; those in use only', () => {
  const in2027 = new Date('2027-06-15');
  const stack = foreignStack({ aws_nat_gateway: { Nat: {} } });
  expect(new CostGuard({ budget: 500, today: in2027 }).check([stack])).toMatchInlineSnapshot(`
    [
      {
        "message": "2 of its prices haven't been checked for 180 days: aws/nat-gateway (2026-11), aws/nat-gateway/data (2026-11). Look them up, or give prices of your own.",
        "path": "shop",
        "severity": "warning",
      },
    ]
  `);
  const edge = (day: string) => new CostGuard({ budget: 500, today: new Date(day) }).check([stack]).length;
  expect([edge('2027-05-30'), edge('2027-05-31')]).toEqual([0, 1]);
});

test("a price of one's own is never old", () => {
  const stack = foreignStack({ aws_eip: { Address: {} } });
  const prices = { 'aws/public-ipv4': 0.004 };
  expect(new CostGuard({ budget: 500, today: new Date('2030-01-01'), prices }).check([stack])).toEqual([]);
});

test('a stack in another region is told that its prices are of another', () => {
  const stack = foreignStack({ aws_eip: { Address: {} } }, { aws: [{ region: 'eu-central-1' }] });
  expect(new CostGuard({ budget: 500, today: TODAY }).check([stack])).toMatchInlineSnapshot(`
    [
      {
        "message": "is in eu-central-1, and is counted with prices of us-east-1. Give prices of your own where they differ.",
        "path": "shop",
        "severity": "warning",
      },
    ]
  `);
});

test('stacks share the budget and the requests', () => {
  const [one, two] = [dear(), foreignStack({ aws_lb: { Balancer: {} } }, undefined, 'other')];
  const [finding] = new CostGuard({ budget: 500, today: TODAY }).check([one, two]);
  expect(finding?.path).toBe('other');
  expect(finding?.message).toMatch(/^shop and other cost \$\d/);
  const egress = (stacks: (typeof one)[]) =>
    billOf(stacks).lines.find(({ price }) => price.id === 'aws/alb/lcu')?.quantity.expected ?? 0;
  expect(egress([one, two])).toBeCloseTo(egress([two]) / 2, 6);
});

test('workloads share what their nodes cost, by what they ask for', () => {
  const container = (cpu: string, memory: string) => [{ name: 'main', resources: { requests: { cpu, memory } } }];
  const deployment = (name: string, replicas: number, cpu: string, memory: string) => ({
    metadata: { name, namespace: 'shop' },
    spec: {
      replicas,
      template: { spec: { container: container(cpu, memory) } },
    },
  });
  const bill = billOf([
    foreignStack({
      aws_eks_node_group: {
        Nodes: {
          instance_types: ['t4g.large'],
          scaling_config: { min_size: 2, max_size: 2 },
        },
      },
      kubernetes_deployment_v1: {
        Server: deployment('server', 3, '500m', '1Gi'),
        Worker: deployment('worker', 1, '500m', '1024Mi'),
      },
    }),
  ]);
  expect(bill.workloads.map(({ workload, share }) => [workload, share])).toEqual([
    ['Deployment/server', 0.75],
    ['Deployment/worker', 0.25],
  ]);
  const nodes = bill.lines.filter(({ node }) => node).reduce((all, { usd }) => all + usd.expected, 0);
  expect(bill.workloads.reduce((all, { usd }) => all + usd.expected, 0)).toBeCloseTo(nodes, 6);
});

test('a bill is data: as JSON it says the same', () => {
  const bill = billOf([dear()], { today: TODAY });
  expect(JSON.parse(JSON.stringify(bill))).toEqual(bill);
});

test('a stack within a scope of its own is named, and its constructs are, by their paths', () => {
  const stack = foreignStack({
    aws_nat_gateway: { One: at('Europe/shop/Network/One') },
    aws_kms_key: { Key: at('Europe/shop/Key') },
  });
  const bill = billOf([stack]);
  expect(bill.stacks.map(({ path }) => path)).toEqual(['shop']);
  expect(dearest(bill, 3).map(({ path }) => path)).toEqual(['Europe/shop/Network', 'Europe/shop/Key']);
});

test('a construct costs what is below it, and the stack what all constructs do', () => {
  const { constructs, stacks, usd } = billOf([dear()]);
  const cost = (path: string) => constructs.find((one) => one.path === path)?.usd.expected ?? Number.NaN;
  expect(cost('shop/Cluster')).toBeCloseTo(cost('shop/Cluster/Plane') + cost('shop/Cluster/Nodes'), 6);
  expect(stacks.map(({ path, share }) => [path, share])).toEqual([['shop', 1]]);
  expect(cost('shop')).toBeCloseTo(usd.expected, 6);
});

/** Values that a block of somebody else's may have where a number, a list or a block is expected. */
const odd = fc.constantFrom<unknown>(
  null,
  '',
  'many',
  -3,
  Number.NaN,
  [],
  {},
  [null],
  [{}],
  `\${var.size}`,
  `\${aws_vpc.None.id}`,
  `\${unknown(1, [2])}`,
  true,
);
const TYPES = [
  ...[
    'aws_eks_node_group',
    'aws_autoscaling_group',
    'aws_ecs_service',
    'aws_lb',
    'aws_wafv2_web_acl',
    'aws_db_instance',
  ],
  ...[
    'azurerm_kubernetes_cluster',
    'kubernetes_service_v1',
    'kubernetes_stateful_set_v1',
    'helm_release',
    'aws_eks_cluster',
  ],
  ...['aws_sagemaker_endpoint_configuration', 'mongodbatlas_advanced_cluster', 'aws_cloudtrail', 'aws_msk_cluster'],
];
const KEYS = [
  ...[
    'scaling_config',
    'min_size',
    'max_size',
    'instance_types',
    'launch_template',
    'mixed_instances_policy',
    'values',
  ],
  ...[
    'default_node_pool',
    'spec',
    'metadata',
    'rule',
    'subnets',
    'instance_class',
    'allocated_storage',
    'task_definition',
  ],
  ...[
    'production_variants',
    'replication_specs',
    'capacity_provider_strategy',
    'compute_config',
    'broker_node_group_info',
  ],
];

test(`no block of somebody else's breaks the bill or makes it negative (seed ${SEED})`, () => {
  const block = fc.dictionary(fc.constantFrom(...KEYS), odd, { maxKeys: 8 });
  fc.assert(
    fc.property(fc.constantFrom(...TYPES), block, (type, one) => {
      const { usd } = billOf([foreignStack({ [type]: { One: one } })]);
      expect(usd.floor >= 0 && usd.expected >= usd.floor && Number.isFinite(usd.ceiling)).toBe(true);
    }),
    { seed: SEED, numRuns: 10_000 },
  );
});
