import type { Config, EnvironmentName } from './schema';

/** The AWS provider that the emulated AWS was measured with; the bindings are of 6.25. */
export const REHEARSED_AWS_PROVIDER = '5.100.0';

export interface RehearsalConfigOptions {
  /** `aws-prod`, `local` */
  readonly stack: string;
  readonly protection: boolean;
  /** What serves the AWS provider. @default 'real' */
  readonly aws?: 'real' | 'stand-in';
  /** Where the state is kept. */
  readonly stateDirectory: string;
}

/** A config with the rehearsal's settings, and only the stack's environment, or the local cluster. */
export function rehearsalConfig(config: Config, options: RehearsalConfigOptions): Config {
  const { stack, protection, aws, stateDirectory } = options;
  const [cloud, name] = stack.split('-');
  const environment = name as EnvironmentName;
  const { local, ...clouds } = config;
  return {
    ...clouds,
    ...(cloud === 'local' && { local }),
    // A stand-in has the schema of the bindings, whatever the emulator was measured with.
    providerVersions: { ...config.providerVersions, ...(aws !== 'stand-in' && { aws: REHEARSED_AWS_PROVIDER }) },
    environments: cloud === 'local' ? {} : { [environment]: { ...config.environments[environment], protection } },
    rehearsal: { stateDirectory },
  };
}
