import { type Block, isUnknown } from '../block';
import { firstOf, found, given, oneOf } from '../checks';
import { kubernetes } from '../references';
import type { Problem, SecurityRule } from '../rule';
import type { Subject } from '../subject';

const ROLES = ['Role', 'ClusterRole'];
const BINDINGS = ['RoleBinding', 'ClusterRoleBinding'];
const RBAC = kubernetes('concepts/security/rbac-good-practices/');
const NETWORK_POLICIES = kubernetes('concepts/services-networking/network-policies/');

export const KUBERNETES_CLUSTER: readonly SecurityRule[] = [
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
      const verb = rule.list('verbs').find((one) => /^(bind|escalate|impersonate)$/.test(String(one)));
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
      rule.list('verbs').some((verb) => /^(get|list|watch)$/.test(String(verb)))
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
      const into = rule.list('resources').find((one) => /^pods\/(exec|attach|ephemeralcontainers)$/.test(String(one)));
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
        /^system:(anonymous|unauthenticated|authenticated|serviceaccounts)$/.test(String(subject.get('name')))
          ? `it is bound to ${subject.get('name')}`
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
      return isUnknown(level) || /^(privileged|baseline|restricted)$/.test(String(level))
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
    id: 'K8S-NET-001',
    title: 'What is let in is let in from somewhere',
    severity: 'medium',
    reason: 'A rule without from lets every pod of the cluster in, and whatever else reaches it.',
    fix: 'Name the pods, namespaces or networks under from.',
    reference: NETWORK_POLICIES,
    appliesTo: ['NetworkPolicy'],
    check: (policy) =>
      firstOf(policy.all('spec.ingress'), (rule) =>
        rule.has('from')
          ? firstOf(rule.all('from'), (from) =>
              /^(0\.0\.0\.0|::)\/0$/.test(String(from.get('ipBlock.cidr')))
                ? found('ipBlock.cidr', from.get('ipBlock.cidr'))
                : undefined,
            )
          : 'ingress has no from',
      ),
  },
  {
    id: 'K8S-NET-002',
    title: 'Nothing goes out to everywhere on every port',
    severity: 'medium',
    reason: 'An intruder carries data out, and fetches programs, by any port.',
    fix: 'Name the ports, or the networks.',
    reference: NETWORK_POLICIES,
    appliesTo: ['NetworkPolicy'],
    check: (policy) =>
      firstOf(policy.all('spec.egress'), (rule) => {
        const everywhere =
          !rule.has('to') || rule.all('to').some((to) => /^(0\.0\.0\.0|::)\/0$/.test(String(to.get('ipBlock.cidr'))));
        return everywhere && !rule.has('ports') ? 'egress goes everywhere on every port' : undefined;
      }),
  },
  {
    id: 'K8S-NET-003',
    title: 'A Service has no port on every node',
    severity: 'medium',
    reason: 'It is reached past gateways and their authentication, from wherever the nodes are.',
    fix: 'Leave type at ClusterIP, and serve by a gateway.',
    reference: kubernetes('concepts/services-networking/service/'),
    appliesTo: ['Service'],
    check: (service) => (service.get('spec.type') === 'NodePort' ? 'spec.type is "NodePort"' : undefined),
  },
  {
    id: 'K8S-NET-004',
    title: "A load balancer's Service says who may come",
    severity: 'high',
    reason: 'A load balancer without ranges of sources is open to the internet, and to what has no TLS.',
    fix: 'Set loadBalancerSourceRanges, or annotate it as internal.',
    reference: kubernetes('concepts/services-networking/service/'),
    appliesTo: ['Service'],
    check: (service) => {
      if (service.get('spec.type') !== 'LoadBalancer' || isInternal(service)) return undefined;
      const ranges = service.list('spec.loadBalancerSourceRanges');
      return ranges.length > 0 && !ranges.includes('0.0.0.0/0')
        ? undefined
        : found('spec.loadBalancerSourceRanges', service.get('spec.loadBalancerSourceRanges'));
    },
  },
  {
    id: 'K8S-NET-005',
    title: 'A Service takes no addresses of others',
    severity: 'high',
    reason: 'Whoever sets externalIPs gets what other pods send to that address (CVE-2020-8554).',
    fix: 'Leave externalIPs out.',
    reference: kubernetes('concepts/services-networking/service/#external-ips'),
    appliesTo: ['Service'],
    check: (service) =>
      service.has('spec.externalIPs') ? found('spec.externalIPs', service.get('spec.externalIPs')) : undefined,
  },
  {
    id: 'K8S-NET-006',
    title: 'An Ingress has TLS',
    severity: 'high',
    reason: 'What is sent over plain HTTP is read and changed on the way.',
    fix: 'Set spec.tls.',
    reference: kubernetes('concepts/services-networking/ingress/#tls'),
    appliesTo: ['Ingress'],
    check: given('spec.tls'),
  },
  {
    id: 'K8S-NET-007',
    title: 'A gateway serves by TLS',
    severity: 'high',
    reason: 'What is sent over plain HTTP is read and changed on the way.',
    fix: 'Add a listener of HTTPS, and on that of HTTP a route that redirects to it.',
    reference: 'https://gateway-api.sigs.k8s.io/guides/http-redirect-rewrite/',
    appliesTo: ['Gateway'],
    check: gatewayHasTls,
  },
  {
    id: 'K8S-NET-008',
    title: 'A gateway takes TLS 1.2 and above',
    severity: 'medium',
    reason: 'TLS 1.0 and 1.1 are broken.',
    fix: 'Set spec.tls.minVersion to 1.2.',
    reference: 'https://gateway.envoyproxy.io/docs/api/extension_types/#clienttlssettings',
    appliesTo: ['ClientTrafficPolicy'],
    check: oneOf('spec.tls.minVersion', ['1.2', '1.3', 1.2, 1.3], '1.2'),
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

/** Annotations by which the clouds' controllers keep a load balancer inside. */
function isInternal(service: Subject): boolean {
  const annotations = (service.get('metadata.annotations') ?? {}) as Record<string, unknown>;
  return (
    annotations['service.beta.kubernetes.io/aws-load-balancer-scheme'] === 'internal' ||
    String(annotations['service.beta.kubernetes.io/aws-load-balancer-internal']) === 'true' ||
    String(annotations['service.beta.kubernetes.io/azure-load-balancer-internal']) === 'true'
  );
}

function gatewayHasTls(gateway: Subject): Problem {
  const listeners = gateway.all('spec.listeners');
  const open = listeners.find((listener) => listener.get('protocol') === 'HTTP');
  if (!open) return undefined;
  if (!listeners.some((listener) => /^(HTTPS|TLS)$/.test(String(listener.get('protocol'))))) {
    return 'it has no listener of HTTPS';
  }
  const serves = gateway
    .ofType('HTTPRoute')
    .find(
      (route) =>
        route.all('spec.parentRefs').some((parent) => isOf(parent, gateway, open)) &&
        !route
          .all('spec.rules')
          .every((rule) => rule.all('filters').some((filter) => filter.get('requestRedirect.scheme') === 'https')),
    );
  return serves && `route ${serves.get('metadata.name')} serves by the listener of HTTP`;
}

/** Whether a route is attached to a listener; one that names none is attached to all. */
function isOf(parent: Block, gateway: Subject, listener: Block): boolean {
  const section = parent.get('sectionName');
  return (
    parent.get('name') === gateway.get('metadata.name') && (section === undefined || section === listener.get('name'))
  );
}
