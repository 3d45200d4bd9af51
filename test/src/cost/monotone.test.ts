import fc from 'fast-check';
import { type Bill, billOf } from '../../../src/cost/bill';
import type { Range } from '../../../src/cost/range';
import { ASSUMPTIONS, type Assumption } from '../../../src/cost/usage';
import { CapacityPlan } from '../../../src/declarations/capacity-plan';
import { foreignStack } from './synthetic';

const SEED = Number(process.env.SEED ?? 20261122);
const RUNS = 10_000;

const EC2_SIZES = ['medium', 'large', 'xlarge', '2xlarge', '4xlarge', '8xlarge'] as const;
const VM_SIZES = [2, 4, 8, 16, 32] as const;
const DATABASES = ['db.t4g.micro', 'db.t4g.small', 'db.t4g.medium', 'db.t4g.large'] as const;
const CACHES = ['cache.t4g.micro', 'cache.t4g.small', 'cache.t4g.medium'] as const;

const shape = fc.record({
  family: fc.constantFrom('t4g', 'c7g', 'm7g', 'm5'),
  size: fc.nat(EC2_SIZES.length - 2),
  vm: fc.nat(VM_SIZES.length - 2),
  nodes: fc.integer({ min: 0, max: 20 }),
  moreNodes: fc.nat(30),
  spot: fc.boolean(),
  diskGib: fc.integer({ min: 8, max: 500 }),
  tasks: fc.integer({ min: 0, max: 20 }),
  moreTasks: fc.nat(50),
  database: fc.nat(DATABASES.length - 2),
  storageGib: fc.integer({ min: 20, max: 2000 }),
  standby: fc.boolean(),
  cache: fc.nat(CACHES.length - 2),
  cacheNodes: fc.integer({ min: 1, max: 5 }),
  gateways: fc.integer({ min: 1, max: 3 }),
  volumeGib: fc.integer({ min: 1, max: 3000 }),
  retention: fc.integer({ min: 1, max: 365 }),
  keys: fc.nat(5),
  users: fc.integer({ min: 1, max: 500_000 }),
  mean: fc.integer({ min: 0, max: 100 }),
});
type Shape = typeof shape extends fc.Arbitrary<infer Value> ? Value : never;

const many = (count: number, block: object) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`One${index}`, block]));
const volume = (gib: number) => ({ Data: { spec: { resources: { requests: { storage: `${gib}Gi` } } } } });

function stacksOf(one: Shape) {
  const scaling = { min_size: one.nodes, max_size: one.nodes + one.moreNodes };
  const aws = foreignStack({
    aws_eks_cluster: { Cluster: { name: 'shop', upgrade_policy: { support_type: 'STANDARD' } } },
    aws_eks_node_group: {
      Nodes: {
        instance_types: [`${one.family}.${EC2_SIZES[one.size]}`],
        capacity_type: one.spot ? 'SPOT' : 'ON_DEMAND',
        disk_size: one.diskGib,
        scaling_config: scaling,
      },
    },
    aws_autoscaling_group: {
      Machines: {
        ...scaling,
        mixed_instances_policy: {
          instances_distribution: {
            on_demand_base_capacity: 2,
            on_demand_percentage_above_base_capacity: one.spot ? 0 : 50,
          },
          launch_template: { override: [{ instance_type: `${one.family}.${EC2_SIZES[one.size]}` }] },
        },
      },
    },
    aws_ecs_task_definition: { Task: { cpu: '1024', memory: '2048' } },
    aws_ecs_service: {
      Service: {
        task_definition: `\${aws_ecs_task_definition.Task.arn}`,
        capacity_provider_strategy: [
          { capacity_provider: 'FARGATE', base: 2, weight: one.spot ? 0 : 1 },
          { capacity_provider: 'FARGATE_SPOT', weight: 1 },
        ],
      },
    },
    aws_appautoscaling_target: {
      Target: {
        resource_id: `service/shop/\${aws_ecs_service.Service.name}`,
        min_capacity: one.tasks,
        max_capacity: one.tasks + one.moreTasks,
      },
    },
    aws_db_instance: {
      Database: {
        instance_class: DATABASES[one.database],
        allocated_storage: one.storageGib,
        max_allocated_storage: one.storageGib * 2,
        multi_az: one.standby,
      },
    },
    aws_elasticache_replication_group: {
      Cache: { engine: 'valkey', node_type: CACHES[one.cache], num_cache_clusters: one.cacheNodes },
    },
    aws_nat_gateway: many(one.gateways, {}),
    aws_lb: { Balancer: { load_balancer_type: 'application', subnets: ['a', 'b'] } },
    aws_cloudwatch_log_group: { Lines: { name: '/shop', retention_in_days: one.retention } },
    aws_kms_key: many(one.keys, {}),
    aws_s3_bucket: { Bucket: {} },
    aws_sqs_queue: { Queue: { redrive_policy: '{}' } },
    kubernetes_persistent_volume_claim_v1: volume(one.volumeGib),
  });
  const azure = foreignStack(
    {
      azurerm_kubernetes_cluster: {
        Cluster: {
          sku_tier: 'Standard',
          default_node_pool: {
            vm_size: `Standard_D${VM_SIZES[one.vm]}ps_v6`,
            min_count: one.nodes,
            max_count: one.nodes + one.moreNodes,
            os_disk_size_gb: one.diskGib,
            priority: one.spot ? 'Spot' : 'Regular',
          },
        },
      },
      kubernetes_service_v1: { Gateway: { spec: { type: 'LoadBalancer' } } },
      kubernetes_persistent_volume_claim_v1: volume(one.volumeGib),
    },
    { azurerm: [{}] },
    'azure-shop',
  );
  return [aws, azure];
}

const billed = (one: Shape, usage = {}): Bill =>
  billOf(stacksOf(one), {
    capacity: new CapacityPlan({ concurrentUsers: one.users, maxReplicas: 1000 }),
    usage: { meanLoadPercent: one.mean, ...usage },
  });

function expectNoLess(more: Bill, less: Bill): void {
  const figures = ['floor', 'expected', 'ceiling'] as const;
  expect(figures.filter((figure) => more.usd[figure] < less.usd[figure] - 1e-6)).toEqual([]);
}

const GROWTHS: Readonly<Record<string, (one: Shape, by: number) => Partial<Shape>>> = {
  'a replica more at least': (one, by) => ({
    nodes: one.nodes + by,
    moreNodes: Math.max(0, one.moreNodes - by),
    tasks: one.tasks + by,
    moreTasks: Math.max(0, one.moreTasks - by),
  }),
  'a replica more at most': (one, by) => ({ moreNodes: one.moreNodes + by, moreTasks: one.moreTasks + by }),
  'a bigger node': (one) => ({ size: one.size + 1, vm: one.vm + 1 }),
  'a bigger database and cache': (one) => ({ database: one.database + 1, cache: one.cache + 1 }),
  'more GB of disks and volumes': (one, by) => ({
    diskGib: one.diskGib + by,
    volumeGib: one.volumeGib + by,
    storageGib: one.storageGib + by,
  }),
  'a standby, and a node of the cache more': (one, by) => ({ standby: true, cacheNodes: one.cacheNodes + by }),
  'a gateway and a key more': (one, by) => ({ gateways: one.gateways + by, keys: one.keys + by }),
  'lines that are kept longer': (one, by) => ({ retention: one.retention + by }),
  'more people': (one, by) => ({ users: one.users + by * 1000 }),
  'on demand in place of spot': () => ({ spot: false }),
};

test(`none of these ever costs less: ${Object.keys(GROWTHS).join('; ')} (seed ${SEED})`, () => {
  const growths = fc.constantFrom(...Object.values(GROWTHS));
  fc.assert(
    fc.property(shape, growths, fc.integer({ min: 1, max: 40 }), (one, growth, by) => {
      expectNoLess(billed({ ...one, ...growth(one, by) }), billed(one));
    }),
    { seed: SEED, numRuns: RUNS },
  );
});

test(`more of any use never costs less (seed ${SEED})`, () => {
  const names = Object.keys(ASSUMPTIONS) as Assumption[];
  fc.assert(
    fc.property(shape, fc.constantFrom(...names), fc.double({ min: 0, max: 1000, noNaN: true }), (one, name, more) => {
      const now = name === 'meanLoadPercent' ? one.mean : ASSUMPTIONS[name][0];
      expectNoLess(billed(one, { [name]: now + more }), billed(one));
    }),
    { seed: SEED, numRuns: RUNS },
  );
});

test(`the floor is never above what is expected, nor that above the ceiling (seed ${SEED})`, () => {
  fc.assert(
    fc.property(shape, (one) => {
      const { lines, usd } = billed(one);
      const inOrder = ({ floor, expected, ceiling }: Range) => floor <= expected + 1e-9 && expected <= ceiling + 1e-9;
      expect([usd, ...lines.map((line) => line.usd)].filter((range) => !inOrder(range))).toEqual([]);
    }),
    { seed: SEED, numRuns: RUNS },
  );
});
