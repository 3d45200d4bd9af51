import { KUBE_STATE_METRICS } from '../../constructs/kubernetes/dashboards/cluster-metrics';
import type { Series } from './prometheus';

const ksm = KUBE_STATE_METRICS;

/** Whose a pod is. */
export interface Owners {
  /** `Deployment/grafana`; a pod of nobody's is its own. */
  workloadOf(namespace: string, pod: string): string;
  /** `namespace/Deployment/name` of those whose replicas follow the share of the requested CPU that they use. */
  readonly scaledByCpu: ReadonlySet<string>;
}

/** @param window which pods may have gone in: `[7d]` */
export async function ownersOf(ask: (expression: string) => Promise<Series[]>, window: string): Promise<Owners> {
  const owned = async (metric: string, label: string) => {
    const found = await ask(
      `max by (namespace, ${label}, owner_kind, owner_name) (last_over_time(${metric}${window}))`,
    );
    return new Map(
      found
        .filter(({ labels }) => labels.owner_kind && labels.owner_kind !== '<none>')
        .map(({ labels }) => [`${labels.namespace}/${labels[label]}`, `${labels.owner_kind}/${labels.owner_name}`]),
    );
  };
  const pods = await owned(ksm.podOwner, 'pod');
  const above = {
    ReplicaSet: await owned(ksm.replicaSetOwner, 'replicaset'),
    Job: await owned(ksm.jobOwner, 'job_name'),
  };
  const scalers = await ask(
    `max by (namespace, scaletargetref_kind, scaletargetref_name) (${ksm.hpaInfo} and on (namespace, horizontalpodautoscaler) ${ksm.hpaTarget}{metric_name="cpu",metric_target_type="utilization"})`,
  );
  return {
    workloadOf: (namespace, pod) => {
      const owner = pods.get(`${namespace}/${pod}`) ?? `Pod/${pod}`;
      const [kind = '', name = ''] = owner.split('/');
      const higher = kind === 'ReplicaSet' || kind === 'Job' ? above[kind].get(`${namespace}/${name}`) : undefined;
      return higher ?? owner;
    },
    scaledByCpu: new Set(
      scalers.map(({ labels }) => `${labels.namespace}/${labels.scaletargetref_kind}/${labels.scaletargetref_name}`),
    ),
  };
}
