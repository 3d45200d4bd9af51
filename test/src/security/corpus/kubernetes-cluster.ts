import { stringify } from 'yaml';
import { type Corpus, cases, type Fixture, REMOVED } from './corpus';

const METADATA = { name: 'server', namespace: 'shop' };
const API_GROUP = 'rbac.authorization.k8s.io';
const ROLE: Fixture = {
  'kubernetes_role_v1.Server': {
    metadata: METADATA,
    rule: [{ api_groups: [''], resources: ['configmaps'], verbs: ['get'] }],
  },
};
const CLUSTER_ROLE = (rule: object) => ({
  'kubernetes_cluster_role_v1.Server': { metadata: { name: 'server' }, rule: [rule] },
});
const BINDING: Fixture = {
  'kubernetes_role_binding_v1.Server': {
    metadata: METADATA,
    role_ref: { api_group: API_GROUP, kind: 'Role', name: 'server' },
    subject: [{ kind: 'ServiceAccount', name: 'server', namespace: 'shop' }],
  },
};
const CLUSTER_BINDING = (subject: object, role = 'view') => ({
  'kubernetes_cluster_role_binding_v1.Server': {
    metadata: { name: 'server' },
    role_ref: { api_group: API_GROUP, kind: 'ClusterRole', name: role },
    subject: [subject],
  },
});
const NAMESPACE: Fixture = {
  'kubernetes_namespace_v1.Shop': {
    metadata: { name: 'shop', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  },
};
const POLICY: Fixture = {
  'kubernetes_network_policy_v1.Server': {
    metadata: METADATA,
    spec: {
      pod_selector: {},
      policy_types: ['Ingress', 'Egress'],
      ingress: [{ from: [{ pod_selector: { match_labels: { app: 'gateway' } } }], ports: [{ port: '8080' }] }],
      egress: [{ to: [{ ip_block: { cidr: '0.0.0.0/0' } }], ports: [{ port: '443' }] }],
    },
  },
};
const SERVICE: Fixture = {
  'kubernetes_service_v1.Server': { metadata: METADATA, spec: { type: 'ClusterIP', port: [{ port: 80 }] } },
};
const INGRESS: Fixture = {
  'kubernetes_ingress_v1.Server': {
    metadata: METADATA,
    spec: {
      tls: [{ hosts: ['shop.example'], secret_name: 'certificate' }],
      default_backend: { service: { name: 'server', port: { number: 80 } } },
    },
  },
};
const GATEWAY = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: METADATA,
  spec: {
    listeners: [
      { name: 'http', port: 80, protocol: 'HTTP' },
      { name: 'https', port: 443, protocol: 'HTTPS' },
    ],
  },
};
const route = (rules: object, sectionName?: string) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'route', namespace: 'shop' },
  spec: { parentRefs: [{ name: 'server', sectionName }], rules: [rules] },
});
const REDIRECT = route({ filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https' } }] }, 'http');
const TLS_POLICY = {
  apiVersion: 'gateway.envoyproxy.io/v1alpha1',
  kind: 'ClientTrafficPolicy',
  metadata: METADATA,
  spec: { tls: { minVersion: '1.2' } },
};
/** As our charts of objects have them. */
const release = (...objects: readonly object[]) => ({
  'helm_release.Gateway': {
    name: 'gateway',
    namespace: 'shop',
    chart: 'assets/objects',
    values: [stringify({ objects })],
  },
});
const STORAGE: Fixture = {
  'kubernetes_storage_class_v1.Disks': {
    metadata: { name: 'disks' },
    storage_provisioner: 'ebs.csi.aws.com',
    parameters: { type: 'gp3', encrypted: 'true' },
  },
};

export const KUBERNETES_CLUSTER: Corpus = {
  'K8S-RBAC-001': cases(ROLE, [
    { 'rule.0.verbs': ['*'] },
    { 'rule.0.resources': ['*'] },
    CLUSTER_ROLE({ api_groups: ['*'], resources: ['pods'], verbs: ['get'] }),
  ]),
  'K8S-RBAC-002': cases(ROLE, [
    { 'rule.0.verbs': ['bind'] },
    CLUSTER_ROLE({ api_groups: [''], resources: ['users'], verbs: ['impersonate'] }),
  ]),
  'K8S-RBAC-003': cases(
    ROLE,
    [{ 'rule.0.resources': ['secrets'] }, { 'rule.0.resources': ['secrets'], 'rule.0.verbs': ['list'] }],
    [
      { 'rule.0.resources': ['secrets'], 'rule.0.resource_names': ['login'] },
      { 'rule.0.resources': ['secrets'], 'rule.0.verbs': ['create'] },
    ],
  ),
  'K8S-RBAC-004': cases(
    ROLE,
    [{ 'rule.0.resources': ['pods/exec'], 'rule.0.verbs': ['create'] }],
    [{ 'rule.0.resources': ['pods/log'] }],
  ),
  'K8S-RBAC-005': cases(BINDING, [
    { 'role_ref.kind': 'ClusterRole', 'role_ref.name': 'cluster-admin' },
    CLUSTER_BINDING({ kind: 'ServiceAccount', name: 'server', namespace: 'shop' }, 'cluster-admin'),
  ]),
  'K8S-RBAC-006': cases(BINDING, [
    CLUSTER_BINDING({ kind: 'Group', name: 'system:unauthenticated' }),
    { 'subject.0': { kind: 'User', name: 'system:anonymous' } },
  ]),
  'K8S-RBAC-007': cases(BINDING, [
    { 'subject.0.name': 'default' },
    CLUSTER_BINDING({ kind: 'ServiceAccount', name: 'default', namespace: 'shop' }),
  ]),
  'K8S-NS-001': cases(NAMESPACE, [
    { 'metadata.labels': REMOVED },
    { 'metadata.labels': { 'pod-security.kubernetes.io/warn': 'restricted' } },
  ]),
  'K8S-NS-002': cases(SERVICE, [{ 'metadata.namespace': 'default' }, { 'metadata.namespace': REMOVED }]),
  'K8S-NET-001': cases(POLICY, [
    { 'spec.ingress.0.from': REMOVED },
    { 'spec.ingress.0.from': [{ ip_block: { cidr: '0.0.0.0/0' } }] },
  ]),
  'K8S-NET-002': cases(POLICY, [{ 'spec.egress.0.ports': REMOVED }, { 'spec.egress': [{}] }]),
  'K8S-NET-003': cases(SERVICE, [{ 'spec.type': 'NodePort' }], [{ 'spec.type': REMOVED }]),
  'K8S-NET-004': cases(
    SERVICE,
    [
      { 'spec.type': 'LoadBalancer' },
      { 'spec.type': 'LoadBalancer', 'spec.load_balancer_source_ranges': ['0.0.0.0/0'] },
    ],
    [
      { 'spec.type': 'LoadBalancer', 'spec.load_balancer_source_ranges': ['203.0.113.0/24'] },
      {
        'spec.type': 'LoadBalancer',
        'metadata.annotations': { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal' },
      },
    ],
  ),
  'K8S-NET-005': cases(SERVICE, [{ 'spec.external_ips': ['203.0.113.7'] }]),
  'K8S-NET-006': cases(INGRESS, [{ 'spec.tls': REMOVED }]),
  'K8S-NET-007': cases(
    release(GATEWAY, REDIRECT),
    [
      release({ ...GATEWAY, spec: { listeners: GATEWAY.spec.listeners.slice(0, 1) } }, REDIRECT),
      release(GATEWAY, REDIRECT, route({ backendRefs: [{ name: 'server', port: 80 }] })),
      release(GATEWAY, route({ backendRefs: [{ name: 'server', port: 80 }] }, 'http')),
    ],
    [
      release(GATEWAY, REDIRECT, route({ backendRefs: [{ name: 'server', port: 80 }] }, 'https')),
      release({ ...GATEWAY, spec: { listeners: GATEWAY.spec.listeners.slice(1) } }),
    ],
  ),
  'K8S-NET-008': cases(
    { 'kubernetes_manifest.Tls': { manifest: TLS_POLICY } },
    [{ 'manifest.spec.tls.minVersion': '1.0' }],
    [{ 'manifest.spec.tls.minVersion': REMOVED }],
  ),
  'K8S-STORAGE-001': cases(
    STORAGE,
    [{ 'parameters.encrypted': 'false' }, { 'parameters.encrypted': REMOVED }],
    [{ storage_provisioner: 'disk.csi.azure.com', 'parameters.encrypted': REMOVED }],
  ),
};
