/** A rule of CEL, as `spec.validations` has it. Each message says what is wrong, where, and what is allowed. */
export interface PodRule {
  readonly expression: string;
  readonly message?: string;
  readonly messageExpression?: string;
}

/** Kinds that make pods, and the pods themselves, so that a mistake is refused where it is made. */
export const POD_MAKERS = [
  { apiGroups: [''], resources: ['pods', 'pods/ephemeralcontainers'] },
  { apiGroups: ['apps'], resources: ['deployments', 'statefulsets', 'daemonsets', 'replicasets'] },
  { apiGroups: ['batch'], resources: ['jobs', 'cronjobs'] },
];

/**
 * The pod in each of them. `dyn`, because the fields differ from kind to kind; a check of types would warn of the others.
 */
export const POD_VARIABLES = [
  {
    name: 'template',
    expression: `dyn(object).kind == 'Pod' ? dyn(object)
      : dyn(object).kind == 'CronJob' ? dyn(object).spec.jobTemplate.spec.template
      : dyn(object).spec.template`,
  },
  { name: 'pod', expression: 'variables.template.spec' },
  { name: 'lasting', expression: 'variables.pod.containers + variables.pod.?initContainers.orValue([])' },
  // Those of `kubectl debug` too, which can't have requests and limits.
  { name: 'containers', expression: 'variables.lasting + variables.pod.?ephemeralContainers.orValue([])' },
];

/** What is required of each container, with `c` for it, and what is said of those that are otherwise. */
function everyContainer(of: 'containers' | 'lasting', required: string, told: string): PodRule {
  const others = `variables.${of}.filter(c, !(${required}))`;
  return {
    expression: `variables.${of}.all(c, ${required})`,
    messageExpression: `'container ' + ${others}.map(c, string(c.name)).join(', ') + ' ${told}'`,
  };
}

/** A field of the container that may be absent at each step. */
const field = (path: string, otherwise: string) => `c.?${path.split('.').join('.?')}.orValue(${otherwise})`;
const resources = (kind: 'requests' | 'limits', names: readonly string[]) =>
  names.map((name) => `'${name}' in ${field(`resources.${kind}`, '{}')}`).join(' && ');

/** What every pod of the namespace keeps to. */
export const POD_RULES: readonly PodRule[] = [
  everyContainer(
    'containers',
    "c.image.matches('@sha256:[0-9a-f]{64}$')",
    'has an image without a digest; allowed is registry/path@sha256:<64 hex digits>.',
  ),
  everyContainer(
    'containers',
    `!${field('securityContext.privileged', 'false')}`,
    'is privileged; leave securityContext.privileged out.',
  ),
  everyContainer(
    'containers',
    `!${field('securityContext.allowPrivilegeEscalation', 'true')}`,
    'may gain privileges; set securityContext.allowPrivilegeEscalation to false.',
  ),
  everyContainer(
    'containers',
    `'ALL' in ${field('securityContext.capabilities.drop', '[]')} && ${field('securityContext.capabilities.add', '[]')} == []`,
    'has capabilities; set securityContext.capabilities to drop ALL and add none.',
  ),
  everyContainer(
    'containers',
    field('securityContext.readOnlyRootFilesystem', 'false'),
    'writes to its root file system; set securityContext.readOnlyRootFilesystem to true and mount what it writes to.',
  ),
  everyContainer(
    'lasting',
    resources('requests', ['cpu', 'memory']),
    'has no requests; set resources.requests.cpu and .memory.',
  ),
  everyContainer(
    'lasting',
    resources('limits', ['cpu', 'memory', 'ephemeral-storage']),
    'has no limits; set resources.limits.cpu, .memory and .ephemeral-storage.',
  ),
  {
    expression: `!variables.pod.?hostNetwork.orValue(false) && !variables.pod.?hostPID.orValue(false)
      && !variables.pod.?hostIPC.orValue(false)`,
    message: "the pod is in its node's namespaces; leave hostNetwork, hostPID and hostIPC out.",
  },
  {
    expression: 'variables.pod.?volumes.orValue([]).all(v, !has(v.hostPath))',
    message: "the pod mounts its node's files; use another kind of volume than hostPath.",
  },
  {
    expression: "variables.template.?metadata.?labels.orValue({})[?'app.kubernetes.io/name'].orValue('') != ''",
    message: 'the pod has no name among its labels; set app.kubernetes.io/name.',
  },
];

/** Images of these registries and paths only, which a slash ends. */
export function fromRegistries(registries: readonly string[]): PodRule {
  const prefixes = registries.map((registry) => registry.replace(/\/*$/, '/'));
  return everyContainer(
    'containers',
    `${JSON.stringify(prefixes)}.exists(prefix, c.image.startsWith(prefix))`,
    `has an image of another registry; allowed are ${prefixes.join(', ')}.`,
  );
}
