import { type Config, type ConfigInput, type EnvironmentName, parseConfig } from '../../src';
import { AzureStack } from '../../stacks/azure-stack';
import { type SynthesizedStack, synthesize } from '../helpers/synth';

type AzureInput = NonNullable<NonNullable<ConfigInput['environments'][EnvironmentName]>['azure']>;

export const SUBSCRIPTION_ID = '00000000-0000-4000-8000-000000000001';

/** The least that a config must say to deploy to Azure. */
const AZURE: AzureInput = {
  subscriptionId: SUBSCRIPTION_ID,
  endpointAccess: { public: { cidrs: ['198.51.100.0/24'] } },
  adminGroupObjectIds: ['00000000-0000-4000-8000-000000000002'],
  state: {
    kind: 'azurerm',
    resourceGroupName: 'state',
    storageAccountName: 'shopstate',
    containerName: 'tfstate',
  },
};

export function azureConfig(
  environment: EnvironmentName,
  azure: Partial<AzureInput> = {},
  rest: Partial<ConfigInput> = {},
): Config {
  const input: ConfigInput = {
    project: 'shop',
    owner: 'recommendations',
    budget: { notify: ['ops@example.com'] },
    environments: { [environment]: { azure: { ...AZURE, ...azure } } },
    ...rest,
  };
  return parseConfig(input, 'test config');
}

/** The stack of an environment as `cdktf synth` writes it. */
export function azureStack(config: Config, environment: EnvironmentName = 'prod'): SynthesizedStack {
  return synthesize((app) => new AzureStack(app, { config, environment }));
}
