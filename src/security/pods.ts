import { Block } from './block';
import { firstOf } from './checks';
import type { Problem } from './rule';
import type { Subject } from './subject';

/** Kinds that make pods. */
export const WORKLOADS = ['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob'];

/** The spec of the pods that a workload makes. */
export function podOf(workload: Subject): Block {
  if (workload.type === 'Pod') return new Block(workload.get('spec'));
  const template = workload.type === 'CronJob' ? 'spec.jobTemplate.spec.template.spec' : 'spec.template.spec';
  return new Block(workload.get(template));
}

/** Something that no pod of a workload may have. */
export const pod =
  (check: (pod: Block) => Problem) =>
  (workload: Subject): Problem =>
    check(podOf(workload));

/** Something that no container of a workload may have, those that run first included. The problem names the container. */
export const containers =
  (check: (container: Block, pod: Block) => Problem) =>
  (workload: Subject): Problem => {
    const of = podOf(workload);
    return firstOf([...of.all('containers'), ...of.all('initContainers')], (container) => {
      const problem = check(container, of);
      return problem && `container ${container.text('name')}: ${problem}`;
    });
  };

/** A setting of a container, or of its pod where the container says nothing. */
export function setting(container: Block, pod: Block, path: string): unknown {
  return container.get(`securityContext.${path}`) ?? pod.get(`securityContext.${path}`);
}

/** Whether a role is bound to the service account of a workload's pods. */
export function hasRights(workload: Subject, of: Block): boolean {
  const namespace = workload.get('metadata.namespace');
  const account = of.get('serviceAccountName') ?? 'default';
  return workload
    .ofType('RoleBinding', 'ClusterRoleBinding')
    .flatMap((binding) => binding.all('subjects'))
    .some(
      (subject) =>
        subject.get('kind') === 'ServiceAccount' &&
        subject.get('name') === account &&
        subject.get('namespace') === namespace,
    );
}
