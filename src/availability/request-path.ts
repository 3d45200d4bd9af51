import { nodePools } from '../capacity/node-pools';
import { replicasOn } from '../capacity/placement';
import { clusterWorkloads } from '../capacity/workloads';
import type { CapacityPlan } from '../declarations/capacity-plan';
import { walk } from '../synthesized/stack-json';
import type { SynthesizedStack } from '../synthesized/synthesized-stack';
import { type Graph, parallel, part, series } from './graph';
import { machines, tasks } from './machines';
import { SERVICE_LEVELS, type ServiceLevel } from './service-levels';
import { type SoftDependency, softDependencies } from './soft-dependencies';
import { type Replicated, replicated, zoneOf } from './zones';

export interface RequestPathOptions {
  readonly capacity: CapacityPlan;
  /**
   * Name of the Deployment that answers requests.
   * @default 'model-server'
   */
  readonly serviceName?: string;
  /**
   * What your service can't answer without, though the model server can.
   * @default []
   */
  readonly requires?: readonly Requirable[];
}

/** What somebody promises something of. */
export type Requirable = Extract<SoftDependency['name'], 'model store' | 'control plane'>;

/** What a request to a stack passes, and what it does without. */
export interface RequestPath {
  readonly graph: Graph;
  readonly soft: readonly SoftDependency[];
}

/**
 * What answers requests in a stack: nodes of a cluster, tasks of Fargate, machines or functions, and all that is in front
 * of them. All of it multiplies: a stack is taken for one service.
 *
 * @returns undefined for a stack in which nothing answers requests
 */
export function requestPath(stack: SynthesizedStack, options: RequestPathOptions): RequestPath | undefined {
  const computes = [...nodes(stack, options), ...tasks(stack, options), ...machines(stack, options)];
  const compute = [...computes.map((one) => replicated(stack.name, one)), ...functions(stack)];
  if (compute.length === 0) return undefined;
  const all = softDependencies(stack);
  const required = new Set<SoftDependency['name']>(options.requires);
  return {
    graph: series(
      ...inFront(stack),
      ...loadBalancer(stack, computes[0]),
      ...compute,
      ...all.filter(({ name }) => required.has(name)).map((one) => needed(stack, one)),
    ),
    soft: all.filter(({ name }) => !required.has(name)),
  };
}

function promised(stack: SynthesizedStack, name: string, level: ServiceLevel, path: string, fix?: string): Graph {
  return part(`${stack.name}: ${name}`, level.percent / 100, { level, path, fix });
}

/** What nothing is promised of is never there. */
function needed(stack: SynthesizedStack, { name, path, level }: SoftDependency): Graph {
  if (level) return promised(stack, name, level, path);
  return part(`${stack.name}: ${name}`, 0, {
    path,
    fix: 'Nothing is promised of it: choose a tier of which something is',
  });
}

/** Services of which a cloud promises the same wherever they are, by their resource type. */
const IN_FRONT: Readonly<Record<string, readonly [level: ServiceLevel, fix: string]>> = {
  aws_route53_zone: [SERVICE_LEVELS.route53, 'Leave it to another name server'],
  azurerm_dns_zone: [SERVICE_LEVELS.azureDns, 'Leave it to another name server'],
  aws_cloudfront_distribution: [
    SERVICE_LEVELS.cloudFront,
    'Let callers go around it when it fails, leave the edge out, or promise less than it does',
  ],
  azurerm_cdn_frontdoor_profile: [SERVICE_LEVELS.azureFrontDoor, 'Let callers go around it when it fails'],
  aws_apigatewayv2_api: [SERVICE_LEVELS.apiGateway, 'Put a load balancer in its place, or promise less'],
};

/** One part for all resources of a type: they are as available as their service. */
function inFront(stack: SynthesizedStack): Graph[] {
  return Object.entries(IN_FRONT).flatMap(([type, [level, fix]]) => {
    const [first] = stack.ofType(type).filter(({ block }) => !isPrivateZone(block));
    return first ? [promised(stack, level.service, level, first.path, fix)] : [];
  });
}

/** Of Route 53: one that only a network sees. */
const isPrivateZone = (block: Readonly<Record<string, unknown>>) => block.vpc !== undefined;

/** The load balancer that the stack declares, or that a Gateway or a Service of its cluster makes. */
function loadBalancer(stack: SynthesizedStack, compute: Replicated | undefined): Graph[] {
  const [declared] = stack.ofType('aws_lb', 'aws_alb', 'azurerm_lb');
  if (declared) {
    const subnets = declared.block.subnets ?? declared.block.subnet_mapping;
    const zones = Array.isArray(subnets) ? subnets.length : undefined;
    return [balancerOf(stack, declared.type === 'azurerm_lb' ? 'azure' : 'aws', declared.path, compute, zones)];
  }
  if (!compute?.inCluster || !asksForLoadBalancer(stack)) return [];
  return [balancerOf(stack, compute.cloud, pathOfGateway(stack) ?? stack.name, compute)];
}

/**
 * One of Elastic Load Balancing is in zones that the machines behind it are in too, and gone with the last of them.
 *
 * @param zones that it is in; those of the machines if left out
 */
function balancerOf(
  stack: SynthesizedStack,
  cloud: 'aws' | 'azure',
  path: string,
  compute: Replicated | undefined,
  zones = compute?.zones ?? 1,
): Graph {
  if (cloud === 'azure') return promised(stack, 'load balancer', SERVICE_LEVELS.azureLoadBalancer, path);
  const fix = zones > 1 ? undefined : 'Give the load balancer subnets in two zones';
  const level = zones > 1 ? SERVICE_LEVELS.elbZones : SERVICE_LEVELS.elbOneZone;
  const balancer = promised(stack, 'load balancer', level, path, fix);
  if (!compute) return balancer;
  const inZones = Array.from({ length: zones }, (_, index) => zoneOf(stack.name, compute, index));
  return series(balancer, parallel(...inZones.map((zone) => ({ ...zone, ...(fix && { path, fix }) }))));
}

function asksForLoadBalancer({ contents }: SynthesizedStack): boolean {
  const all = [...contents.objects, ...Object.values(contents.customResources).flat()];
  return all.some(
    ({ kind, spec }) => kind === 'Gateway' || (kind === 'Service' && walk(spec, ['type']) === 'LoadBalancer'),
  );
}

/** Of the release whose objects have it. */
function pathOfGateway(stack: SynthesizedStack): string | undefined {
  const { customResources } = stack.contents;
  const names = Object.keys(customResources).filter((name) =>
    customResources[name]?.some(({ kind }) => kind === 'Gateway'),
  );
  return stack.ofType('helm_release').find(({ block }) => names.includes(String(stack.known(block.name))))?.path;
}

/** A cloud's node pools as one set of machines, of which so many are needed as hold the replicas that bear the peak. */
function nodes(stack: SynthesizedStack, { capacity, serviceName = 'model-server' }: RequestPathOptions): Replicated[] {
  const { service } = clusterWorkloads(stack, serviceName);
  const all = nodePools(stack).filter(({ spot }) => !spot);
  return (['aws', 'azure'] as const).flatMap((cloud) => {
    const pools = all.filter((pool) => pool.cloud === cloud);
    const [first] = pools;
    if (!first) return [];
    const each = service && first.node ? replicasOn(first.node, service.replica) : 1;
    return {
      what: 'node',
      cloud,
      path: first.path,
      inCluster: true,
      zones: Math.max(...pools.map(({ zones }) => zones)),
      count: pools.reduce((sum, { min }) => sum + min, 0),
      needed: service ? Math.ceil(capacity.leastReplicas(service.replica) / Math.max(1, each)) : 1,
      region: cloud === 'aws' ? SERVICE_LEVELS.ec2Region : SERVICE_LEVELS.azureVmZones,
      single: cloud === 'aws' ? SERVICE_LEVELS.ec2Instance : SERVICE_LEVELS.azureVm,
    };
  });
}

/** Functions that a request runs: those an API Gateway, a load balancer or a URL of their own leads to. */
function functions(stack: SynthesizedStack): Graph[] {
  const ways = stack.ofType(
    'aws_apigatewayv2_integration',
    'aws_lambda_function_url',
    'aws_lb_target_group_attachment',
  );
  const [first] = stack
    .referredBy(ways.map(({ block }) => block))
    .flatMap((one) => (one.type === 'aws_lambda_alias' ? stack.referredBy(one.block) : [one]))
    .filter(({ type }) => type === 'aws_lambda_function');
  return first
    ? [promised(stack, 'functions', SERVICE_LEVELS.lambda, first.path, 'Serve by tasks or nodes in two zones')]
    : [];
}
