import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformStack } from 'cdktf';
import { gatherGroups } from '../../cli/report/gather';
import { type Config, type ConfigInput, type EnvironmentName, parseConfig } from '../../src';
import { synthesizedStack } from '../../src/guards/guard-stacks';
import type { SynthesizedStack } from '../../src/synthesized/synthesized-stack';
import { areaOf } from '../rehearsal/aws/all-areas';

/** The clouds' stacks of an environment, as a guard sees them: synthesized, with what aspects change. */
export function countedStacks(config: Config, environment: EnvironmentName): readonly SynthesizedStack[] {
  const only = { ...config, environments: { [environment]: config.environments[environment] }, local: undefined };
  return gatherGroups(only, []).flatMap(({ stacks }) => stacks);
}

const AWS = {
  accountId: '111122223333',
  endpointAccess: 'private',
  adminPrincipalArns: ['arn:aws:iam::111122223333:role/deploy'],
  state: { kind: 's3', bucket: 'shop-state', region: 'us-east-1' },
} as const;
const AZURE = {
  subscriptionId: '00000000-0000-4000-8000-000000000001',
  endpointAccess: 'private',
  adminGroupObjectIds: ['00000000-0000-4000-8000-000000000002'],
  state: { kind: 'azurerm', resourceGroupName: 'state', storageAccountName: 'shopstate', containerName: 'tfstate' },
} as const;
const GATEWAY = {
  hostname: 'recommendations.shop.example.com',
  certificate: { kind: 'secret', secretName: 'tls' },
  authentication: { kind: 'none' },
} as const;

/** A production that says no more than it must, with a way in, and with what is given. */
export function production(aws: object | undefined, azure: object | undefined, config: Partial<ConfigInput> = {}) {
  const clouds = { ...(aws && { aws: { ...AWS, ...aws } }), ...(azure && { azure: { ...AZURE, ...azure } }) };
  const input = {
    owner: 'shop',
    budget: { notify: ['platform@shop.example'] },
    environments: { prod: { gateway: GATEWAY, ...clouds } },
    ...config,
  };
  return countedStacks(parseConfig(input, 'test'), 'prod');
}

/** An area of AWS' constructs as a stack. */
export function countedArea(name: string): SynthesizedStack {
  const stack = new TerraformStack(new App(), 'test');
  new AwsProvider(stack, 'Aws', { region: 'us-east-1' });
  areaOf(name).build(stack, { protection: true, engine: 'stand-in' });
  stack.prepareStack();
  return synthesizedStack(stack);
}
