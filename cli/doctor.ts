import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** What a person may want to do here. */
export const PURPOSES = {
  run: 'train and serve',
  rehearse: 'rehearse stacks',
  aws: 'deploy to AWS',
  azure: 'deploy to Azure',
} as const;
export type Purpose = keyof typeof PURPOSES;

export interface Finding {
  readonly purpose: Purpose;
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  /** How to get it; there when `ok` is false. */
  readonly fix?: string;
}

const NODE_MINIMUM = [20, 19];

/** Looks for everything that the purposes need. Never fails: what is missing is a finding. */
export async function examine(purposes: readonly Purpose[]): Promise<Finding[]> {
  const checks: Record<Purpose, () => Promise<Finding[]>> = {
    run: async () => [node()],
    rehearse,
    aws: () =>
      Promise.all([
        program(
          'aws',
          'terraform',
          ['version'],
          /Terraform v(\S+)/,
          'https://developer.hashicorp.com/terraform/install',
        ),
        program(
          'aws',
          'aws',
          ['--version'],
          /aws-cli\/(\S+)/,
          'https://docs.aws.amazon.com/cli/ (the cluster is reached with `aws eks get-token`)',
        ),
        program('aws', 'kubectl', ['version', '--client'], /v(\d\S+)/, 'https://kubernetes.io/docs/tasks/tools/'),
        account(
          'aws',
          'AWS credentials',
          'aws',
          ['sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text'],
          'aws sso login, or set AWS_PROFILE',
        ),
      ]),
    azure: () =>
      Promise.all([
        program(
          'azure',
          'terraform',
          ['version'],
          /Terraform v(\S+)/,
          'https://developer.hashicorp.com/terraform/install',
        ),
        program(
          'azure',
          'az',
          ['version', '--output', 'json'],
          /"azure-cli": "(.+?)"/,
          'https://learn.microsoft.com/cli/azure/install-azure-cli',
        ),
        program(
          'azure',
          'kubelogin',
          ['--version'],
          /v(\d\S+)/,
          'https://azure.github.io/kubelogin/install.html (the cluster takes Entra tokens only)',
        ),
        program('azure', 'kubectl', ['version', '--client'], /v(\d\S+)/, 'https://kubernetes.io/docs/tasks/tools/'),
        account(
          'azure',
          'Azure credentials',
          'az',
          ['account', 'show', '--query', 'name', '--output', 'tsv'],
          'az login',
        ),
      ]),
  };
  return (await Promise.all(purposes.map((purpose) => checks[purpose]()))).flat();
}

function node(): Finding {
  const { node: version } = process.versions;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = NODE_MINIMUM;
  const ok = major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
  return {
    purpose: 'run',
    name: 'node',
    ok,
    found: version,
    fix: ok ? undefined : `Install Node ${NODE_MINIMUM.join('.')} or 22: https://nodejs.org`,
  };
}

async function rehearse(): Promise<Finding[]> {
  const { findToolchain } = await import('@cdktf-recommender/rehearsal');
  return (await findToolchain()).checks.map((check) => ({ purpose: 'rehearse', ...check }));
}

async function program(
  purpose: Purpose,
  name: string,
  args: string[],
  version: RegExp,
  source: string,
): Promise<Finding> {
  try {
    const { stdout, stderr } = await execute(name, args, {
      timeout: 15_000,
      env: { ...process.env, CHECKPOINT_DISABLE: '1' },
    });
    return { purpose, name, ok: true, found: version.exec(`${stdout}${stderr}`)?.[1] ?? 'found' };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return {
      purpose,
      name,
      ok: false,
      found: missing ? 'not on PATH' : firstLine(error),
      fix: `Install it: ${source}`,
    };
  }
}

async function account(purpose: Purpose, name: string, command: string, args: string[], fix: string): Promise<Finding> {
  try {
    const { stdout } = await execute(command, args, { timeout: 15_000 });
    return { purpose, name, ok: true, found: stdout.trim() };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { purpose, name, ok: false, found: missing ? `unknown without ${command}` : firstLine(error), fix };
  }
}

function firstLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr?.trim() || message).split('\n')[0] ?? '';
}
