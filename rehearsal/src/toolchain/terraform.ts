import { run, which } from '../process/run';

/** Write-only arguments came with 1.11. */
export const TERRAFORM_MINIMUM = '1.11.0';

export interface Terraform {
  readonly path: string;
  readonly version: string;
}

/** The first terraform on PATH, whatever its version; undefined when there is none or it doesn't start. */
export async function findTerraform(): Promise<Terraform | undefined> {
  const path = await which('terraform');
  if (!path) return undefined;
  // A configuration file that doesn't exist would put warnings into the output.
  const env = { ...process.env, TF_CLI_CONFIG_FILE: '/dev/null', CHECKPOINT_DISABLE: '1' };
  const result = await run(path, ['version', '-json'], { env, timeoutSeconds: 30 });
  const version = /"terraform_version":\s*"([^"]+)"/.exec(result.stdout)?.[1];
  return version ? { path, version } : undefined;
}
