import { setTimeout as pause } from 'node:timers/promises';
import {
  apply,
  type ControlPlane,
  difference,
  type KubernetesObject,
  type OpenApi,
} from '@cdktf-recommender/rehearsal';
import { BenchError } from '../../errors';
import { DeliveredStack, type DeliveredVersion, inNamespace } from './delivered-stack';
import type { FlaggerWords } from './flagger-words';

const NAME = 'model-server';
const LOOK_MS = 500;
/** Longer than Flagger takes for a promotion at its shortest interval, and for pods that never get ready. */
const PATIENCE_MS = 420_000;

/** Which program has set which fields: `{ 'f:spec': { 'f:replicas': {} } }`. */
interface ManagedFields {
  readonly manager: string;
  readonly subresource?: string;
  readonly fieldsV1: object;
}

interface Deployment {
  readonly metadata: { readonly managedFields: ManagedFields[] };
  readonly status: { readonly replicas?: number; readonly terminatingReplicas?: number };
}

interface CanaryStatus {
  readonly phase?: string;
  readonly canaryWeight?: number;
}

export interface RolloutResult {
  readonly promoted: boolean;
  /** From the apply to Flagger's last word. */
  readonly seconds: number;
  /** Gates that said no, each with what Flagger said first. */
  readonly refusals: ReadonlyMap<string, string>;
  /** The weights that the new version was given, in their order. */
  readonly weights: readonly number[];
}

export interface RolloutsOptions {
  readonly controlPlane: ControlPlane;
  readonly openApi: OpenApi;
  readonly prometheusUrl: string;
  readonly words: FlaggerWords;
  /** Seconds between two of Flagger's looks, in place of what the construct says. */
  readonly intervalSeconds: number;
}

/** The model server in one namespace, and the versions that are rolled out there one after the other. */
export class Rollouts {
  private applied: readonly KubernetesObject[] = [];

  constructor(
    readonly namespace: string,
    private readonly options: RolloutsOptions,
  ) {}

  /** Applies everything for the first time, and waits until Flagger has it. */
  async begin(version: DeliveredVersion): Promise<void> {
    await this.apply(version);
    await this.until('Flagger has initialized the Canary', async () => (await this.status()).phase === 'Initialized');
  }

  /** Applies a version as Terraform would, and waits for what Flagger makes of it. */
  async rollOut(version: DeliveredVersion): Promise<RolloutResult> {
    this.options.words.forget(this.namespace);
    const started = performance.now();
    await this.apply(version);
    const weights: number[] = [];
    let begun = false;
    let phase: string | undefined;
    await this.until('Flagger has promoted the version or taken it back', async () => {
      const status = await this.status();
      phase = status.phase;
      begun ||= phase === 'Progressing';
      const { canaryWeight = 0 } = status;
      if (phase === 'Progressing' && canaryWeight > 0 && weights.at(-1) !== canaryWeight) weights.push(canaryWeight);
      return begun && (phase === 'Succeeded' || phase === 'Failed');
    });
    const seconds = (performance.now() - started) / 1000;
    // Until then its last requests are answered, and numbers of pods change.
    await this.until('the pods of the new version have gone', async () => {
      const { replicas = 0, terminatingReplicas = 0 } = (await this.deployment()).status;
      return replicas + terminatingReplicas === 0;
    });
    return { promoted: phase === 'Succeeded', seconds, refusals: this.options.words.refusals(this.namespace), weights };
  }

  /** What a plan would change of what was applied last: a diff, empty when nothing. */
  async changed(): Promise<string> {
    const first = await difference(this.options.controlPlane, this.applied);
    // An object is read twice for it, and its status may have changed between; what a plan would change stays.
    return first && difference(this.options.controlPlane, this.applied);
  }

  /** What Flagger has changed of what was applied: `Deployment spec.replicas`. */
  async changedByFlagger(): Promise<string[]> {
    const { metadata } = await this.deployment();
    return metadata.managedFields
      .filter(({ manager, subresource }) => manager === 'flagger' && subresource === undefined)
      .flatMap(({ fieldsV1 }) => leaves(fieldsV1))
      .map((field) => `Deployment ${field}`);
  }

  private async deployment(): Promise<Deployment> {
    const path = `/apis/apps/v1/namespaces/${this.namespace}/deployments/${NAME}`;
    return (await this.options.controlPlane.get(path)) as Deployment;
  }

  private async apply(version: DeliveredVersion): Promise<void> {
    const { controlPlane, openApi, prometheusUrl, intervalSeconds } = this.options;
    const stack = DeliveredStack.of(version, prometheusUrl);
    const { readOnlyData } = version;
    const objects = (again: boolean) =>
      [...stack.objects(openApi, { readOnlyData, again }), ...stack.customResources()]
        .map((object) => inNamespace(object, this.namespace))
        .map((object) => (object.kind === 'Canary' ? withInterval(object, intervalSeconds) : object));
    await apply(controlPlane, objects(this.applied.length > 0));
    this.applied = objects(true);
  }

  private async status(): Promise<CanaryStatus> {
    const path = `/apis/flagger.app/v1beta1/namespaces/${this.namespace}/canaries/${NAME}`;
    return ((await this.options.controlPlane.get(path)) as { status?: CanaryStatus }).status ?? {};
  }

  private async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!(await holds())) {
      if (performance.now() > deadline) throw new BenchError(`gave up waiting until ${what}, in ${this.namespace}`);
      await pause(LOOK_MS);
    }
  }
}

function leaves(fields: object, path = ''): string[] {
  const under = Object.entries(fields);
  if (under.length === 0) return [path];
  return under.flatMap(([name, field]) => leaves(field, [path, name.replace(/^f:/, '')].filter(Boolean).join('.')));
}

// biome-ignore lint/suspicious/noExplicitAny: an object of the API server's
type Json = any;

/** With Flagger's shortest interval in place of the construct's, for its analysis and for what each gate looks back. */
function withInterval(canary: KubernetesObject, seconds: number): KubernetesObject {
  const changed: Json = structuredClone(canary);
  const { analysis } = changed.spec;
  for (const one of [analysis, ...analysis.metrics]) one.interval = `${seconds}s`;
  return changed;
}
