import fc from 'fast-check';
import { CapacityPlan, ServiceLevelObjective } from '../../../src';
import { AvailabilityGuard, CapacityGuard } from '../../../src/guards';
import type { StackJson } from '../../../src/synthesized/stack-json';
import { SynthesizedStack } from '../../../src/synthesized/synthesized-stack';
import { eks } from './clusters';

const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 31);

const guards = [
  new AvailabilityGuard({ slo: new ServiceLevelObjective() }),
  new CapacityGuard({ capacity: new CapacityPlan() }),
];

/** There is a service, so that all that bears it is looked at. */
const { kubernetes_deployment_v1, kubernetes_horizontal_pod_autoscaler_v2 } = eks().json.resource ?? {};
const SERVICE = { kubernetes_deployment_v1, kubernetes_horizontal_pod_autoscaler_v2 };

/** What the guards look at. */
const TYPES = [
  'aws_eks_node_group',
  'aws_eks_addon',
  'aws_eks_cluster',
  'aws_subnet',
  'aws_lb',
  'aws_route53_zone',
  'aws_ecs_service',
  'aws_ecs_task_definition',
  'aws_appautoscaling_target',
  'aws_autoscaling_group',
  'aws_launch_template',
  'aws_lambda_function',
  'aws_lambda_function_url',
  'aws_apigatewayv2_integration',
  'azurerm_kubernetes_cluster',
  'azurerm_kubernetes_cluster_node_pool',
  'azurerm_subnet',
];
const KEYS = [
  'scaling_config',
  'min_size',
  'max_size',
  'subnet_ids',
  'instance_types',
  'cidr_block',
  'availability_zone',
  'default_node_pool',
  'network_profile',
  'vm_size',
  'min_count',
  'max_count',
  'max_pods',
  'zones',
  'auto_scaling_enabled',
  'vnet_subnet_id',
  'address_prefixes',
  'kubernetes_cluster_id',
  'configuration_values',
  'subnets',
  'load_balancer',
  'network_configuration',
  'task_definition',
  'desired_count',
  'cpu',
  'min_capacity',
  'resource_id',
  'vpc_zone_identifier',
  'target_group_arns',
  'function_name',
];
/** Numbers, texts, references to what is there or not, nothing, lists and blocks of all these. */
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.integer({ min: -2, max: 40 }),
    fc.constantFrom('t4g.large', 'Standard_D2ps_v6', '10.0.0.0/20', 'zone-1', '', 'SPOT', true, null),
    fc.constantFrom(...TYPES).map((type) => `\${${type}.One.id}`),
    fc.constantFrom(`\${var.unknown}`, `\${merge(local.a, {b = 1})}`),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 4 }),
  ),
}));
const block = fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 8 });
const stacks = fc
  .dictionary(
    fc.constantFrom(...TYPES),
    block.map((one) => ({ One: one })),
    { maxKeys: 8 },
  )
  .map((resource) => new SynthesizedStack('foreign', { resource: { ...SERVICE, ...resource } } as StackJson));

test(`guards look at any stack, whatever its blocks hold (SEED=${SEED})`, () => {
  fc.assert(
    fc.property(stacks, (stack) => {
      const findings = guards.flatMap((guard) => guard.check([stack]));
      return findings.every(({ message }) => !/NaN|undefined|\[object/.test(message));
    }),
    { seed: SEED, numRuns: 10_000 },
  );
});
