import type { App } from 'cdktf';
import { type Config, ENVIRONMENTS, type EnvironmentName } from '../src';
import { AvailabilityGuard } from '../src/guards/availability-guard';
import { BoundedStateGuard } from '../src/guards/bounded-state-guard';
import { CapacityGuard } from '../src/guards/capacity-guard';
import { CostGuard } from '../src/guards/cost-guard';
import { guardStacks } from '../src/guards/guard-stacks';
import { RetiredPartsGuard } from '../src/guards/retired-parts-guard';
import { SecurityGuard } from '../src/guards/security-guard';
import { SuppressionGuard } from '../src/guards/suppression-guard';
import { AwsStack } from './aws-stack';
import { AzureStack } from './azure-stack';
import { LocalStack } from './local-stack';

const STACKS = { aws: AwsStack, azure: AzureStack } as const;
export const CLOUDS = ['aws', 'azure'] as const;

/** Stacks that promise something together: the clouds of an environment, or the cluster of a kubeconfig. */
export interface StackGroup {
  readonly name: EnvironmentName | 'local';
  readonly stacks: readonly (AwsStack | AzureStack | LocalStack)[];
}

/** Makes every stack that a config declares. */
export function addStacks(app: App, config: Config): StackGroup[] {
  const environments = ENVIRONMENTS.filter((name) => config.environments[name]).map((name) => ({
    name,
    stacks: CLOUDS.filter((cloud) => config.environments[name]?.[cloud]).map(
      (cloud) => new STACKS[cloud](app, { config, environment: name }),
    ),
  }));
  return config.local ? [...environments, { name: 'local', stacks: [new LocalStack(app, { config })] }] : environments;
}

/** Holds the stacks of a config to what they promise, when they are synthesized. */
export function addGuards(groups: readonly StackGroup[], config: Config): void {
  for (const group of groups) addGroupGuards(group, config);
  // One suppression may be of an environment, another of a cloud.
  guardStacks(
    groups.flatMap(({ stacks }) => stacks),
    [new SuppressionGuard(config.security)],
  );
}

function addGroupGuards({ name, stacks }: StackGroup, config: Config): void {
  for (const stack of stacks) {
    guardStacks([stack], [new BoundedStateGuard(), new SecurityGuard(config.security)]);
    // What a laptop builds for a cluster of its own has a tag that moves, and nobody promises that cluster's size.
    if (name === 'local') continue;
    const { slo, capacity } = stack;
    guardStacks(
      [stack],
      [new RetiredPartsGuard(), new AvailabilityGuard({ slo, capacity }), new CapacityGuard({ capacity })],
    );
  }
  const [first] = stacks;
  if (name === 'local' || !first) return;
  const { budget, capacity } = first;
  guardStacks(stacks, [new CostGuard({ budget: budget.monthlyUsd, capacity, ...config.cost })]);
}
