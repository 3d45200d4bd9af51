import { type Block, textOf } from '../block';
import { firstOf, found, given, oneOf } from '../checks';
import { kubernetes } from '../references';
import type { Problem, SecurityRule } from '../rule';
import type { Subject } from '../subject';

const NETWORK_POLICIES = kubernetes('concepts/services-networking/network-policies/');

export const KUBERNETES_NETWORK: readonly SecurityRule[] = [
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
              /^(0\.0\.0\.0|::)\/0$/.test(from.text('ipBlock.cidr'))
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
          !rule.has('to') || rule.all('to').some((to) => /^(0\.0\.0\.0|::)\/0$/.test(to.text('ipBlock.cidr')));
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
];

/** Annotations by which the clouds' controllers keep a load balancer inside. */
function isInternal(service: Subject): boolean {
  const annotations = (service.get('metadata.annotations') ?? {}) as Record<string, unknown>;
  return (
    annotations['service.beta.kubernetes.io/aws-load-balancer-scheme'] === 'internal' ||
    textOf(annotations['service.beta.kubernetes.io/aws-load-balancer-internal']) === 'true' ||
    textOf(annotations['service.beta.kubernetes.io/azure-load-balancer-internal']) === 'true'
  );
}

function gatewayHasTls(gateway: Subject): Problem {
  const listeners = gateway.all('spec.listeners');
  const open = listeners.find((listener) => listener.get('protocol') === 'HTTP');
  if (!open) return undefined;
  if (!listeners.some((listener) => /^(HTTPS|TLS)$/.test(listener.text('protocol')))) {
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
  return serves && `route ${serves.text('metadata.name')} serves by the listener of HTTP`;
}

/** Whether a route is attached to a listener; one that names none is attached to all. */
function isOf(parent: Block, gateway: Subject, listener: Block): boolean {
  const section = parent.get('sectionName');
  return (
    parent.get('name') === gateway.get('metadata.name') && (section === undefined || section === listener.get('name'))
  );
}
