import { type Corpus, CREDENTIAL, cases, type Fixture, REMOVED } from './corpus';

const METADATA = { name: 'server', namespace: 'shop' };
const CONTAINER = {
  name: 'server',
  image: `registry.shop.example/server@sha256:${'0'.repeat(64)}`,
  security_context: {
    allow_privilege_escalation: false,
    read_only_root_filesystem: true,
    capabilities: { drop: ['ALL'] },
  },
  resources: { limits: { memory: '256Mi' }, requests: { cpu: '100m', memory: '256Mi' } },
};
const POD = {
  automount_service_account_token: false,
  service_account_name: 'server',
  security_context: { run_as_non_root: true, run_as_user: '10001', seccomp_profile: { type: 'RuntimeDefault' } },
  container: [CONTAINER],
};
const DEPLOYMENT: Fixture = {
  'kubernetes_deployment_v1.Server': {
    metadata: METADATA,
    spec: {
      selector: { match_labels: { app: 'server' } },
      template: { metadata: { labels: { app: 'server' } }, spec: POD },
    },
  },
};
const CRON_JOB = (pod: object) => ({
  'kubernetes_cron_job_v1.Report': {
    metadata: METADATA,
    spec: { schedule: '0 3 * * *', job_template: { spec: { template: { spec: { ...POD, ...pod } } } } },
  },
});
/** As a manifest, in the API's own names. */
const DAEMON_SET = (pod: object) => ({
  'kubernetes_manifest.Agent': {
    manifest: {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: METADATA,
      spec: {
        template: {
          spec: {
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
            containers: [],
            ...pod,
          },
        },
      },
    },
  },
});
const pod = (path: string) => `spec.template.spec.${path}`;
const container = (path: string) => pod(`container.0.${path}`);
const BOUND = {
  'kubernetes_role_binding_v1.Server': {
    metadata: METADATA,
    role_ref: { api_group: 'rbac.authorization.k8s.io', kind: 'Role', name: 'server' },
    subject: [{ kind: 'ServiceAccount', name: 'server', namespace: 'shop' }],
  },
};
const ACCOUNT: Fixture = {
  'kubernetes_service_account_v1.Server': { metadata: METADATA, automount_service_account_token: false },
};

export const KUBERNETES_PODS: Corpus = {
  'K8S-POD-001': cases(
    DEPLOYMENT,
    [
      { [container('security_context.privileged')]: true },
      CRON_JOB({
        container: [{ ...CONTAINER, security_context: { ...CONTAINER.security_context, privileged: true } }],
      }),
    ],
    [{ [container('security_context.privileged')]: false }],
  ),
  'K8S-POD-002': cases(DEPLOYMENT, [
    { [container('security_context.allow_privilege_escalation')]: true },
    { [container('security_context.allow_privilege_escalation')]: REMOVED },
  ]),
  'K8S-POD-003': cases(
    DEPLOYMENT,
    [
      { [pod('security_context.run_as_non_root')]: REMOVED },
      { [pod('security_context.run_as_user')]: '0' },
      { [container('security_context.run_as_user')]: '0' },
      { [container('security_context.run_as_non_root')]: false },
      CRON_JOB({ security_context: { seccomp_profile: { type: 'RuntimeDefault' } } }),
    ],
    [{ [pod('security_context.run_as_non_root')]: REMOVED, [container('security_context.run_as_non_root')]: true }],
  ),
  'K8S-POD-004': cases(DEPLOYMENT, [
    { [container('security_context.read_only_root_filesystem')]: false },
    { [container('security_context.read_only_root_filesystem')]: REMOVED },
  ]),
  'K8S-POD-005': cases(DEPLOYMENT, [
    { [container('security_context.capabilities')]: REMOVED },
    { [container('security_context.capabilities.drop')]: ['NET_RAW'] },
  ]),
  'K8S-POD-006': cases(
    DEPLOYMENT,
    [
      { [container('security_context.capabilities.add')]: ['SYS_ADMIN'] },
      { [container('security_context.capabilities.add')]: ['CHOWN', 'CAP_NET_ADMIN'] },
    ],
    [{ [container('security_context.capabilities.add')]: ['NET_BIND_SERVICE'] }],
  ),
  'K8S-POD-007': cases(DEPLOYMENT, [
    { [pod('security_context.seccomp_profile')]: REMOVED },
    { [pod('security_context.seccomp_profile.type')]: 'Unconfined' },
  ]),
  'K8S-POD-008': cases(
    DEPLOYMENT,
    [{ [pod('host_pid')]: true }, DAEMON_SET({ hostPID: true })],
    [{ [pod('host_pid')]: false }],
  ),
  'K8S-POD-009': cases(DEPLOYMENT, [{ [pod('host_ipc')]: true }], [{ [pod('host_ipc')]: false }]),
  'K8S-POD-010': cases(
    DEPLOYMENT,
    [{ [pod('host_network')]: true }, CRON_JOB({ host_network: true }), DAEMON_SET({ hostNetwork: true })],
    [{ [pod('host_network')]: false }],
  ),
  'K8S-POD-011': cases(
    DEPLOYMENT,
    [
      { [pod('volume')]: [{ name: 'logs', host_path: { path: '/var/log' } }] },
      DAEMON_SET({ volumes: [{ name: 'socket', hostPath: { path: '/var/run/docker.sock' } }] }),
    ],
    [{ [pod('volume')]: [{ name: 'tmp', empty_dir: { size_limit: '1Gi' } }] }],
  ),
  'K8S-POD-012': cases(
    DEPLOYMENT,
    [{ [container('port')]: [{ container_port: 8080, host_port: 8080 }] }],
    [{ [container('port')]: [{ container_port: 8080 }] }],
  ),
  'K8S-POD-013': cases(
    DEPLOYMENT,
    [{ [pod('automount_service_account_token')]: true }, { [pod('automount_service_account_token')]: REMOVED }],
    [{ [pod('automount_service_account_token')]: true, ...BOUND }],
  ),
  'K8S-POD-014': cases(
    DEPLOYMENT,
    [
      { [container('image')]: 'registry.shop.example/server:latest' },
      { [container('image')]: 'registry.shop.example/server' },
      { [container('image')]: 'registry.shop.example:5000/server' },
    ],
    [{ [container('image')]: 'registry.shop.example/server:1.2.3' }, { [container('image')]: `\${var.image}` }],
  ),
  'K8S-POD-015': cases(DEPLOYMENT, [
    { [container('resources.limits')]: REMOVED },
    { [container('resources')]: REMOVED },
  ]),
  'K8S-POD-018': cases(DEPLOYMENT, [
    { [container('resources.requests.cpu')]: REMOVED },
    { [container('resources')]: REMOVED },
  ]),
  'K8S-POD-019': cases(DEPLOYMENT, [
    { [container('resources.requests.memory')]: REMOVED },
    { [container('resources.requests')]: REMOVED },
  ]),
  'K8S-POD-016': cases(
    DEPLOYMENT,
    [{ [container('env')]: [{ name: 'KEY', value: CREDENTIAL }] }],
    [{ [container('env')]: [{ name: 'LEVEL', value: 'info' }] }],
  ),
  'K8S-POD-017': cases(
    DEPLOYMENT,
    [{ [container('env_from')]: [{ secret_ref: { name: 'login' } }] }],
    [{ [container('env_from')]: [{ config_map_ref: { name: 'settings' } }] }],
  ),
  'K8S-SA-001': cases(ACCOUNT, [
    { automount_service_account_token: true },
    { automount_service_account_token: REMOVED },
  ]),
};
