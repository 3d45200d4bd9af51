import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import type { TerraformStack } from 'cdktf';
import type { IWorkloadIdentity, WorkloadIdentityProps } from '../../../constructs/contracts';
import {
  MODEL_SERVER_SERVICE_ACCOUNT,
  ModelServer,
  type ModelServerProps,
  RecommenderNamespace,
} from '../../../constructs/kubernetes';
import { CapacityPlan, ServiceLevelObjective } from '../../../src';
import { type SynthesizedStack, synthesizeConstructs } from '../../helpers/synth';

export const IMAGE = `registry.example.com/model-server@sha256:${'a'.repeat(64)}`;
export const CLUSTER = { ready: [], storageClassName: 'encrypted' };

export function identity(account: WorkloadIdentityProps): IWorkloadIdentity {
  return {
    ...account,
    serviceAccountAnnotations: { 'cloud.example.com/identity': 'reader' },
    podLabels: { 'cloud.example.com/use': 'true' },
    credentialSources: [{ cidr: '169.254.170.23/32', port: 80 }],
    ready: [],
  };
}

/** A stack with the providers and namespace that everything in a cluster needs. */
export function inCluster(build: (stack: TerraformStack, namespace: RecommenderNamespace) => void): SynthesizedStack {
  return synthesizeConstructs((stack) => {
    new KubernetesProvider(stack, 'Kubernetes');
    new HelmProvider(stack, 'Helm');
    build(stack, new RecommenderNamespace(stack, 'Namespace', { cluster: CLUSTER }));
  });
}

export function modelServer(
  stack: TerraformStack,
  namespace: RecommenderNamespace,
  props: Partial<ModelServerProps> = {},
): ModelServer {
  return new ModelServer(stack, 'ModelServer', {
    namespace,
    image: IMAGE,
    identity: identity(MODEL_SERVER_SERVICE_ACCOUNT),
    modelStoreUrl: 's3://models/store',
    capacity: new CapacityPlan(),
    slo: new ServiceLevelObjective(),
    ...props,
  });
}

/** `build`, which keeps what it makes of the default props: most statements are on those, and a synth takes its time. */
export function keepDefault<Props>(build: (props?: Props) => SynthesizedStack): (props?: Props) => SynthesizedStack {
  let kept: SynthesizedStack | undefined;
  return (props) => {
    if (props !== undefined) return build(props);
    kept ??= build();
    return kept;
  };
}

/** The one release of a name. Fails when there is none, or more than one. */
// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
export function release(stack: SynthesizedStack, name: string): any {
  const found = Object.values(stack.resources('helm_release')).filter((one) => one.name === name);
  expect(found).toHaveLength(1);
  return found[0];
}
