import { walk } from '../../synthesized/stack-json';
import {
  amount,
  type Charge,
  type EstimateContext,
  type Estimators,
  hours,
  listAt,
  numberAt,
  textAt,
} from '../estimator';
import { flat } from '../range';
import { awsEgress, azureEgress, networkLoadBalancer, zonesOf } from './network';

/** Whose cloud a stack's cluster is in, by what the stack has or speaks to; none for a cluster of one's own. */
export function cloudOf({ json, resources }: EstimateContext['stack']): 'aws' | 'azure' | undefined {
  const providers = Object.keys(json.provider ?? {});
  const has = (prefix: string, provider: string) =>
    providers.includes(provider) || resources.some(({ type }) => type.startsWith(prefix));
  if (has('aws_', 'aws')) return 'aws';
  return has('azurerm_', 'azurerm') ? 'azure' : undefined;
}

const INTERNAL = /load-balancer-internal$|azure-load-balancer-internal$|aws-load-balancer-scheme$/;

/** A Service that the cloud makes a load balancer for. */
function loadBalancer(block: unknown, context: EstimateContext): Charge[] {
  const annotations = (walk(block, ['metadata', 0, 'annotations']) ?? {}) as Record<string, unknown>;
  const isPublic = !Object.entries(annotations).some(
    ([key, value]) => INTERNAL.test(key) && value !== 'internet-facing' && value !== 'false',
  );
  if (cloudOf(context.stack) === 'azure') {
    return [
      ...(needsBalancer(context.stack)
        ? [hours('azure/load-balancer'), amount('azure/load-balancer/data', context.usage.egressGb)]
        : []),
      ...(isPublic ? [hours('azure/public-ip'), azureEgress(context)] : []),
    ];
  }
  const isNetwork = Object.entries(annotations).some(
    ([key, value]) => key.endsWith('aws-load-balancer-type') && value !== 'classic',
  );
  if (isNetwork) return networkLoadBalancer(context, zonesOf(context.stack), isPublic);
  return [
    hours('aws/clb'),
    amount('aws/clb/data', context.usage.egressGb),
    ...(isPublic ? [hours('aws/public-ipv4', zonesOf(context.stack)), awsEgress(context)] : []),
  ];
}

/** A cluster whose nodes go out through its load balancer has that already, and counts it. */
function needsBalancer(stack: EstimateContext['stack']): boolean {
  const clusters = stack.ofType('azurerm_kubernetes_cluster').map(({ block }) => stack.known(block));
  return clusters.length > 0 && !clusters.some(hasOutboundBalancer);
}

/** Whether a cluster of AKS has a load balancer from the start. */
export const hasOutboundBalancer = (cluster: unknown): boolean =>
  textAt(cluster, ['network_profile', 0, 'outbound_type'], 'loadBalancer') === 'loadBalancer';

const UNITS: Readonly<Record<string, number>> = {
  Ki: 2 ** -20,
  Mi: 2 ** -10,
  Gi: 1,
  Ti: 1024,
  M: 1e6 / 2 ** 30,
  G: 1e9 / 2 ** 30,
  T: 1e12 / 2 ** 30,
};

/** GiB of `20Gi`. */
export function gibOf(quantity: unknown): number {
  const parts = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi|Ti|M|G|T)?$/.exec(String(quantity));
  if (!parts) return 0;
  return Number(parts[1]) * (parts[2] ? (UNITS[parts[2]] as number) : 2 ** -30);
}

/** Sizes of Azure's disks, which a volume is billed as the next larger one of. */
const AZURE_SIZES = [4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096];

function volume(block: unknown, { stack }: EstimateContext): Charge[] {
  const gib = gibOf(walk(block, ['spec', 0, 'resources', 0, 'requests', 'storage']));
  const cloud = cloudOf(stack);
  if (cloud === 'aws') return [amount('aws/ebs/gp3', gib)];
  if (cloud === undefined) return [];
  const billed = AZURE_SIZES.find((size) => gib <= size) ?? gib;
  return [amount(hasZones(stack) ? 'azure/disk/standard-zrs' : 'azure/disk/standard', billed)];
}

/** AKS makes its volumes in all zones where its nodes are in several. */
function hasZones(stack: EstimateContext['stack']): boolean {
  return stack
    .ofType('azurerm_kubernetes_cluster')
    .some(({ block }) => listAt(block, ['default_node_pool', 0, 'zones']).length > 1);
}

/** What a cluster has its cloud make. All else in it runs on nodes, which are counted. */
export const IN_CLUSTER_ESTIMATORS: Estimators = {
  kubernetes_service_v1: (block, context) => {
    if (textAt(block, ['spec', 0, 'type'], 'ClusterIP') !== 'LoadBalancer') return [];
    return cloudOf(context.stack) ? loadBalancer(block, context) : [];
  },
  kubernetes_persistent_volume_claim_v1: (block, context) => volume(block, context),
  kubernetes_stateful_set_v1: (block, context) => {
    const replicas = numberAt(block, ['spec', 0, 'replicas'], 1);
    return listAt(block, ['spec', 0, 'volume_claim_template'])
      .flatMap((claim) => volume(claim, context))
      .map((charge) => ({ ...charge, quantity: flat(charge.quantity.expected * replicas) }));
  },
};
