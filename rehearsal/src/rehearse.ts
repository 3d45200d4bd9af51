import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Engine, type Engines, startEngines } from './engines';
import { RehearsalError } from './errors';
import type { ControlPlane } from './kubernetes/control-plane';
import type { KubernetesObject } from './kubernetes/objects';
import type { Moto } from './moto/server';
import { type RehearsalResult, type StepName, type StepResult, toResult } from './result';
import {
  applyToControlPlane,
  type Commands,
  deploy,
  destroy,
  nothingLeft,
  planAgain,
  planJson,
  plannedChanges,
  type Remaining,
  refuseDestroy,
  remaining,
  type StepContext,
  synthesize,
} from './steps';
import type { ResourceEvent } from './terraform/progress';
import type { Configuration } from './terraform/synthesized';
import { Workspace } from './terraform/workspace';
import { cacheFolder } from './toolchain/cache-folder';
import type { Terraform } from './toolchain/terraform';
import { findToolchain, type Toolchain } from './toolchain/toolchain';

export type Progress =
  | { readonly kind: 'step started'; readonly step: StepName }
  | { readonly kind: 'step ended'; readonly result: StepResult }
  | { readonly kind: 'resource'; readonly step: StepName; readonly event: ResourceEvent }
  /** Slow first-time work, e.g. an installation. */
  | { readonly kind: 'note'; readonly text: string };

/** A stack that was just deployed, and what it was deployed to. */
export interface Deployed {
  /** The deploy's outputs, without sensitive ones. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** There when the stack uses the real AWS provider. */
  readonly moto?: Moto;
  /** What a plan would change now, in Terraform's words; empty when nothing. */
  plan(): Promise<string>;
  /** Terraform's JSON of the last plan; of the second plan, which changes nothing, it has all values. */
  planJson(): Promise<string>;
  /** Deploys again, which puts right what a plan would change. */
  deploy(): Promise<void>;
}

export interface RehearseOptions {
  /** The folder with cdktf.json. */
  readonly project: string;
  readonly stack: string;
  /** Variables for the app and for Terraform (`TF_VAR_…`), in every step. @default {} */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Variables that make the app synthesize without protection, on top of `environment`, which leaves it on. When given,
   * a destroy must first be refused.
   * @default - the stack is destroyed as it was deployed
   */
  readonly unprotectedEnvironment?: Readonly<Record<string, string>>;
  /**
   * Is called while everything runs, after the second plan: to ask the emulated AWS what came of the deploy, or to
   * change something behind Terraform's back. What it throws ends the rehearsal and is thrown.
   * @default - nothing is asked
   */
  readonly afterDeploy?: (deployed: Deployed) => Promise<void>;
  /** The last step to run; what is still there goes with its emulator. @default 'inventory' */
  readonly until?: 'deploy' | 'second plan' | 'inventory';
  /**
   * What deploys and destroys: cdktf, as a user does, or Terraform as cdktf runs it, but for a destroy, which doesn't read
   * everything once more: a third less work for the processor.
   * @default 'cdktf'
   */
  readonly commands?: Commands;
  /** What serves the AWS provider. @default 'real' */
  readonly aws?: Engine;
  /** Takes what the stack has in its cluster, too; empty before. @default - none: a stand-in alone serves it */
  readonly controlPlane?: ControlPlane;
  /** A folder with providers, laid out as Terraform's filesystem mirrors are, besides those found. */
  readonly mirror?: string;
  /** Where `<stack>.log` is kept. @default - `logs` in the user's cache folder */
  readonly logFolder?: string;
  /** Longest time for one command of cdktf or Terraform. @default 900 */
  readonly timeoutSeconds?: number;
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the rehearsal and everything that it started. */
  readonly signal?: AbortSignal;
}

// Most of what is made or deleted only waits for what its provider waits for.
const PARALLELISM = '-parallelism=40';
const AT_ONCE = { TF_CLI_ARGS_apply: PARALLELISM, TF_CLI_ARGS_destroy: PARALLELISM };

/**
 * Takes a stack through its life as a user would: `cdktf deploy`, a second plan that finds nothing to change, a refused
 * destroy, `cdktf destroy`, nothing left. A step that fails is the last one and is in the result. Whatever happens, all
 * that was started is stopped.
 *
 * @throws RehearsalError when the stack can't be rehearsed here at all: a tool is missing, or the project doesn't
 *   synthesize; or when it was stopped by `signal`
 */
export async function rehearse(options: RehearseOptions): Promise<RehearsalResult> {
  const toolchain = await findToolchain({ mirror: options.mirror });
  const terraform = requireTerraform(toolchain);
  const steps: StepResult[] = [];
  const events: ResourceEvent[] = [];
  let current: StepName = 'deploy';
  const workspace = await Workspace.open({
    project: options.project,
    stack: options.stack,
    terraform: terraform.path,
    signal: options.signal,
    timeoutSeconds: options.timeoutSeconds ?? 900,
    onEvent: (event) => {
      events.push(event);
      options.onProgress?.({ kind: 'resource', step: current, event });
    },
  });
  const { stack, commands } = options;
  const context: StepContext = { workspace, stack, commands, events };
  let engines: Engines | undefined;
  try {
    workspace.setEnvironment({ ...AT_ONCE, ...options.environment });
    const configuration = await synthesize(context);
    engines = await startEngines(configuration, workspace, toolchain, {
      project: options.project,
      aws: options.aws,
      signal: options.signal,
      onProgress: (text) => options.onProgress?.({ kind: 'note', text }),
    });
    await engines.connect(configuration);
    const run: Run = { options, context, engines, configuration, outputs: {}, created: [], existed: [], objects: [] };
    for (const [step, work] of lifecycle(run)) {
      current = step;
      options.onProgress?.({ kind: 'step started', step });
      const result = await attempt(step, work, options.signal);
      steps.push(result);
      options.onProgress?.({ kind: 'step ended', result });
      if (!result.ok) break;
    }
    const logFile = await keepLog(workspace, options);
    return await toResult({
      stack: options.stack,
      steps,
      configuration,
      engines,
      terraformVersion: terraform.version,
      logFile,
      outputs: run.outputs,
      created: run.created,
      existed: run.existed,
      objects: run.objects,
    });
  } finally {
    await engines?.stop();
    await workspace.remove();
  }
}

interface Run {
  readonly options: RehearseOptions;
  readonly context: StepContext;
  readonly engines: Engines;
  readonly configuration: Configuration;
  outputs: Record<string, unknown>;
  created: readonly string[];
  existed: readonly Remaining[];
  objects: readonly KubernetesObject[];
}

type Step = readonly [StepName, () => Promise<void>];

function lifecycle(run: Run): Step[] {
  const { context, engines, options } = run;
  const { unprotectedEnvironment, until = 'inventory' } = options;
  const existing = () => remaining(engines);
  const first: Step = [
    'deploy',
    async () => {
      run.outputs = await deploy(context);
      run.created = await context.workspace.resourcesInState();
      run.existed = await existing();
    },
  ];
  const { controlPlane } = options;
  const taken: Step[] = controlPlane
    ? [
        [
          'control plane',
          async () => {
            run.objects = await applyToControlPlane(context, run.configuration, controlPlane);
          },
        ],
      ]
    : [];
  const { afterDeploy } = options;
  const asked: Step[] = afterDeploy ? [['after deploy', () => afterDeploy(deployedStack(run))]] : [];
  const second: Step = ['second plan', () => planAgain(context)];
  const protection: Step[] = !unprotectedEnvironment
    ? []
    : [
        ['refused destroy', () => refuseDestroy(context, existing)],
        [
          'deploy without protection',
          async () => {
            context.workspace.setEnvironment(unprotectedEnvironment);
            await engines.connect(await synthesize(context));
            await deploy(context);
          },
        ],
      ];
  const last: Step[] = [
    ['destroy', () => destroy(context)],
    ['inventory', () => nothingLeft(existing)],
  ];
  if (until === 'deploy') return [first, ...taken];
  const deployed = [first, ...taken, second, ...asked];
  return until === 'second plan' ? deployed : [...deployed, ...protection, ...last];
}

function deployedStack({ context, engines, outputs }: Run): Deployed {
  return {
    outputs,
    moto: engines.moto,
    plan: () => plannedChanges(context),
    planJson: () => planJson(context),
    deploy: async () => void (await deploy(context)),
  };
}

async function attempt(step: StepName, work: () => Promise<void>, signal?: AbortSignal): Promise<StepResult> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  try {
    await work();
    return { step, ok: true, seconds: seconds() };
  } catch (error) {
    if (!(error instanceof RehearsalError) || signal?.aborted) throw error;
    return { step, ok: false, seconds: seconds(), error: [error.message, error.hint].filter(Boolean).join('\n') };
  }
}

function requireTerraform({ terraform, checks }: Toolchain): Terraform {
  const check = checks.find(({ name }) => name === 'terraform');
  if (terraform && check?.ok) return terraform;
  throw new RehearsalError(`A rehearsal needs terraform: ${check?.found}`, check?.fix);
}

async function keepLog(workspace: Workspace, { logFolder, stack }: RehearseOptions): Promise<string> {
  const folder = logFolder ?? join(cacheFolder(), 'logs');
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${stack}.log`);
  await copyFile(workspace.logFile, file);
  return file;
}
