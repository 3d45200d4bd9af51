import { EC2_INSTANCE_SIZES } from '../capacity/ec2-nodes';
import type { CapacityPlan } from '../declarations/capacity-plan';
import { walk } from '../synthesized/stack-json';
import type { SynthesizedResource, SynthesizedStack } from '../synthesized/synthesized-stack';
import { SERVICE_LEVELS } from './service-levels';
import type { Replicated } from './zones';

interface Planned {
  readonly capacity: CapacityPlan;
}

/** Tasks of Fargate, of each service in a load balancer's target group. */
export function tasks(stack: SynthesizedStack, { capacity }: Planned): Replicated[] {
  return stack
    .ofType('aws_ecs_service')
    .filter(({ block }) => block.load_balancer !== undefined)
    .map((service) => {
      const { block, path } = service;
      const [definition] = stack.referredBy(block.task_definition);
      const cpuMillis = (numberOf(stack.known(definition?.block.cpu)) || 1024) / 1.024;
      return {
        ...ON_AWS,
        what: 'task',
        path,
        zones: listLength(walk(block, ['network_configuration', 0, 'subnets'])),
        count: Math.max(fewest(stack, service) ?? 0, numberOf(stack.known(block.desired_count)) ?? 1),
        needed: capacity.leastReplicas({ cpuMillis }),
        region: SERVICE_LEVELS.fargateRegion,
      };
    });
}

/** Fewest tasks that the autoscaler of a service leaves. */
function fewest(stack: SynthesizedStack, service: SynthesizedResource): number | undefined {
  const target = stack
    .ofType('aws_appautoscaling_target')
    .find(({ block }) => stack.referredBy(block.resource_id).includes(service));
  return numberOf(stack.known(target?.block.min_capacity));
}

/** Machines of autoscaling groups in a load balancer's target group, one replica on each. */
export function machines(stack: SynthesizedStack, { capacity }: Planned): Replicated[] {
  return (
    stack
      .ofType('aws_autoscaling_group')
      .filter(({ block }) => block.target_group_arns !== undefined || block.traffic_source !== undefined)
      // The one of two groups that waits for the next version.
      .filter(({ block }) => numberOf(stack.known(block.max_size)) !== 0)
      .map(({ block, path }) => {
        const types = stack.referredBy(block).map((one) => String(stack.known(one.block.instance_type)));
        const size = types.map((type) => EC2_INSTANCE_SIZES[type]).find((one) => one !== undefined);
        return {
          ...ON_AWS,
          what: 'machine',
          path,
          zones: listLength(block.vpc_zone_identifier),
          count: numberOf(stack.known(block.min_size)) ?? 1,
          needed: capacity.leastReplicas({ cpuMillis: (size?.vcpus ?? 2) * 1000 }),
          region: SERVICE_LEVELS.ec2Region,
        };
      })
  );
}

/** Of a task Fargate promises nothing by itself, so it is taken for an instance. */
const ON_AWS = { cloud: 'aws', inCluster: false, single: SERVICE_LEVELS.ec2Instance } as const;

const listLength = (value: unknown) => (Array.isArray(value) ? Math.max(1, value.length) : 1);

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
