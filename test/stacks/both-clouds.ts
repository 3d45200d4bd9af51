import { type ConfigInput, type EnvironmentName, parseConfig } from '../../src';
import { AwsStack } from '../../stacks/aws-stack';
import { AzureStack } from '../../stacks/azure-stack';
import { type SynthesizedStack, synthesize } from '../helpers/synth';

const STACKS = { aws: AwsStack, azure: AzureStack } as const;
export const CLOUDS = ['aws', 'azure'] as const;
export type Cloud = (typeof CLOUDS)[number];

export const NOTIFY = { notify: ['platform@shop.example'] };
const SETTINGS = {
  aws: {
    accountId: '111122223333',
    endpointAccess: 'private' as const,
    adminPrincipalArns: ['arn:aws:iam::111122223333:role/deploy'],
    state: { kind: 's3' as const, bucket: 'shop-state', region: 'us-east-1' },
  },
  azure: {
    subscriptionId: '00000000-0000-4000-8000-000000000001',
    endpointAccess: 'private' as const,
    adminGroupObjectIds: ['00000000-0000-4000-8000-000000000002'],
    state: {
      kind: 'azurerm' as const,
      resourceGroupName: 'state',
      storageAccountName: 'shopstate',
      containerName: 'tfstate',
    },
  },
};

export interface Options {
  readonly config?: Partial<ConfigInput>;
  readonly environment?: EnvironmentName;
  readonly protection?: boolean;
  /** What the environment chooses for its clusters. */
  readonly choices?: Omit<NonNullable<ConfigInput['environments']['prod']>, 'aws' | 'azure' | 'protection'>;
  /** Settings of the cloud in question. */
  readonly settings?: object;
}

/** The stack of one cloud, in a config that has both and says of each no more than it must. */
export function stackOn(
  cloud: Cloud,
  { config, environment = 'prod', protection, choices, settings }: Options = {},
): SynthesizedStack {
  const clouds = { ...SETTINGS, [cloud]: { ...SETTINGS[cloud], ...settings } };
  const parsed = parseConfig(
    {
      owner: 'shop',
      budget: NOTIFY,
      environments: { [environment]: { protection, ...choices, ...clouds } },
      ...config,
    },
    'test',
  );
  return synthesize((app) => new STACKS[cloud](app, { config: parsed, environment }));
}
