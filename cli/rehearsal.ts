import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RehearsalResult, RehearseOptions } from '@cdktf-recommender/rehearsal';
import { type Config, ENVIRONMENTS, type EnvironmentName } from '../src';
import { UsageError } from './failure';

/** The AWS provider that the emulated AWS was measured with; the bindings are of 6.25. */
const REHEARSED_AWS_PROVIDER = '5.100.0';
/** Well formed, so that the variable's validation passes; nothing pulls it. */
const REHEARSED_IMAGE = `registry.example.com/recommender/model-server@sha256:${'0'.repeat(64)}`;

export interface RehearseStackOptions
  extends Pick<RehearseOptions, 'until' | 'signal' | 'onProgress' | 'mirror' | 'aws' | 'controlPlane'> {
  /** The folder with cdktf.json. */
  readonly project: string;
  readonly config: Config;
  /** e.g. `aws-prod` */
  readonly stack: string;
}

/** Takes one of the project's stacks through its life on emulated clouds, from the user's own config. */
export async function rehearseStack(options: RehearseStackOptions): Promise<RehearsalResult> {
  const { rehearse } = await import('@cdktf-recommender/rehearsal');
  const { project, config, stack, ...rest } = options;
  const folder = mkdtempSync(join(tmpdir(), 'recommender-rehearsal-'));
  try {
    const write = (protection: boolean) => {
      const file = join(folder, protection ? 'protected.json' : 'unprotected.json');
      writeFileSync(file, JSON.stringify(rehearsalConfig(options, protection, folder)));
      return { CDKTF_RECOMMENDER_CONFIG: file };
    };
    return await rehearse({
      ...rest,
      project,
      stack,
      environment: { ...write(true), TF_VAR_image: REHEARSED_IMAGE },
      unprotectedEnvironment: write(false),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Stacks that a config declares, e.g. `aws-prod`. */
function stacksOf(config: Config): string[] {
  return ENVIRONMENTS.flatMap((environment) =>
    (['aws', 'azure'] as const)
      .filter((cloud) => config.environments[environment]?.[cloud])
      .map((cloud) => `${cloud}-${environment}`),
  );
}

/** @throws UsageError naming the first stack that the config doesn't declare */
export function checkStacks(config: Config, stacks: readonly string[]): void {
  const declared = stacksOf(config);
  const unknown = stacks.find((stack) => !declared.includes(stack));
  if (unknown) throw new UsageError(`there is no stack ${unknown}; the config declares ${declared.join(', ')}.`);
}

/** The config with the rehearsal's settings, and only the environment that is rehearsed. */
function rehearsalConfig(
  { config, stack, aws }: RehearseStackOptions,
  protection: boolean,
  stateDirectory: string,
): Config {
  const environment = stack.split('-')[1] as EnvironmentName;
  const settings = config.environments[environment];
  checkStacks(config, [stack]);
  return {
    ...config,
    // A stand-in has the schema of the bindings, whatever the emulator was measured with.
    providerVersions: { ...config.providerVersions, ...(aws !== 'stand-in' && { aws: REHEARSED_AWS_PROVIDER }) },
    environments: { [environment]: { ...settings, protection } },
    rehearsal: { stateDirectory },
  };
}
