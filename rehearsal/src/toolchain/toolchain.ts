import { REGISTRY } from '../terraform/provider-address';
import { findMirrors, type Mirror, mirrorOf } from './mirror';
import { findPython, PYTHON_MINIMUM, type Python } from './python';
import { findTerraform, TERRAFORM_MINIMUM, type Terraform } from './terraform';
import { compareVersions } from './version';

export const AWS_PROVIDER = `${REGISTRY}/hashicorp/aws`;

/** One thing that a rehearsal needs. `fix` says how to get it, and is there when `ok` is false. */
export interface ToolCheck {
  readonly name: string;
  readonly ok: boolean;
  /** What was found, e.g. `1.11.4 in /usr/local/bin/terraform`. */
  readonly found: string;
  readonly fix?: string;
}

export interface Toolchain {
  readonly terraform?: Terraform;
  readonly python?: Python;
  readonly mirrors: readonly Mirror[];
  readonly checks: readonly ToolCheck[];
  /** Whether every check is ok. */
  readonly complete: boolean;
}

export interface ToolchainOptions {
  /** A folder with providers, laid out as Terraform's filesystem mirrors are. */
  readonly mirror?: string;
}

/** Looks for what a rehearsal runs. Never fails: what is missing is in `checks`, with how to get it. */
export async function findToolchain(options: ToolchainOptions = {}): Promise<Toolchain> {
  const [terraform, python, mirrors] = await Promise.all([findTerraform(), findPython(), findMirrors(options.mirror)]);
  const checks = [
    programCheck('terraform', terraform, TERRAFORM_MINIMUM, 'https://developer.hashicorp.com/terraform/install'),
    programCheck(
      'python3',
      python,
      PYTHON_MINIMUM,
      'apt-get install python3 python3-venv, or https://www.python.org/downloads/',
    ),
    await awsProviderCheck(mirrors),
  ];
  return { terraform, python, mirrors, checks, complete: checks.every((check) => check.ok) };
}

function programCheck(
  name: string,
  program: { path: string; version: string } | undefined,
  minimum: string,
  source: string,
): ToolCheck {
  if (!program) return { name, ok: false, found: 'not on PATH', fix: `Install ${name} ${minimum} or newer: ${source}` };
  const found = `${program.version} in ${program.path}`;
  if (compareVersions(program.version, minimum) >= 0) return { name, ok: true, found };
  return { name, ok: false, found, fix: `Update ${name} to ${minimum} or newer: ${source}` };
}

async function awsProviderCheck(mirrors: readonly Mirror[]): Promise<ToolCheck> {
  const name = 'AWS provider';
  const mirror = mirrorOf(mirrors, AWS_PROVIDER);
  if (mirror) return { name, ok: true, found: `${mirror.providers.get(AWS_PROVIDER)?.join(', ')} in ${mirror.folder}` };
  const online = await fetch(`https://${REGISTRY}/.well-known/terraform.json`, {
    signal: AbortSignal.timeout(5000),
  }).then(
    (response) => response.ok,
    () => false,
  );
  if (online) return { name, ok: true, found: `from ${REGISTRY}, on first use` };
  const fix = `Go online, or lay the provider into a folder with "terraform providers mirror <folder>" where ${REGISTRY} can be reached, and name that folder`;
  return { name, ok: false, found: `in no mirror on this machine, and ${REGISTRY} does not answer`, fix };
}
