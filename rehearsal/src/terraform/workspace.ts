import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { RehearsalError } from '../errors';
import { type RunResult, run, which } from '../process/run';
import { errorText, parseProgress, type ResourceEvent } from './progress';
import { writeTeeTerraform } from './tee';

export interface WorkspaceOptions {
  /** The folder with cdktf.json. */
  readonly project: string;
  readonly stack: string;
  /** The terraform program. */
  readonly terraform: string;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: ResourceEvent) => void;
  /** Longest time for one command of cdktf or Terraform. */
  readonly timeoutSeconds: number;
}

export interface ManagedResource {
  /** `aws_s3_bucket.Models` */
  readonly address: string;
  readonly type: string;
  /** Its name in the configuration. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Of Terraform's state, version 4. */
interface StateResource {
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly module?: string;
  readonly instances: readonly {
    readonly index_key?: string | number;
    readonly attributes: Readonly<Record<string, unknown>>;
  }[];
}

const LOG = 'rehearsal.log';

/** Variables of the caller's shell that would send a rehearsal to a real cloud, or Terraform elsewhere. */
const FOREIGN = /^(TF_|AWS_|ARM_|AZURE_|KUBE|HELM_|GOOGLE_|CDKTF_)/;

/**
 * A folder of one rehearsal's own, in which cdktf and Terraform run a stack of a project: synthesized code, state, CLI
 * configuration and log. The project's folder gets nothing, so that several rehearsals run side by side.
 */
export class Workspace {
  private constructor(
    private readonly options: WorkspaceOptions,
    readonly folder: string,
    private readonly cdktfProgram: string,
    private env: NodeJS.ProcessEnv,
  ) {}

  /** @throws RehearsalError when the project is none of cdktf's, or has no cdktf installed */
  static async open(options: WorkspaceOptions): Promise<Workspace> {
    const project = resolve(options.project);
    const manifest = await readFile(join(project, 'cdktf.json'), 'utf8').catch(() => undefined);
    if (manifest === undefined)
      throw new RehearsalError(`${project} has no cdktf.json`, 'Name the folder of a cdktf project');
    const cdktf = await findCdktf(project);
    const folder = await mkdtemp(join(tmpdir(), 'cdktf-rehearsal-'));
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
    const env: NodeJS.ProcessEnv = {
      ...inherited,
      CI: '1',
      CHECKPOINT_DISABLE: '1',
      CDKTF_DISABLE_PLUGIN_CACHE_ENV: '1', // the CLI configuration names a cache where one is needed
      TF_CLI_CONFIG_FILE: join(folder, 'terraformrc'),
      TF_CLI_ARGS_init: `-backend-config=path=${join(folder, 'terraform.tfstate')}`,
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0', // what is missing is an error, not a question
      NO_COLOR: '1',
      GOGC: '400', // each start of a provider, and Terraform, read a schema of megabytes, which is garbage then
    };
    const bin = await writeTeeTerraform(folder, options.terraform, join(folder, LOG));
    env.PATH = `${bin}:${inherited.PATH ?? ''}`;
    const workspace = new Workspace({ ...options, project }, folder, cdktf, env);
    await workspace.writeCliConfig('disable_checkpoint = true\n');
    return workspace;
  }

  get outputFolder(): string {
    return join(this.folder, 'cdktf.out');
  }

  get stackFolder(): string {
    return join(this.outputFolder, 'stacks', this.options.stack);
  }

  get logFile(): string {
    return join(this.folder, LOG);
  }

  /** Adds to the environment of every later command. */
  setEnvironment(variables: NodeJS.ProcessEnv): void {
    this.env = { ...this.env, ...variables };
  }

  async writeCliConfig(text: string): Promise<void> {
    await writeFile(join(this.folder, 'terraformrc'), text);
  }

  /** Runs cdktf in the project, e.g. `cdktf('deploy', '--auto-approve')`. */
  cdktf(command: 'synth' | 'deploy' | 'destroy', ...args: string[]): Promise<RunResult> {
    return this.run(this.cdktfProgram, [command, '--output', this.outputFolder, ...args], this.options.project);
  }

  /** Runs Terraform in the synthesized stack. */
  terraform(command: string, ...args: string[]): Promise<RunResult> {
    return this.run(join(this.folder, 'bin', 'terraform'), [command, ...args], this.stackFolder);
  }

  /** The same, killed with all its children when `kill` says so: what a lost machine does to an apply. */
  terraformUntil(kill: AbortSignal, command: string, ...args: string[]): Promise<RunResult> {
    return this.run(join(this.folder, 'bin', 'terraform'), [command, ...args], this.stackFolder, kill);
  }

  /** The errors in a command's output, as Terraform wrote them. */
  errors(result: RunResult): string {
    return errorText(result.output);
  }

  /** Addresses of what the state holds, data sources left out. */
  async resourcesInState(): Promise<string[]> {
    return (await this.managedResources()).map(({ address }) => address);
  }

  /** What the state holds, data sources left out. */
  async managedResources(): Promise<ManagedResource[]> {
    const text = await readFile(join(this.folder, 'terraform.tfstate'), 'utf8').catch(() => '{}');
    const state = JSON.parse(text) as { resources?: StateResource[] };
    return (state.resources ?? [])
      .filter(({ mode }) => mode === 'managed')
      .flatMap(({ type, name, module, instances }) =>
        instances.map(({ index_key, attributes }) => ({
          address: `${module ? `${module}.` : ''}${type}.${name}${index_key === undefined ? '' : `[${JSON.stringify(index_key)}]`}`,
          type,
          name,
          attributes,
        })),
      );
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The result's output is Terraform's own where it ran, and the program's otherwise. */
  private async run(program: string, args: readonly string[], cwd: string, kill?: AbortSignal): Promise<RunResult> {
    const { signal, timeoutSeconds, onEvent } = this.options;
    await appendFile(this.logFile, `$ ${[basename(program), ...args].join(' ')}\n`);
    const before = (await stat(this.logFile)).size;
    const result = await run(program, args, {
      cwd,
      env: this.env,
      timeoutSeconds,
      signal,
      kill,
      onLine: (line) => {
        const event = parseProgress(line);
        if (event) onEvent?.(event);
      },
    });
    const own = (await readFile(this.logFile)).subarray(before).toString('utf8');
    if (own !== '' && (result.exitCode === 0 || own.includes('Error:'))) return { ...result, output: own };
    await appendFile(this.logFile, result.output);
    return result;
  }
}

async function findCdktf(project: string): Promise<string> {
  for (let folder = project; ; folder = resolve(folder, '..')) {
    const found = await which('cdktf', join(folder, 'node_modules', '.bin'));
    if (found) return found;
    if (folder === resolve(folder, '..'))
      throw new RehearsalError(`${project} has no cdktf in its node_modules`, 'npm install --save-dev cdktf-cli');
  }
}
