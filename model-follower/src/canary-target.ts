import { createHash } from 'node:crypto';
import type { Verdict } from '@cdktf-recommender/model-registry';
import type { KubernetesApi, ObjectReference } from './kubernetes-api';
import type { Progress, RolloutTarget } from './rollout-target';
import type { VersionPin } from './version-pin';

/** What is read of Flagger's Canary: https://docs.flagger.app/usage/how-it-works#canary-status */
export interface Canary {
  readonly status?: {
    readonly phase?: string;
    readonly canaryWeight?: number;
    readonly failedChecks?: number;
    /** By kind and name, `configmap/model-server-version`: the checksum of what Flagger has seen of it. */
    readonly trackedConfigs?: Readonly<Record<string, string>>;
    readonly conditions?: readonly { readonly type: string; readonly message?: string }[];
  };
}

/** Where Flagger copies the first version to what it calls primary. What is pinned meanwhile would not be seen. */
const STARTING = [undefined, '', 'Initializing'];
/** Where Flagger has made up its mind; in any other phase it is at it. */
const VERDICTS: Readonly<Record<string, Verdict>> = {
  Initialized: 'promoted',
  Succeeded: 'promoted',
  Failed: 'rolled-back',
};

/** A Deployment whose versions Flagger lets at requests by its gates, and takes back by itself. */
export class CanaryTarget implements RolloutTarget {
  readonly takenBackBy = 'target';
  private readonly reference: ObjectReference;

  constructor(
    private readonly api: KubernetesApi,
    private readonly versionPin: VersionPin,
    metadata: ObjectReference['metadata'],
  ) {
    this.reference = { apiVersion: 'flagger.app/v1beta1', kind: 'Canary', metadata };
  }

  pinned(): Promise<string | undefined> {
    return this.versionPin.read();
  }

  async pin(version: string): Promise<boolean> {
    const { status } = await this.read();
    if (STARTING.includes(status?.phase)) {
      throw new Error(`Flagger is not ready for a new version: its Canary is ${status?.phase || 'without a phase'}`);
    }
    return this.versionPin.write(version);
  }

  async progress(): Promise<Progress> {
    const data = await this.versionPin.data();
    return canaryProgress(await this.read(), { name: this.versionPin.metadata.name, data });
  }

  private async read(): Promise<Canary> {
    return (await this.api.read(this.reference)) as Canary;
  }
}

/**
 * What Flagger says is about the pinned version only once it has seen the ConfigMap as it is: until then its phase is
 * that of the version before. It notes what it has seen in the same write as that it begins.
 */
export function canaryProgress(
  { status = {} }: Canary,
  configMap: { readonly name: string; readonly data: Readonly<Record<string, string>> },
): Progress {
  const { phase = '', trackedConfigs = {}, canaryWeight = 0, failedChecks = 0, conditions = [] } = status;
  if (trackedConfigs[`configmap/${configMap.name}`] !== flaggerChecksum(configMap.data)) {
    return { verdict: 'progressing', reason: 'Flagger has not seen the change' };
  }
  const verdict = VERDICTS[phase];
  const message = conditions.find(({ type }) => type === 'Promoted')?.message;
  if (verdict) return { verdict, reason: `${phase}: ${message ?? 'Flagger gives no reason'}` };
  return {
    verdict: 'progressing',
    reason: `${phase}: ${canaryWeight} % of the requests, ${failedChecks} failed checks`,
  };
}

/** As Flagger has it, of keys in order: https://github.com/fluxcd/flagger/blob/v1.44.0/pkg/canary/config_tracker.go */
export function flaggerChecksum(data: Readonly<Record<string, string>>): string {
  const ordered = Object.fromEntries(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1)));
  return createHash('sha256').update(JSON.stringify(ordered)).digest('hex').slice(0, 16);
}
