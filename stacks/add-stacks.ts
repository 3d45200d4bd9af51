import type { App, TerraformStack } from 'cdktf';
import { type Config, ENVIRONMENTS } from '../src';
import { BoundedStateGuard } from '../src/guards/bounded-state-guard';
import { guardStacks } from '../src/guards/guard-stacks';
import { RetiredPartsGuard } from '../src/guards/retired-parts-guard';
import { AwsStack } from './aws-stack';
import { AzureStack } from './azure-stack';
import { LocalStack } from './local-stack';

const STACKS = { aws: AwsStack, azure: AzureStack } as const;
export const CLOUDS = ['aws', 'azure'] as const;

/** Makes every stack that a config declares, and has guards hold them to what it promises. */
export function addStacks(app: App, config: Config): TerraformStack[] {
  const stacks = ENVIRONMENTS.flatMap((environment) =>
    CLOUDS.filter((cloud) => config.environments[environment]?.[cloud]).map(
      (cloud) => new STACKS[cloud](app, { config, environment }),
    ),
  );
  for (const stack of stacks) guardStacks([stack], [new BoundedStateGuard(), new RetiredPartsGuard()]);
  if (!config.local) return stacks;
  const local = new LocalStack(app, { config });
  // What a laptop builds has a tag that moves.
  guardStacks([local], [new BoundedStateGuard()]);
  return [...stacks, local];
}
