import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RehearsalResult, RehearseOptions } from '@cdktf-recommender/rehearsal';
import { type Config, ENVIRONMENTS } from '../src';
import { rehearsalConfig } from '../src/config/rehearsal-config';
import { UsageError } from './failure';

/** Well formed, so that the variables' validations pass; nothing pulls them. */
const image = (name: string) => `registry.example.com/recommender/${name}@sha256:${'0'.repeat(64)}`;
const REHEARSED_IMAGES = { TF_VAR_image: image('model-server'), TF_VAR_functions_image: image('functions') };

export interface RehearseStackOptions
  extends Pick<
    RehearseOptions,
    'until' | 'signal' | 'onProgress' | 'mirror' | 'aws' | 'commands' | 'controlPlane' | 'afterDeploy'
  > {
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
  checkStacks(config, [stack]);
  const folder = mkdtempSync(join(tmpdir(), 'recommender-rehearsal-'));
  try {
    const write = (protection: boolean) => {
      const file = join(folder, protection ? 'protected.json' : 'unprotected.json');
      const settings = { stack, protection, aws: rest.aws, stateDirectory: folder };
      writeFileSync(file, JSON.stringify(rehearsalConfig(config, settings)));
      return { CDKTF_RECOMMENDER_CONFIG: file };
    };
    return await rehearse({
      ...rest,
      project,
      stack,
      environment: { ...write(true), ...REHEARSED_IMAGES },
      // Nothing of the local cluster is protected: its model is the image's.
      ...(stack !== 'local' && { unprotectedEnvironment: write(false) }),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Stacks that a config declares, e.g. `aws-prod`. */
export function stacksOf(config: Config): string[] {
  const inClouds = ENVIRONMENTS.flatMap((environment) =>
    (['aws', 'azure'] as const)
      .filter((cloud) => config.environments[environment]?.[cloud])
      .map((cloud) => `${cloud}-${environment}`),
  );
  return config.local ? [...inClouds, 'local'] : inClouds;
}

/** @throws UsageError naming the first stack that the config doesn't declare */
export function checkStacks(config: Config, stacks: readonly string[]): void {
  const declared = stacksOf(config);
  const unknown = stacks.find((stack) => !declared.includes(stack));
  if (unknown) throw new UsageError(`there is no stack ${unknown}; the config declares ${declared.join(', ')}.`);
}
