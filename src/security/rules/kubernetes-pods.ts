import { isUnknown, textOf } from '../block';
import { CREDENTIAL, firstOf, found, given, notOn, on } from '../checks';
import { containers, hasRights, pod, podOf, setting, WORKLOADS } from '../pods';
import { kubernetes } from '../references';
import type { SecurityRule } from '../rule';

const STANDARDS = kubernetes('concepts/security/pod-security-standards/');
const SECURITY_CONTEXT = kubernetes('tasks/configure-pod-container/security-context/');

/** Capabilities that the baseline standard lets a container add. */
const BASELINE_CAPABILITIES = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);

const ASKS = {
  severity: 'medium',
  reason: 'The scheduler, and whoever counts nodes, takes it for nothing, and it is the first that a full node evicts.',
  reference: kubernetes('concepts/configuration/manage-resources-containers/'),
  appliesTo: WORKLOADS,
} as const;

export const KUBERNETES_PODS: readonly SecurityRule[] = [
  {
    id: 'K8S-POD-001',
    title: 'No container is privileged',
    severity: 'critical',
    reason: 'A privileged container is root of its node, and so of all pods on it.',
    fix: 'Leave securityContext.privileged off.',
    reference: STANDARDS,
    checkov: 'CKV_K8S_16',
    appliesTo: WORKLOADS,
    check: containers(notOn('securityContext.privileged')),
  },
  {
    id: 'K8S-POD-002',
    title: 'No process gets more rights than it began with',
    severity: 'high',
    reason: 'A program with the setuid bit makes an intruder root.',
    fix: 'Set securityContext.allowPrivilegeEscalation to false.',
    reference: STANDARDS,
    checkov: 'CKV_K8S_20',
    appliesTo: WORKLOADS,
    check: containers((container) => {
      const escalates = container.get('securityContext.allowPrivilegeEscalation');
      return escalates === false || isUnknown(escalates)
        ? undefined
        : found('securityContext.allowPrivilegeEscalation', escalates);
    }),
  },
  {
    id: 'K8S-POD-003',
    title: 'No container runs as root',
    severity: 'high',
    reason: 'Who breaks out of it is root on the node.',
    fix: 'Set securityContext.runAsNonRoot to true.',
    reference: STANDARDS,
    appliesTo: WORKLOADS,
    check: containers((container, of) => {
      const [nonRoot, user] = [setting(container, of, 'runAsNonRoot'), setting(container, of, 'runAsUser')];
      if (textOf(user) === '0') return found('securityContext.runAsUser', 0);
      return nonRoot === true || isUnknown(nonRoot) ? undefined : found('securityContext.runAsNonRoot', nonRoot);
    }),
  },
  {
    id: 'K8S-POD-004',
    title: "A container can't write to its image's files",
    severity: 'medium',
    reason: 'An intruder can leave programs behind.',
    fix: 'Set securityContext.readOnlyRootFilesystem to true, and mount what is written.',
    reference: SECURITY_CONTEXT,
    checkov: 'CKV_K8S_22',
    appliesTo: WORKLOADS,
    check: containers(on('securityContext.readOnlyRootFilesystem')),
  },
  {
    id: 'K8S-POD-005',
    title: 'A container drops all capabilities',
    severity: 'medium',
    reason: 'By default it may forge packets and change the owners of files.',
    fix: 'Set securityContext.capabilities.drop to ["ALL"].',
    reference: STANDARDS,
    appliesTo: WORKLOADS,
    check: containers((container) => {
      const path = 'securityContext.capabilities.drop';
      return container.list(path).some((name) => /^all$/i.test(textOf(name)) || isUnknown(name))
        ? undefined
        : found(path, container.get(path));
    }),
  },
  {
    id: 'K8S-POD-006',
    title: 'No container adds dangerous capabilities',
    severity: 'critical',
    reason: 'SYS_ADMIN, NET_ADMIN, SYS_PTRACE and their like lead to root on the node.',
    fix: 'Remove them from securityContext.capabilities.add.',
    reference: STANDARDS,
    appliesTo: WORKLOADS,
    check: containers((container) => {
      const added = container.list('securityContext.capabilities.add').map((name) => textOf(name).replace(/^CAP_/, ''));
      const dangerous = added.find((name) => !isUnknown(name) && !BASELINE_CAPABILITIES.has(name));
      return dangerous && `securityContext.capabilities.add has ${dangerous}`;
    }),
  },
  {
    id: 'K8S-POD-007',
    title: 'A pod has the default profile of system calls',
    severity: 'medium',
    reason: 'Vulnerabilities of the kernel are reached by system calls that no server needs.',
    fix: 'Set securityContext.seccompProfile.type to RuntimeDefault.',
    reference: STANDARDS,
    appliesTo: WORKLOADS,
    check: containers((container, of) => {
      const profile = setting(container, of, 'seccompProfile.type');
      return isUnknown(profile) || /^(RuntimeDefault|Localhost)$/.test(textOf(profile))
        ? undefined
        : found('securityContext.seccompProfile.type', profile);
    }),
  },
  {
    id: 'K8S-POD-008',
    title: "A pod doesn't see its node's processes",
    severity: 'high',
    reason: 'It can look into all pods of the node, and at what their environment holds.',
    fix: 'Leave hostPID off.',
    reference: STANDARDS,
    checkov: 'CKV_K8S_17',
    appliesTo: WORKLOADS,
    check: pod(notOn('hostPID')),
  },
  {
    id: 'K8S-POD-009',
    title: "A pod doesn't share its node's memory",
    severity: 'high',
    reason: 'It can read and write what processes of the node share.',
    fix: 'Leave hostIPC off.',
    reference: STANDARDS,
    checkov: 'CKV_K8S_18',
    appliesTo: WORKLOADS,
    check: pod(notOn('hostIPC')),
  },
  {
    id: 'K8S-POD-010',
    title: "A pod isn't in its node's network",
    severity: 'high',
    reason: "It is past all network policies, and reaches the node's credentials.",
    fix: 'Leave hostNetwork off.',
    reference: STANDARDS,
    checkov: 'CKV_K8S_19',
    appliesTo: WORKLOADS,
    check: pod(notOn('hostNetwork')),
  },
  {
    id: 'K8S-POD-011',
    title: "No pod mounts its node's files",
    severity: 'high',
    reason: "Whoever writes there runs programs on the node; the container runtime's socket is root.",
    fix: 'Mount an emptyDir or a claim.',
    reference: STANDARDS,
    appliesTo: WORKLOADS,
    check: pod((of) =>
      firstOf(of.all('volumes'), (volume) =>
        volume.has('hostPath')
          ? `volume ${volume.text('name')} is ${volume.text('hostPath.path')} of the node`
          : undefined,
      ),
    ),
  },
  {
    id: 'K8S-POD-012',
    title: 'No container has a port of its node',
    severity: 'medium',
    reason: 'It is reached past the Service and its network policies, from wherever the node is.',
    fix: 'Leave hostPort out.',
    reference: STANDARDS,
    checkov: 'CKV_K8S_26',
    appliesTo: WORKLOADS,
    check: containers((container) =>
      firstOf(container.all('ports'), (port) =>
        port.number('hostPort') ? found('hostPort', port.get('hostPort')) : undefined,
      ),
    ),
  },
  {
    id: 'K8S-POD-013',
    title: 'A pod without rights in the cluster has no token of it',
    severity: 'medium',
    reason: 'With a token, an intruder goes on from the pod to the API server, and gets what is bound to it later.',
    fix: 'Set automountServiceAccountToken to false.',
    reference: kubernetes('tasks/configure-pod-container/configure-service-account/'),
    appliesTo: WORKLOADS,
    check: (workload) => {
      const of = podOf(workload);
      const mounts = of.get('automountServiceAccountToken');
      return mounts === false || isUnknown(mounts) || hasRights(workload, of)
        ? undefined
        : found('automountServiceAccountToken', mounts);
    },
  },
  {
    id: 'K8S-POD-014',
    title: 'An image names its version',
    severity: 'medium',
    reason: 'What latest stands for changes from one start to the next: what runs is then not what was tested.',
    fix: 'Name the image as repository@sha256:…, or by the tag of a release.',
    reference: kubernetes('concepts/containers/images/'),
    checkov: 'CKV_K8S_14',
    appliesTo: WORKLOADS,
    check: containers((container) => {
      const image = container.get('image');
      const named = isUnknown(image) || /@sha256:[0-9a-f]{64}$|:(?!latest$)[\w.-]+$/.test(textOf(image));
      return named ? undefined : found('image', image);
    }),
  },
  {
    id: 'K8S-POD-015',
    title: 'A container has a limit of memory',
    severity: 'medium',
    reason: 'One that grows takes down its neighbours on the node.',
    fix: 'Set resources.limits.memory.',
    reference: kubernetes('concepts/configuration/manage-resources-containers/'),
    checkov: 'CKV_K8S_12',
    appliesTo: WORKLOADS,
    check: containers(given('resources.limits.memory')),
  },
  {
    id: 'K8S-POD-016',
    title: "No credential is in a container's environment",
    severity: 'critical',
    reason: 'Everybody who may look at pods can read it, and so can who reads the state.',
    fix: 'Mount it from a Secret.',
    reference: kubernetes('concepts/security/secrets-good-practices/'),
    appliesTo: WORKLOADS,
    check: containers((container) =>
      firstOf(container.all('env'), (variable) =>
        CREDENTIAL.test(variable.text('value')) ? `env ${variable.text('name')} holds a credential` : undefined,
      ),
    ),
  },
  {
    id: 'K8S-POD-017',
    title: 'No container has a whole Secret for its environment',
    severity: 'low',
    reason:
      "Whatever is added to the Secret later is seen by the process's children, and ends up in reports of crashes.",
    fix: 'Name the keys that are needed, or mount the Secret as a volume.',
    reference: kubernetes('concepts/security/secrets-good-practices/'),
    appliesTo: WORKLOADS,
    check: containers((container) =>
      firstOf(container.all('envFrom'), (source) =>
        source.has('secretRef') ? `envFrom takes all of the Secret ${source.text('secretRef.name')}` : undefined,
      ),
    ),
  },
  {
    ...ASKS,
    id: 'K8S-POD-018',
    title: 'A container asks for CPU',
    fix: 'Set resources.requests.cpu.',
    checkov: 'CKV_K8S_10',
    check: containers(given('resources.requests.cpu')),
  },
  {
    ...ASKS,
    id: 'K8S-POD-019',
    title: 'A container asks for memory',
    fix: 'Set resources.requests.memory.',
    checkov: 'CKV_K8S_13',
    check: containers(given('resources.requests.memory')),
  },
];
