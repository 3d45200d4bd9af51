import { type Block, isUnknown, textOf } from '../block';
import { firstOf, found, oneOf } from '../checks';
import { kubernetes } from '../references';
import type { Problem, SecurityRule } from '../rule';
import type { Subject } from '../subject';

const ROLES = ['Role', 'ClusterRole'];
const BINDINGS = ['RoleBinding', 'ClusterRoleBinding'];
const RBAC = kubernetes('concepts/security/rbac-good-practices/');

export const KUBERNETES_ACCESS: readonly SecurityRule[] = [
  {
    id: 'K8S-RBAC-001',
    title: 'No role has everything',
    severity: 'critical',
    reason: 'A wildcard allows what the cluster learns later, too, and to give oneself more.',
    fix: 'Name the groups, the resources and the verbs.',
    reference: RBAC,
    checkov: 'CKV_K8S_49',
    appliesTo: ROLES,
    check: rules((rule) => {
      const wild = ['apiGroups', 'resources', 'verbs'].find((list) => rule.list(list).includes('*'));
      return wild && `${wild} has "*"`;
    }),
  },
  {
    id: 'K8S-RBAC-002',
    title: 'No role gives itself more',
    severity: 'critical',
    reason: 'bind, escalate and impersonate let whoever has the role be an administrator.',
    fix: 'Remove the verbs.',
    reference: RBAC,
    appliesTo: ROLES,
    check: rules((rule) => {
      const verb = rule.list('verbs').find((one) => /^(bind|escalate|impersonate)$/.test(textOf(one)));
      return verb === undefined ? undefined : `verbs has ${verb}`;
    }),
  },
  {
    id: 'K8S-RBAC-003',
    title: 'No role reads all Secrets',
    severity: 'high',
    reason: 'Secrets hold the tokens of others, and so their rights.',
    fix: 'Name the Secrets by resourceNames, without the verbs list and watch.',
    reference: RBAC,
    appliesTo: ROLES,
    check: rules((rule) =>
      rule.list('resources').includes('secrets') &&
      !rule.has('resourceNames') &&
      rule.list('verbs').some((verb) => /^(get|list|watch)$/.test(textOf(verb)))
        ? 'it reads all Secrets'
        : undefined,
    ),
  },
  {
    id: 'K8S-RBAC-004',
    title: 'No role runs programs in pods of others',
    severity: 'high',
    reason: 'pods/exec is to have the rights and the Secrets of every pod there.',
    fix: 'Remove pods/exec, pods/attach and pods/ephemeralcontainers.',
    reference: RBAC,
    appliesTo: ROLES,
    check: rules((rule) => {
      const into = rule.list('resources').find((one) => /^pods\/(exec|attach|ephemeralcontainers)$/.test(textOf(one)));
      return into === undefined ? undefined : `resources has ${into}`;
    }),
  },
  {
    id: 'K8S-RBAC-005',
    title: 'Nobody is bound to cluster-admin',
    severity: 'critical',
    reason: 'It is everything in the cluster, Secrets and nodes included.',
    fix: 'Bind a role of what is needed.',
    reference: RBAC,
    appliesTo: BINDINGS,
    check: (binding) =>
      binding.get('roleRef.name') === 'cluster-admin' ? 'roleRef.name is "cluster-admin"' : undefined,
  },
  {
    id: 'K8S-RBAC-006',
    title: 'Nothing is bound to everybody',
    severity: 'critical',
    reason: 'Whoever reaches the API server has these rights, with a login or without.',
    fix: 'Name the users, groups or service accounts.',
    reference: RBAC,
    appliesTo: BINDINGS,
    check: (binding) =>
      firstOf(binding.all('subjects'), (subject) =>
        /^system:(anonymous|unauthenticated|authenticated|serviceaccounts)$/.test(subject.text('name'))
          ? `it is bound to ${subject.text('name')}`
          : undefined,
      ),
  },
  {
    id: 'K8S-RBAC-007',
    title: 'Nothing is bound to a default service account',
    severity: 'medium',
    reason: 'Each pod that names no service account gets these rights.',
    fix: 'Give the workload a service account of its own.',
    reference: RBAC,
    checkov: 'CKV_K8S_42',
    appliesTo: BINDINGS,
    check: (binding) =>
      firstOf(binding.all('subjects'), (subject) =>
        subject.get('kind') === 'ServiceAccount' && subject.get('name') === 'default'
          ? 'it is bound to the service account default'
          : undefined,
      ),
  },
  {
    id: 'K8S-SA-001',
    title: 'A service account hands out no token by itself',
    severity: 'low',
    reason: 'Each pod that is started with it gets a token, needed or not.',
    fix: 'Set automountServiceAccountToken to false.',
    reference: kubernetes('tasks/configure-pod-container/configure-service-account/'),
    appliesTo: ['ServiceAccount'],
    check: oneOf('automountServiceAccountToken', [false]),
  },
  {
    id: 'K8S-NS-001',
    title: 'A namespace enforces a standard for its pods',
    severity: 'medium',
    reason: 'Without one, whoever may start a pod may start one that is root of its node.',
    fix: 'Set the label pod-security.kubernetes.io/enforce.',
    reference: kubernetes('concepts/security/pod-security-admission/'),
    appliesTo: ['Namespace'],
    check: (namespace) => {
      const label = 'pod-security.kubernetes.io/enforce';
      const level = (namespace.get('metadata.labels') as Record<string, unknown> | undefined)?.[label];
      return isUnknown(level) || /^(privileged|baseline|restricted)$/.test(textOf(level))
        ? undefined
        : found(label, level);
    },
  },
  {
    id: 'K8S-NS-002',
    title: 'Nothing runs in the namespace default',
    severity: 'low',
    reason: 'What nobody gave a namespace to is there, without quotas, standards or network policies.',
    fix: 'Name a namespace.',
    reference: kubernetes('concepts/overview/working-with-objects/namespaces/'),
    checkov: 'CKV_K8S_21',
    appliesTo: ['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Service', 'ServiceAccount', 'Role'],
    check: oneNamespace,
  },
  {
    id: 'K8S-STORAGE-001',
    title: 'Disks are encrypted',
    severity: 'high',
    reason: 'A snapshot that is shared can be read by whoever gets it.',
    fix: 'Set parameters.encrypted to "true".',
    reference: 'https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md',
    appliesTo: ['StorageClass'],
    check: (storage) => (storage.get('provisioner') === 'ebs.csi.aws.com' ? notEncrypted(storage) : undefined),
  },
];

/** What a role allows; `wrong` says what of a rule is too much. */
function rules(wrong: (rule: Block) => Problem) {
  return (role: Subject): Problem => firstOf(role.all('rules'), wrong);
}

function oneNamespace(object: Subject): Problem {
  const namespace = object.get('metadata.namespace') ?? 'default';
  return namespace === 'default' ? 'metadata.namespace is "default"' : undefined;
}

function notEncrypted(storage: Subject): Problem {
  return storage.isOn('parameters.encrypted')
    ? undefined
    : found('parameters.encrypted', storage.get('parameters.encrypted'));
}
