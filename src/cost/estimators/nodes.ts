import type { Fields } from '../../synthesized/stack-json';
import { walk } from '../../synthesized/stack-json';
import {
  amount,
  type Charge,
  type EstimateContext,
  type Estimators,
  hours,
  isTrue,
  listAt,
  numberAt,
  textAt,
} from '../estimator';
import { vmPrice } from '../machine-prices';
import { flat, type Range, times } from '../range';
import { averageBounds, groupActions } from '../schedules';
import { scaled } from '../usage';
import { hasOutboundBalancer } from './in-cluster';
import { diskGib, firstType, machines } from './machines';

/** What a node that some autoscaler chooses is counted as: two vCPUs with 8 GiB. */
const CHOSEN_NODE = { instanceType: 'm7g.large', vcpus: 2, diskGib: 50 };

/** Nodes that EKS Auto Mode has at least, for what runs twice. */
const FEWEST_AUTO_NODES = 2;

export const NODE_ESTIMATORS: Estimators = {
  aws_eks_cluster: (block, { usage, stack }) => {
    const extended = textAt(block, ['upgrade_policy', 0, 'support_type'], 'EXTENDED') === 'EXTENDED';
    const plane = hours(
      'aws/eks',
      1,
      extended ? { note: 'six times that once its version is out of standard support' } : {},
    );
    if (!isTrue(walk(block, ['compute_config', 0, 'enabled']))) return [plane];
    const count = scaled(FEWEST_AUTO_NODES, Math.max(FEWEST_AUTO_NODES, mostReplicas(stack)), usage);
    const node = hours('aws/ec2/m7g', count, { node: true, note: 'Auto Mode chooses them; counted as m7g.large' });
    return [plane, node, { ...node, share: 'aws/eks/auto-mode', note: 'what Auto Mode asks for on top' }];
  },

  aws_eks_node_group: (block, context) => {
    const { stack } = context;
    const fewest = numberAt(block, ['scaling_config', 0, 'min_size'], 1);
    const count = scaled(fewest, numberAt(block, ['scaling_config', 0, 'max_size'], fewest), context.usage);
    return machines(
      {
        instanceType: firstType(stack, listAt(block, ['instance_types']), block.launch_template),
        count,
        spot: block.capacity_type === 'SPOT',
        diskGib: diskGib(stack, block.launch_template, numberAt(block, ['disk_size'], 20)),
        node: true,
      },
      context,
    );
  },

  aws_autoscaling_group: (block, context, resource) => {
    const { stack } = context;
    const fewest = numberAt(block, ['min_size'], 1);
    const said = { min: fewest, max: numberAt(block, ['max_size'], fewest) };
    const { min, max } = averageBounds(said, groupActions(stack, resource, said));
    const count = scaled(min, max, context.usage);
    const policy = walk(block, ['mixed_instances_policy', 0]);
    const template = policy ? walk(policy, ['launch_template', 0]) : block.launch_template;
    const types = listAt(template, ['override']).map((one) => walk(one, ['instance_type']));
    const shared = {
      instanceType: firstType(stack, types, template),
      diskGib: diskGib(stack, template, 8),
      node: false,
    };
    const distribution = walk(policy, ['instances_distribution', 0]);
    const base = numberAt(distribution, ['on_demand_base_capacity'], 0);
    const above = policy ? numberAt(distribution, ['on_demand_percentage_above_base_capacity'], 100) / 100 : 1;
    const onDemand = (all: number) => Math.min(all, base) + Math.max(0, all - base) * above;
    const part = (of: (all: number) => number) => ({
      floor: of(count.floor),
      expected: of(count.expected),
      ceiling: of(count.ceiling),
    });
    return [
      ...machines({ ...shared, count: part(onDemand) }, context),
      ...(above < 1 ? machines({ ...shared, count: part((all) => all - onDemand(all)), spot: true }, context) : []),
    ];
  },

  aws_instance: (block, context) =>
    machines(
      {
        instanceType: textAt(block, ['instance_type'], 't3.medium'),
        count: flat(1),
        diskGib: numberAt(block, ['root_block_device', 0, 'volume_size'], 8),
        node: false,
      },
      context,
    ),

  azurerm_kubernetes_cluster: (block, context) => {
    const tier = textAt(block, ['sku_tier'], 'Free');
    return [
      ...(tier === 'Free' ? [] : [hours(`azure/aks/${tier}`)]),
      ...nodePool(walk(block, ['default_node_pool', 0]), context),
      ...(hasOutboundBalancer(block)
        ? [hours('azure/load-balancer', 1), amount('azure/load-balancer/data', context.usage.egressGb)]
        : []),
    ];
  },

  azurerm_kubernetes_cluster_node_pool: (block, context) => nodePool(block, context),

  // Only Karpenter's pools of nodes: what else a chart has runs on nodes that are counted.
  helm_release: (block, context) =>
    nodePools(block, context).map((pool) => {
      const vcpus = quantity(walk(pool, ['spec', 'limits', 'cpu']));
      const count = times(scaled(0, vcpus, context.usage), 1 / CHOSEN_NODE.vcpus);
      const spot = JSON.stringify(pool).includes('"spot"');
      return hours('aws/ec2/m7g', count, {
        node: true,
        note: `Karpenter chooses them; counted as ${CHOSEN_NODE.instanceType}`,
        ...(spot && { share: 'aws/ec2/spot' }),
      });
    }),
};

function nodePool(pool: unknown, context: EstimateContext): Charge[] {
  const fewest = numberAt(pool, ['min_count'], numberAt(pool, ['node_count'], 1));
  const count = scaled(fewest, numberAt(pool, ['max_count'], fewest), context.usage);
  const spot = textAt(pool, ['priority']) === 'Spot';
  const { price, factor } = vmPrice(textAt(pool, ['vm_size'], 'Standard_D2s_v5'), context.prices);
  const ephemeral = textAt(pool, ['os_disk_type']) === 'Ephemeral';
  return [
    hours(price, times(count, factor), {
      node: true,
      note: textAt(pool, ['vm_size']),
      ...(spot && { share: 'azure/vm/spot' }),
    }),
    ...(ephemeral ? [] : [premiumDisk(numberAt(pool, ['os_disk_size_gb'], 128), count)]),
  ];
}

const PREMIUM_SIZES = [32, 64, 128, 256, 512, 1024];

/** A disk is billed as the next larger size that there is. */
function premiumDisk(gib: number, count: Range): Charge {
  const size = PREMIUM_SIZES.find((one) => gib <= one);
  if (size) return amount(`azure/disk/premium/${size}`, count, { node: true });
  return amount('azure/disk/premium/1024', times(count, Math.ceil(gib / 1024)), { node: true });
}

function nodePools(release: Fields, { stack }: EstimateContext): unknown[] {
  return listAt(release, ['values']).flatMap((values) => {
    if (typeof values !== 'string' || !values.includes('kind: NodePool')) return [];
    try {
      return listAt(stack.yaml(values), ['objects']).filter((one) => walk(one, ['kind']) === 'NodePool');
    } catch {
      return [];
    }
  });
}

const quantity = (value: unknown) => Number(value) || 0;

/** Pods of the model server there are at most, which is what Auto Mode makes nodes for. */
function mostReplicas(stack: EstimateContext['stack']): number {
  const most = stack
    .ofType('kubernetes_horizontal_pod_autoscaler_v2')
    .map(({ block }) => numberAt(block, ['spec', 0, 'max_replicas'], 0));
  return Math.ceil(Math.max(0, ...most) / CHOSEN_NODE.vcpus);
}
