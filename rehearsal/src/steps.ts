import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engines } from './engines';
import { RehearsalError } from './errors';
import type { ControlPlane } from './kubernetes/control-plane';
import { apply, difference } from './kubernetes/kubectl';
import { type KubernetesObject, objectOf } from './kubernetes/objects';
import { OpenApi } from './kubernetes/open-api';
import type { RunResult } from './process/run';
import type { ResourceEvent } from './terraform/progress';
import { type Configuration, readStack } from './terraform/synthesized';
import type { Workspace } from './terraform/workspace';

/** What deploys a stack and destroys it: cdktf, or Terraform as cdktf runs it. */
export type Commands = 'cdktf' | 'terraform';

const INPUT = ['-input=false', '-no-color'];

export interface StepContext {
  readonly workspace: Workspace;
  readonly stack: string;
  /** @default 'cdktf' */
  readonly commands?: Commands;
  /** What Terraform has said of resources so far. */
  readonly events: readonly ResourceEvent[];
}

/** A thing that exists in an engine, whichever it is. */
export interface Remaining {
  /** e.g. `s3`, or a stand-in's provider, e.g. `azurerm` */
  readonly service: string;
  readonly type: string;
  readonly id: string;
}

function check(result: RunResult, what: string, { workspace }: Pick<StepContext, 'workspace'>): void {
  if (result.exitCode !== 0) throw new RehearsalError(`${what} failed:\n${workspace.errors(result)}`);
}

export async function synthesize(context: Pick<StepContext, 'workspace' | 'stack'>): Promise<Configuration> {
  check(await context.workspace.cdktf('synth'), 'cdktf synth', context);
  return readStack(context.workspace.stackFolder, context.stack);
}

/** `cdktf deploy`; answers the stack's outputs, sensitive ones left out. */
export async function deploy(context: StepContext): Promise<Record<string, unknown>> {
  return context.commands === 'terraform' ? deployByTerraform(context) : deployByCdktf(context);
}

async function deployByCdktf(context: StepContext): Promise<Record<string, unknown>> {
  const { workspace, stack } = context;
  const outputs = join(workspace.folder, 'outputs.json');
  const flags = ['--auto-approve', '--skip-synth', '--skip-provider-lock', '--outputs-file', outputs];
  check(await workspace.cdktf('deploy', stack, ...flags), `cdktf deploy ${stack}`, context);
  const all = JSON.parse(await readFile(outputs, 'utf8').catch(() => '{}')) as Record<string, Record<string, unknown>>;
  return all[stack] ?? {};
}

async function deployByTerraform(context: StepContext): Promise<Record<string, unknown>> {
  const { workspace } = context;
  check(await workspace.terraform('init', ...INPUT), 'terraform init', context);
  check(await workspace.terraform('apply', '-auto-approve', ...INPUT), 'terraform apply', context);
  const shown = await workspace.terraform('output', '-json');
  check(shown, 'terraform output', context);
  const outputs = JSON.parse(shown.stdout) as Record<string, { sensitive: boolean; value: unknown }>;
  const open = Object.entries(outputs).filter(([, { sensitive }]) => !sensitive);
  return Object.fromEntries(open.map(([name, { value }]) => [name, value]));
}

function runDestroy({ workspace, stack, commands }: StepContext): Promise<RunResult> {
  return commands === 'terraform'
    ? // The step before has just read everything.
      workspace.terraform('destroy', '-auto-approve', '-refresh=false', ...INPUT)
    : workspace.cdktf('destroy', stack, '--auto-approve', '--skip-synth', '--skip-provider-lock');
}

/**
 * Applies to a real API server what the stack has in its cluster: nothing is refused, no field unknown, and the second
 * time nothing changes.
 */
export async function applyToControlPlane(
  { workspace }: StepContext,
  { resource }: Configuration,
  controlPlane: ControlPlane,
): Promise<KubernetesObject[]> {
  const openApi = await OpenApi.of(controlPlane);
  const objects = (await workspace.managedResources())
    .filter(({ type }) => type.startsWith('kubernetes_'))
    .map(({ type, name, attributes: values }) => {
      const configuration = resource[type]?.[name] as Readonly<Record<string, unknown>>;
      return objectOf({ type, configuration, values }, openApi);
    })
    // What is in a namespace needs it first.
    .sort((a, b) => Number(b.kind === 'Namespace') - Number(a.kind === 'Namespace'));
  await apply(controlPlane, objects);
  const changed = await difference(controlPlane, objects);
  if (changed !== '') throw new RehearsalError(`Applied again to the control plane, objects change:\n${changed}`);
  return objects;
}

/** What was just applied must need no change. */
export async function planAgain(context: StepContext): Promise<void> {
  const found = await plannedChanges(context);
  if (found !== '') throw new RehearsalError(`The second plan is not empty:\n${found}`);
}

const planFile = ({ workspace }: StepContext) => join(workspace.folder, 'last.tfplan');

/** What a plan would change now, in Terraform's words; empty when nothing. */
export async function plannedChanges(context: StepContext): Promise<string> {
  const flags = ['-lock=false', '-detailed-exitcode', `-out=${planFile(context)}`];
  const result = await context.workspace.terraform('plan', ...INPUT, ...flags);
  if (result.exitCode === 2) return changes(result.output);
  check(result, 'terraform plan', context);
  return '';
}

/** Terraform's JSON of the last plan. */
export async function planJson(context: StepContext): Promise<string> {
  const shown = await context.workspace.terraform('show', '-json', planFile(context));
  check(shown, 'terraform show', context);
  return shown.stdout;
}

/** From the plan's first change on, without what Terraform says of each refresh. */
function changes(plan: string): string {
  const at = plan.search(/Note: Objects have changed outside|Terraform used the selected providers|Changes to Outputs/);
  return (at < 0 ? plan : plan.slice(at)).trim();
}

const PROTECTED = /prevent_destroy|Instance cannot be destroyed|deletion protection|DeletionProtection/i;

/** A destroy must fail because of the protection, and must not have touched anything. */
export async function refuseDestroy(context: StepContext, existing: () => Promise<Remaining[]>): Promise<void> {
  const { workspace, stack, commands = 'cdktf', events } = context;
  const state = await workspace.resourcesInState();
  const before = await existing();
  const seen = events.length;
  const result = await runDestroy(context);
  if (result.exitCode === 0)
    throw new RehearsalError(`${commands} destroy ${stack} went through although its protection is on`);
  if (!PROTECTED.test(result.output)) {
    throw new RehearsalError(
      `${commands} destroy ${stack} failed, but not because of its protection:\n${workspace.errors(result)}`,
    );
  }
  const destroyed = events.slice(seen).filter(({ action }) => action === 'delete');
  const lost = state.length - (await workspace.resourcesInState()).length + before.length - (await existing()).length;
  if (destroyed.length > 0 || lost !== 0) {
    const names = destroyed.map(({ address }) => address).join(', ');
    throw new RehearsalError(
      `${commands} destroy ${stack} was refused, but only after it had destroyed ${names || `${lost} resources`}`,
    );
  }
}

export async function destroy(context: StepContext): Promise<void> {
  const { workspace, stack, commands = 'cdktf' } = context;
  const result = await runDestroy(context);
  check(result, `${commands} destroy ${stack}`, context);
  const state = await workspace.resourcesInState();
  if (state.length > 0)
    throw new RehearsalError(`The state still holds ${state.length} resources after the destroy: ${state.join(', ')}`);
}

export async function nothingLeft(existing: () => Promise<Remaining[]>): Promise<void> {
  const remaining = await existing();
  if (remaining.length === 0) return;
  const list = remaining.map(({ service, type, id }) => `  ${service} ${type} ${id}`).join('\n');
  throw new RehearsalError(`${remaining.length} resources are left after the destroy:\n${list}`);
}

/** What exists in the emulated AWS and in the stand-ins together. */
export async function remaining({ moto, standIns }: Engines): Promise<Remaining[]> {
  const [emulated, standIn] = await Promise.all([moto?.inventory(), standIns?.inventory()]);
  return [
    ...(emulated?.left ?? []),
    ...(standIn ?? []).map(({ provider, type, id }) => ({ service: provider, type, id })),
  ];
}
