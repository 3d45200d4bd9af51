import type { Engines } from './engines';
import type { KubernetesObject } from './kubernetes/objects';
import { KUBERNETES_VERSION } from './kubernetes/programs';
import type { CloudResource, MadeCall, ShimmedAction } from './moto/server';
import type { Remaining } from './steps';
import type { Configuration } from './terraform/synthesized';

export type StepName =
  | 'deploy'
  | 'control plane'
  | 'after deploy'
  | 'second plan'
  | 'refused destroy'
  | 'deploy without protection'
  | 'destroy'
  | 'inventory';

export interface StepResult {
  readonly step: StepName;
  readonly ok: boolean;
  readonly seconds: number;
  /** What went wrong, in Terraform's own words where they are Terraform's. */
  readonly error?: string;
}

/** One row of the table: a part of the rehearsal and what did it. */
export interface TierResult {
  /** e.g. `terraform`, or a provider's name */
  readonly tier: string;
  /** What ran it, with its version. */
  readonly engine: string;
  readonly ran: string;
  /** What wasn't covered, and why; empty when nothing. */
  readonly leftOut: string;
  /** Missing for a provider: its time is in Terraform's. */
  readonly seconds?: number;
}

export interface RehearsalResult {
  readonly stack: string;
  readonly ok: boolean;
  readonly steps: readonly StepResult[];
  readonly tiers: readonly TierResult[];
  /** The deploy's outputs, without sensitive ones. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** How many resources of each type the deploy created. */
  readonly created: Readonly<Record<string, number>>;
  /**
   * What the engines themselves held after the deploy, by `<service> <type>` in their own terms. It shows that the
   * inventory sees what a destroy must remove.
   */
  readonly existed: Readonly<Record<string, number>>;
  /** Keys and secrets in their deletion window after the destroy. */
  readonly pendingDeletion: readonly CloudResource[];
  /** Actions that the emulated AWS lacks or gets wrong, and the rehearsal adds. */
  readonly shimmedActions: readonly ShimmedAction[];
  /** What the real AWS provider asked of the emulated AWS. */
  readonly calls: readonly MadeCall[];
  /** What a real API server took of the stack's; none when it wasn't asked. */
  readonly objects: readonly KubernetesObject[];
  /** Types that a stand-in served, not their provider. */
  readonly standInTypes: readonly string[];
  /** Everything that cdktf and Terraform printed. */
  readonly logFile: string;
}

export interface Ran {
  readonly stack: string;
  readonly steps: readonly StepResult[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly created: readonly string[];
  readonly existed: readonly Remaining[];
  readonly objects: readonly KubernetesObject[];
  readonly configuration: Configuration;
  readonly engines: Engines;
  readonly terraformVersion: string;
  readonly logFile: string;
}

export async function toResult(ran: Ran): Promise<RehearsalResult> {
  const { stack, steps, outputs, engines, logFile } = ran;
  const created = tally(ran.created.map(typeOf));
  const standIns = engines.providers.filter(({ engine }) => engine === 'stand-in').map(({ name }) => `${name}_`);
  const types = [...Object.keys(ran.configuration.resource), ...Object.keys(ran.configuration.data)];
  return {
    stack,
    ok: steps.every(({ ok }) => ok),
    steps,
    tiers: [
      terraformTier(ran),
      ...engines.providers.map((provider) => providerTier(provider, created, engines)),
      ...controlPlaneTier(ran),
    ],
    outputs,
    created,
    existed: tally(ran.existed.map(({ service, type }) => `${service} ${type}`)),
    objects: ran.objects,
    pendingDeletion: (await engines.moto?.inventory())?.pendingDeletion ?? [],
    shimmedActions: engines.moto?.shimmedActions ?? [],
    calls: (await engines.moto?.calls()) ?? [],
    standInTypes: [...new Set(types)].filter((type) => standIns.some((prefix) => type.startsWith(prefix))).sort(),
    logFile,
  };
}

/** `module.x.aws_vpc.Network["a"]` → `aws_vpc` */
function typeOf(address: string): string {
  const parts = address.replace(/\[[^\]]*\]/g, '').split('.');
  return parts.at(-2) ?? address;
}

function terraformTier({ steps: all, terraformVersion, configuration }: Ran): TierResult {
  const steps = all.filter(({ step }) => step !== 'control plane');
  const passed = steps.filter(({ ok }) => ok).map(({ step }) => step);
  const failed = steps.filter(({ ok }) => !ok).map(({ step }) => `${step} failed`);
  return {
    tier: 'terraform',
    engine: `Terraform ${terraformVersion}, cdktf ${cdktfVersion(configuration)}`,
    ran: [...passed, ...failed].join(', '),
    leftOut: failed.length > 0 ? 'what comes after the failed step' : '',
    seconds: steps.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

function providerTier(
  provider: Engines['providers'][number],
  created: Record<string, number>,
  { moto }: Engines,
): TierResult {
  const own = Object.entries(created).filter(([type]) => type.startsWith(`${provider.name}_`));
  const resources = own.reduce((sum, [, count]) => sum + count, 0);
  const ran = `${count(resources, 'resource')} of ${count(own.length, 'type')}`;
  if (provider.engine === 'real') {
    const shims = moto?.shimmedActions.length ?? 0;
    return {
      tier: provider.name,
      engine: `provider ${provider.version} on moto ${moto?.version}`,
      ran,
      leftOut: `AWS itself; ${shims} actions are ours`,
    };
  }
  return {
    tier: provider.name,
    engine: `stand-in of ${provider.version}`,
    ran,
    leftOut: 'the service; values are not checked',
  };
}

function controlPlaneTier({ steps, objects }: Ran): TierResult[] {
  const step = steps.find(({ step }) => step === 'control plane');
  if (!step) return [];
  return [
    {
      tier: 'control plane',
      engine: `Kubernetes ${KUBERNETES_VERSION}`,
      ran: step.ok ? `${count(objects.length, 'object')} applied twice, none refused, none changed` : 'failed',
      leftOut: "what Helm's charts make; nodes are kwok's",
      seconds: step.seconds,
    },
  ];
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;

function cdktfVersion(configuration: Configuration): string {
  const comment = configuration['//'] as { metadata?: { version?: string } } | undefined;
  return comment?.metadata?.version ?? '';
}
