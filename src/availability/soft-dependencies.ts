import { walk } from '../synthesized/stack-json';
import type { SynthesizedResource, SynthesizedStack } from '../synthesized/synthesized-stack';
import { SERVICE_LEVELS, type ServiceLevel } from './service-levels';

export type SoftName = 'model store' | 'cache' | 'control plane' | 'egress' | 'database';

/** What the service uses, and answers without. */
export interface SoftDependency {
  readonly name: SoftName;
  readonly path: string;
  /** What is answered without it: the rung of the ladder below. */
  readonly without: string;
  /** What is promised of it; absent where nothing is, or where nobody looked it up. */
  readonly level?: ServiceLevel;
}

/** By the model server's ladder of answers: model-server/README.md#the-ladder. */
const WITHOUT: Readonly<Record<SoftName, string>> = {
  'model store': 'pods go on with the version that they have, new ones start with that of their image',
  cache: 'answers are worked out each time, and customers without a history get popular items',
  'control plane': 'what runs, runs on; nothing is deployed, scaled, or replaced when it dies',
  egress: 'requests are answered; images, metrics and peers outside wait',
  database: 'answers come from model and histories; what keeps tables in it waits',
};

/** Resource types of each, beside the model store, which is known by its name. */
const TYPES: Readonly<Record<Exclude<SoftName, 'model store'>, readonly string[]>> = {
  cache: ['aws_elasticache_replication_group', 'aws_elasticache_serverless_cache', 'azurerm_redis_cache'],
  'control plane': ['aws_eks_cluster', 'azurerm_kubernetes_cluster'],
  egress: ['aws_nat_gateway', 'azurerm_nat_gateway'],
  database: ['aws_db_instance', 'azurerm_postgresql_flexible_server'],
};

/** The first of each that a stack has. */
export function softDependencies(stack: SynthesizedStack): SoftDependency[] {
  const store = modelStore(stack);
  return [
    ...(store ? [softOne('model store', store)] : []),
    ...Object.entries(TYPES).flatMap(([name, types]) => {
      const [first] = stack.ofType(...types);
      return first ? [softOne(name as SoftName, first)] : [];
    }),
  ];
}

function softOne(name: SoftName, resource: SynthesizedResource): SoftDependency {
  return { name, path: resource.path, without: WITHOUT[name], level: levelOf(resource) };
}

/** What is promised of a resource of these types. */
function levelOf({ type, block }: SynthesizedResource): ServiceLevel | undefined {
  switch (type) {
    case 'aws_s3_bucket':
      return SERVICE_LEVELS.s3;
    case 'azurerm_storage_account':
      return SERVICE_LEVELS.blobStorage;
    case 'aws_eks_cluster':
      return SERVICE_LEVELS.eks;
    case 'azurerm_kubernetes_cluster':
      // The Free tier has an objective, and no promise.
      return block.sku_tier === 'Standard' && walk(block, ['default_node_pool', 0, 'zones', 0])
        ? SERVICE_LEVELS.aksZones
        : undefined;
    default:
      return undefined;
  }
}

const STORES = ['aws_s3_bucket', 'azurerm_storage_account'];

/** Where servers have their settings, where they have no ConfigMap. */
const HAVE_SETTINGS = ['aws_ecs_task_definition', 'aws_launch_template', 'aws_lambda_function'];

/** What the setting of a cluster's servers names, or what tasks, machines and functions refer to. */
function modelStore(stack: SynthesizedStack): SynthesizedResource | undefined {
  const settings = stack.contents.objects.flatMap(({ kind, data }) => (kind === 'ConfigMap' && data ? [data] : []));
  const [, name] = /"RECOMMENDER_STORE":"\w+:\/\/([^/"]+)/.exec(JSON.stringify(settings)) ?? [];
  const named = stack.ofType(...STORES).find(({ block }) => name && [block.bucket, block.name].includes(name));
  const referred = stack.referredBy(stack.ofType(...HAVE_SETTINGS).map(({ block }) => block));
  return named ?? referred.find(({ type }) => STORES.includes(type));
}
