import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Engines, startEngines } from './engines';
import { RehearsalError } from './errors';
import type { Moto } from './moto/server';
import type { RunResult } from './process/run';
import { type Remaining, remaining, synthesize } from './steps';
import { errorText, type ResourceEvent } from './terraform/progress';
import type { Configuration } from './terraform/synthesized';
import { Workspace } from './terraform/workspace';
import { findToolchain } from './toolchain/toolchain';

export interface OpenStackOptions {
  /** The folder with cdktf.json. */
  readonly project: string;
  readonly stack: string;
  /** Variables for the app and for Terraform (`TF_VAR_…`). @default {} */
  readonly environment?: Readonly<Record<string, string>>;
  /** Longest time for one command of cdktf or Terraform. @default 900 */
  readonly timeoutSeconds?: number;
  readonly onEvent?: (event: ResourceEvent) => void;
  /** Told of slow first-time work. */
  readonly onNote?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** What Terraform would do to one resource. */
export interface PlannedChange {
  readonly address: string;
  readonly type: string;
  /** `['update']`, `['delete', 'create']` … */
  readonly actions: readonly string[];
  /** Why it is replaced, by Terraform's own name for that: `replace_because_tainted`. */
  readonly reason?: string;
  /** What it is to be, as far as that is known before the apply. */
  readonly after: Readonly<Record<string, unknown>>;
}

export interface Plan {
  /** Resources to change; none when the plan is empty. */
  readonly changes: readonly PlannedChange[];
  /** Terraform's JSON of it: https://developer.hashicorp.com/terraform/internals/json-format */
  readonly json: string;
}

const PlanJson = z.looseObject({
  resource_changes: z
    .array(
      z.looseObject({
        address: z.string(),
        type: z.string(),
        action_reason: z.string().optional(),
        change: z.looseObject({ actions: z.string().array(), after: z.record(z.string(), z.unknown()).nullish() }),
      }),
    )
    .default([]),
});
const StateJson = z.looseObject({
  resources: z
    .array(
      z.looseObject({
        mode: z.string(),
        type: z.string(),
        name: z.string(),
        instances: z.array(z.looseObject({ attributes: z.record(z.string(), z.unknown()) })),
      }),
    )
    .default([]),
});

const OutputsJson = z.record(z.string(), z.object({ value: z.unknown() }));

/** What one resource is in the state. */
export interface StateResource {
  readonly address: string;
  readonly type: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

const INPUT = ['-input=false', '-no-color'];

/**
 * A stack on an emulated AWS that stays up for as long as somebody works with it: to break what is there, or what makes
 * it. Terraform is run as cdktf runs it, and its state is where production's is: in a bucket, locked by a file in it.
 */
export class OpenStack {
  private constructor(
    private readonly workspace: Workspace,
    private readonly engines: Engines,
    private readonly stack: string,
    /** The emulated AWS. */
    readonly moto: Moto,
    /** Where Terraform keeps the state. */
    readonly stateBucket: string,
  ) {}

  /** @throws RehearsalError when the stack can't be rehearsed here, or uses no AWS */
  static async open(options: OpenStackOptions): Promise<OpenStack> {
    const toolchain = await findToolchain();
    if (!toolchain.terraform) throw new RehearsalError('A rehearsal needs terraform, which was not found');
    const { project, stack, signal, onEvent, timeoutSeconds = 900 } = options;
    const terraform = toolchain.terraform.path;
    const workspace = await Workspace.open({ project, stack, terraform, signal, onEvent, timeoutSeconds });
    let engines: Engines | undefined;
    try {
      workspace.setEnvironment({ ...options.environment, TF_CLI_ARGS_init: '' });
      const configuration = await synthesize({ workspace, stack });
      engines = await startEngines(configuration, workspace, toolchain, {
        project,
        signal,
        onProgress: options.onNote,
      });
      if (!engines.moto) throw new RehearsalError(`Stack ${stack} uses no AWS provider`);
      const opened = new OpenStack(workspace, engines, stack, engines.moto, `state-${randomUUID()}`);
      await opened.moto.call({
        service: 's3',
        operation: 'create_bucket',
        parameters: { Bucket: opened.stateBucket },
      });
      await opened.connect(configuration);
      opened.check(await opened.terraform('init', ...INPUT), 'init');
      return opened;
    } catch (error) {
      await engines?.stop();
      await workspace.remove();
      throw error;
    }
  }

  /** The state's object in its bucket. */
  get stateKey(): string {
    return `${this.stack}.tfstate`;
  }

  /** Synthesizes the stack once more, with other variables for the app: what the next apply makes of what is there. */
  async synthesize(environment: Readonly<Record<string, string>>): Promise<void> {
    const { workspace, stack } = this;
    workspace.setEnvironment(environment);
    await this.connect(await synthesize({ workspace, stack }));
  }

  /** Runs Terraform in the stack; a non-zero exit is a result, not an error. */
  terraform(command: string, ...args: string[]): Promise<RunResult> {
    return this.workspace.terraform(command, ...args);
  }

  /** @throws RehearsalError with Terraform's own errors */
  async apply(...args: string[]): Promise<void> {
    this.check(await this.tryApply(...args), 'apply');
  }

  /** Does what the last plan said. */
  async applyPlanned(): Promise<void> {
    this.check(await this.terraform('apply', ...INPUT, this.planFile), 'apply');
  }

  tryApply(...args: string[]): Promise<RunResult> {
    return this.terraform('apply', '-auto-approve', ...INPUT, ...args);
  }

  /**
   * An apply that is killed, with Terraform's providers, when `kill` says so.
   *
   * @param endpoint where the providers find AWS, in the emulated one's place
   */
  applyUntil(kill: AbortSignal, endpoint = this.moto.endpoint): Promise<RunResult> {
    this.workspace.setEnvironment({ AWS_ENDPOINT_URL: endpoint });
    return this.workspace.terraformUntil(kill, 'apply', '-auto-approve', ...INPUT);
  }

  async plan(): Promise<Plan> {
    const file = this.planFile;
    const result = await this.terraform('plan', '-detailed-exitcode', '-lock=false', `-out=${file}`, ...INPUT);
    if (result.exitCode !== 2) this.check(result, 'plan');
    const shown = await this.terraform('show', '-json', file);
    this.check(shown, 'show');
    const changes = PlanJson.parse(JSON.parse(shown.stdout))
      .resource_changes.map(({ address, type, action_reason: reason, change }) => ({
        address,
        type,
        actions: change.actions,
        reason,
        after: change.after ?? {},
      }))
      .filter(({ actions }) => actions.some((action) => action !== 'no-op' && action !== 'read'));
    if (changes.length === 0 && result.exitCode === 2)
      throw new RehearsalError(`The plan changes no resource, and is not empty:\n${result.output}`);
    return { changes, json: shown.stdout };
  }

  /** @throws RehearsalError with Terraform's own errors */
  async destroy(): Promise<void> {
    this.check(await this.terraform('destroy', '-auto-approve', ...INPUT), 'destroy');
  }

  /** Adds a file to the synthesized stack, e.g. one with import blocks. */
  async write(name: string, json: object): Promise<void> {
    await writeFile(join(this.workspace.stackFolder, name), JSON.stringify(json));
  }

  /** Sensitive ones, too. */
  async outputs(): Promise<Record<string, unknown>> {
    const result = await this.terraform('output', '-json');
    this.check(result, 'output');
    const outputs = OutputsJson.parse(JSON.parse(result.stdout));
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  /** The state, as Terraform keeps it in a file. */
  async state(): Promise<string> {
    const pulled = await this.terraform('state', 'pull');
    this.check(pulled, 'state pull');
    return pulled.stdout;
  }

  /** What the state holds, data sources left out. */
  async inState(): Promise<StateResource[]> {
    return StateJson.parse(JSON.parse((await this.state()) || '{}'))
      .resources.filter(({ mode }) => mode === 'managed')
      .flatMap(({ type, name, instances }) =>
        instances.map(({ attributes }) => ({ address: `${type}.${name}`, type, attributes })),
      );
  }

  /** What exists in the emulated AWS and the stand-ins, but for the state's bucket. */
  async existing(): Promise<Remaining[]> {
    const all = await remaining(this.engines);
    return all.filter(({ service, id }) => !(service === 's3' && id.includes(this.stateBucket)));
  }

  /** All that Terraform and cdktf have printed. */
  get logFile(): string {
    return this.workspace.logFile;
  }

  async stop(): Promise<void> {
    await this.engines.stop();
    await this.workspace.remove();
  }

  private get planFile(): string {
    return join(this.workspace.folder, 'plan.tfplan');
  }

  private async connect(configuration: Configuration): Promise<void> {
    await this.engines.connect(configuration);
    await this.write('state_override.tf.json', this.backend());
  }

  private backend(): object {
    const s3 = {
      bucket: this.stateBucket,
      key: this.stateKey,
      region: 'us-east-1',
      use_lockfile: true,
      use_path_style: true,
      skip_metadata_api_check: true,
      endpoints: { s3: this.moto.endpoint, sts: this.moto.endpoint, iam: this.moto.endpoint },
    };
    return { terraform: { backend: { s3 } } };
  }

  private check(result: RunResult, what: string): void {
    if (result.exitCode !== 0) throw new RehearsalError(`terraform ${what} failed:\n${errorText(result.output)}`);
  }
}
