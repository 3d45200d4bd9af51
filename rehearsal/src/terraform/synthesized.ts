import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { RehearsalError } from '../errors';
import { providerAddress } from './provider-address';

const Configuration = z.looseObject({
  terraform: z.looseObject({
    backend: z.record(z.string(), z.unknown()).default({}),
    required_providers: z
      .record(z.string(), z.looseObject({ source: z.string(), version: z.string().optional() }))
      .default({}),
  }),
  provider: z
    .record(
      z.string(),
      z.array(z.looseObject({ alias: z.string().optional(), allowed_account_ids: z.array(z.string()).optional() })),
    )
    .default({}),
  resource: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  data: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});
export type Configuration = z.infer<typeof Configuration>;

export interface RequiredProvider {
  /** e.g. `aws` */
  readonly name: string;
  /** e.g. `registry.terraform.io/hashicorp/aws` */
  readonly source: string;
  /** The version constraint, e.g. `5.100.0` or `~> 5.0`. */
  readonly constraint?: string;
}

/** What cdktf wrote for one stack. @throws RehearsalError when there is no such stack, or its state isn't local */
export async function readStack(stackFolder: string, stack: string): Promise<Configuration> {
  const text = await readFile(join(stackFolder, 'cdk.tf.json'), 'utf8').catch(() => {
    throw new RehearsalError(`The project has no stack ${stack}: no ${join(stackFolder, 'cdk.tf.json')} after synth`);
  });
  const configuration = Configuration.parse(JSON.parse(text));
  const backends = Object.keys(configuration.terraform.backend);
  if (backends.some((backend) => backend !== 'local')) {
    throw new RehearsalError(
      `Stack ${stack} keeps its state in ${backends.join(', ')}; a rehearsal keeps it in a folder of its own`,
      'Rehearse with a configuration whose state is local',
    );
  }
  return configuration;
}

export function requiredProviders({ terraform }: Configuration): RequiredProvider[] {
  return Object.entries(terraform.required_providers).map(([name, { source, version }]) => ({
    name,
    source: providerAddress(source),
    constraint: version,
  }));
}

/** `5.100.0` and `= 5.100.0` are exact; `~> 5.0` and the like leave a choice. */
export const exactVersion = (constraint?: string) => /^=?\s*v?(\d+\.\d+\.\d+)$/.exec(constraint ?? '')?.[1];

/** The account that the stack's AWS provider insists on, so that the emulator can be that one. */
export function allowedAccount({ provider }: Configuration): string | undefined {
  return provider.aws?.flatMap(({ allowed_account_ids = [] }) => allowed_account_ids)[0];
}

// The emulator has no host for each bucket, no instance metadata, and answers an action that it lacks with an error that
// the provider would retry for minutes. A busy machine breaks connections, more than one of a call at times.
const EMULATED_AWS = { s3_use_path_style: true, skip_metadata_api_check: true, max_retries: 5 };

/**
 * Points the stack's AWS providers at the emulator, by an override file beside what cdktf wrote, so that no stack needs a
 * setting for it.
 *
 * @see https://developer.hashicorp.com/terraform/language/files/override
 */
export async function overrideAwsProviders(stackFolder: string, configuration: Configuration): Promise<void> {
  const providers = configuration.provider.aws ?? [];
  const overrides = providers.map(({ alias }) => ({ ...(alias ? { alias } : {}), ...EMULATED_AWS }));
  await writeFile(join(stackFolder, 'rehearsal_override.tf.json'), JSON.stringify({ provider: { aws: overrides } }));
}
