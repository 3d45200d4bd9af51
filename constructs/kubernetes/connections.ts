import { NetworkPolicyV1 } from '@cdktf/provider-kubernetes/lib/network-policy-v1';
import { Construct } from 'constructs';
import { NetworkPeer, type NetworkPort } from './network-peer';

export interface ConnectionsProps {
  /** Name of the NetworkPolicy: the workload's. */
  readonly name: string;
  readonly namespaceName: string;
  /** Labels that select the workload's pods. */
  readonly podLabels: Record<string, string>;
}

interface Rule {
  readonly direction: 'from' | 'to';
  readonly peer: NetworkPeer;
  readonly ports: readonly NetworkPort[];
  readonly reason: string;
}

/** Where the cluster's DNS runs, on EKS and on AKS. */
const CLUSTER_DNS = NetworkPeer.pods('kube-system', { 'k8s-app': 'kube-dns' });
const DNS_PORTS: readonly NetworkPort[] = [{ port: 53, protocol: 'UDP' }, { port: 53 }];

/**
 * Who may connect to a workload, and where it may connect to, as one NetworkPolicy. Nobody and nowhere, but for names:
 * what else it needs is said by `allowFrom` and `allowTo`, with the reason, which the policy carries as annotations.
 */
export class Connections extends Construct {
  readonly policy: NetworkPolicyV1;
  private readonly rules: Rule[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly settings: ConnectionsProps,
  ) {
    super(scope, id);
    this.policy = new NetworkPolicyV1(this, 'Resource', { metadata: this.metadata(), spec: this.spec() });
    this.allowTo(CLUSTER_DNS, DNS_PORTS, 'It looks names up');
  }

  /**
   * Lets `peer` connect to the workload.
   *
   * @param reason why, in a sentence without its full stop: `Prometheus scrapes its metrics`
   */
  allowFrom(peer: NetworkPeer, ports: readonly NetworkPort[], reason: string): void {
    this.add({ direction: 'from', peer, ports, reason });
  }

  /** Lets the workload connect to `peer`. The reason is as in `allowFrom`. */
  allowTo(peer: NetworkPeer, ports: readonly NetworkPort[], reason: string): void {
    this.add({ direction: 'to', peer, ports, reason });
  }

  private add(rule: Rule): void {
    this.rules.push(rule);
    this.policy.putMetadata(this.metadata());
    this.policy.putSpec(this.spec());
  }

  private metadata() {
    const { name, namespaceName } = this.settings;
    const reasons = this.rules.map(({ direction, peer, ports, reason }) => {
      const numbers = ports.map(({ port, protocol = 'TCP' }) => `${port}/${protocol}`);
      return `${direction} ${peer.name} on ${numbers.join(', ')}: ${reason}.`;
    });
    return { name, namespace: namespaceName, annotations: { 'recommender/reasons': reasons.join('\n') } };
  }

  private spec() {
    const rules = (wanted: Rule['direction']) => this.rules.filter(({ direction }) => direction === wanted);
    const ports = (rule: Rule) => rule.ports.map(({ port, protocol = 'TCP' }) => ({ port: `${port}`, protocol }));
    const ingress = rules('from').map((rule) => ({ from: [rule.peer.selector], ports: ports(rule) }));
    const egress = rules('to').map((rule) => ({ to: [rule.peer.selector], ports: ports(rule) }));
    return {
      podSelector: { matchLabels: this.settings.podLabels },
      policyTypes: ['Ingress', 'Egress'],
      // Absent, not empty: both deny all, and that is how the API server has it.
      ...(ingress.length > 0 && { ingress }),
      ...(egress.length > 0 && { egress }),
    };
  }
}
