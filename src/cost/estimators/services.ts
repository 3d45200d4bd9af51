import { walk } from '../../synthesized/stack-json';
import type { SynthesizedResource, SynthesizedStack } from '../../synthesized/synthesized-stack';
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
import { flat, map, type Range, times } from '../range';
import { averageBounds, targetActions } from '../schedules';
import { scaled } from '../usage';

/** How many there are of what Application Auto Scaling scales, or as many as it says itself. */
export function scaledBy(
  stack: SynthesizedStack,
  resource: SynthesizedResource,
  fallback: number,
  { usage }: Pick<EstimateContext, 'usage'>,
): Range {
  const target = stack
    .ofType('aws_appautoscaling_target')
    .find(({ block }) => stack.referredBy(block.resource_id).some(({ address }) => address === resource.address));
  if (!target) return flat(fallback);
  const block = stack.known(target.block);
  const fewest = numberAt(block, ['min_capacity'], fallback);
  const bounds = { min: fewest, max: numberAt(block, ['max_capacity'], Math.max(fewest, fallback)) };
  const { min, max } = averageBounds(bounds, targetActions(stack, target, bounds));
  return scaled(min, max, usage);
}

interface Provider {
  readonly base: number;
  readonly weight: number;
  readonly isSpot: boolean;
}

const providersOf = (block: unknown): Provider[] =>
  listAt(block, ['capacity_provider_strategy']).map((one) => ({
    base: numberAt(one, ['base'], 0),
    weight: numberAt(one, ['weight'], 0),
    isSpot: textAt(one, ['capacity_provider']) === 'FARGATE_SPOT',
  }));

/** Tasks that AWS may take back, of so many. */
function spotTasks(all: number, providers: readonly Provider[]): number {
  const of = (chosen: readonly Provider[], key: 'base' | 'weight') => chosen.reduce((sum, one) => sum + one[key], 0);
  const spot = providers.filter(({ isSpot }) => isSpot);
  const based = Math.min(all, of(providers, 'base'));
  const share = of(providers, 'weight') > 0 ? of(spot, 'weight') / of(providers, 'weight') : 0;
  return Math.min(all, of(spot, 'base')) + (all - based) * share;
}

export const SERVICE_ESTIMATORS: Estimators = {
  aws_ecs_service: (block, context, resource) => {
    const { stack } = context;
    const providers = providersOf(block);
    if (providers.length === 0 && textAt(block, ['launch_type'], 'EC2') !== 'FARGATE') return [];
    const task = stack.known(
      stack.referredBy(resource.block).find(({ type }) => type === 'aws_ecs_task_definition')?.block,
    );
    const architecture =
      textAt(task, ['runtime_platform', 0, 'cpu_architecture'], 'X86_64') === 'ARM64' ? 'arm64' : 'x86';
    const vcpus = numberAt(task, ['cpu'], 256) / 1024;
    const gb = numberAt(task, ['memory'], 512) / 1024;
    const count = scaledBy(stack, resource, numberAt(block, ['desired_count'], 1), context);
    const tasks = (of: Range, share?: string): Charge[] => [
      hours(`aws/fargate/${architecture}/vcpu`, times(of, vcpus), share ? { share } : {}),
      hours(`aws/fargate/${architecture}/gb`, times(of, gb), share ? { share } : {}),
    ];
    const spot = map(count, (all) => spotTasks(all, providers));
    const onDemand = map(count, (all) => all - spotTasks(all, providers));
    return [...tasks(onDemand), ...(providers.some(({ isSpot }) => isSpot) ? tasks(spot, 'aws/fargate/spot') : [])];
  },

  aws_lambda_function: (block, { usage }) => {
    const gb = numberAt(block, ['memory_size'], 128) / 1024;
    const architecture = listAt(block, ['architectures']).includes('arm64') ? 'arm64' : 'x86';
    const calls = usage.functionCallsThousands;
    return [
      amount(`aws/lambda/${architecture}`, calls * 1000 * (usage.functionMilliseconds / 1000) * gb),
      amount('aws/lambda/calls', calls / 1000),
    ];
  },

  aws_sfn_state_machine: (block, { usage }) =>
    block.type === 'EXPRESS'
      ? [amount('aws/step-functions/express', usage.messagesMillions)]
      : [amount('aws/step-functions', usage.transitionsThousands)],
  aws_scheduler_schedule: (_, { usage }) => [amount('aws/scheduler', usage.messagesMillions)],

  aws_codebuild_project: (block, { usage }) => {
    const type = textAt(block, ['environment', 0, 'compute_type'], 'BUILD_GENERAL1_SMALL').toLowerCase();
    const size = /(small|medium|large)$/.exec(type)?.[1] ?? 'large';
    return [amount(`aws/codebuild/${size}`, usage.buildMinutes)];
  },
  aws_codepipeline: (block, { usage }) => [
    amount('aws/codepipeline', usage.buildMinutes * Math.max(1, listAt(block, ['stage']).length)),
  ],

  aws_sagemaker_endpoint_configuration: (block, context, resource) => {
    const { stack, usage } = context;
    const endpoint = stack
      .ofType('aws_sagemaker_endpoint')
      .find(({ block: one }) => stack.referredBy(one).some(({ address }) => address === resource.address));
    return listAt(block, ['production_variants']).flatMap((variant) => {
      const serverless = walk(variant, ['serverless_config', 0]);
      if (!serverless) {
        const count = scaledBy(stack, endpoint ?? resource, numberAt(variant, ['initial_instance_count'], 1), context);
        return [hours(`aws/sagemaker/${textAt(variant, ['instance_type'])}`, count)];
      }
      const gb = numberAt(serverless, ['memory_size_in_mb'], 1024) / 1024;
      const ready = numberAt(serverless, ['provisioned_concurrency'], 0) * gb * 730 * 3600;
      const seconds = usage.functionCallsThousands * usage.functionMilliseconds * gb;
      return [
        amount('aws/sagemaker/serverless', seconds),
        ...(ready > 0 ? [amount('aws/sagemaker/serverless/provisioned', ready)] : []),
      ];
    });
  },
  aws_sagemaker_notebook_instance: (block, { usage }) => {
    const running = { floor: 0, expected: usage.notebookHours, ceiling: Math.max(730, usage.notebookHours) };
    return [
      amount(`aws/sagemaker/${textAt(block, ['instance_type'])}`, running),
      amount('aws/sagemaker/storage', numberAt(block, ['volume_size'], 5)),
    ];
  },
  aws_sagemaker_feature_group: (_, { usage }) => [amount('aws/sagemaker/features', usage.eventsMillions)],
};
