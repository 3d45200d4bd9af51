import type { KubernetesApi, ObjectReference } from './kubernetes-api';
import type { Progress, RolloutTarget } from './rollout-target';
import type { VersionPin } from './version-pin';

/** Annotation of the pod template: another version in it makes new pods, which read the pin. */
export const VERSION_ANNOTATION = 'recommender/model-version';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** What is read of a Deployment. */
export interface Deployment {
  readonly metadata: { readonly generation?: number };
  readonly spec: {
    readonly replicas?: number;
    readonly template: { readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly Condition[];
  };
}

/** A Deployment that replaces its pods by a rolling update. */
export class DeploymentTarget implements RolloutTarget {
  readonly takenBackBy = 'follower';
  private readonly reference: ObjectReference;

  constructor(
    private readonly api: KubernetesApi,
    private readonly versionPin: VersionPin,
    metadata: ObjectReference['metadata'],
  ) {
    this.reference = { apiVersion: 'apps/v1', kind: 'Deployment', metadata };
  }

  pinned(): Promise<string | undefined> {
    return this.versionPin.read();
  }

  /** The ConfigMap first: a pod of the new template never reads the old version. */
  async pin(version: string): Promise<boolean> {
    const pinned = await this.versionPin.write(version);
    if (versionOf(await this.read()) === version) return pinned;
    const template = { metadata: { annotations: { [VERSION_ANNOTATION]: version } } };
    await this.api.apply({ ...this.reference, spec: { template } } as ObjectReference);
    return true;
  }

  async progress(): Promise<Progress> {
    return deploymentProgress(await this.read());
  }

  private async read(): Promise<Deployment> {
    return (await this.api.read(this.reference)) as Deployment;
  }
}

function versionOf({ spec }: Deployment): string | undefined {
  return spec.template.metadata?.annotations?.[VERSION_ANNOTATION];
}

/** By the same fields as `kubectl rollout status`. */
export function deploymentProgress({ metadata, spec, status = {} }: Deployment): Progress {
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  const wanted = spec.replicas ?? 1;
  const progressing = (reason: string): Progress => ({ verdict: 'progressing', reason });
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    return progressing('the Deployment has not seen the change');
  }
  const deadline = status.conditions?.find(({ type }) => type === 'Progressing');
  if (deadline?.reason === 'ProgressDeadlineExceeded') {
    const counts = `${updatedReplicas} of ${wanted} pods are new, ${availableReplicas} of ${replicas} are available`;
    return { verdict: 'rolled-back', reason: `${deadline.message ?? deadline.reason} ${counts}` };
  }
  if (updatedReplicas < wanted) return progressing(`${updatedReplicas} of ${wanted} pods are new`);
  if (replicas > updatedReplicas) return progressing(`${replicas - updatedReplicas} old pods are not gone`);
  if (availableReplicas < updatedReplicas) {
    return progressing(`${availableReplicas} of ${updatedReplicas} pods are available`);
  }
  return { verdict: 'promoted', reason: `all ${updatedReplicas} pods are new and available` };
}
