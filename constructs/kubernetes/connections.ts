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

/** By which it is known in a tree that may have two copies of this library. */
const CONNECTIONS = Symbol.for('cdktf-recommender/Connections');

/** Where the cluster's DNS runs, on EKS and on AKS. */
const CLUSTER_DNS = NetworkPeer.pods('kube-system', { 'k8s-app': 'kube-dns' });
const DNS_PORTS: readonly NetworkPort[] = [{ port: 53, protocol: 'UDP' }, { port: 53 }];

/**
 * Who may connect to a workload, and where it may connect to, as one NetworkPolicy. Nobody and nowhere, but for names:
 * what else it needs is said by `allowFrom` and `allowTo`, with the reason, which the policy carries as annotations.
 */
export class Connections extends Construct {
  static isConnections(node: unknown): node is Connections {
    return typeof node === 'object' && node !== null && CONNECTIONS in node;
  }

  readonly policy: NetworkPolicyV1;
  /** Labels that select the workload's pods. */
  readonly podLabels: Record<string, string>;
  /** Name of the NetworkPolicy, known at synth. */
  readonly policyName: string;
  readonly namespaceName: string;
  private readonly rules: Rule[] = [];
  private tunnel: NetworkPort | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly settings: ConnectionsProps,
  ) {
    super(scope, id);
    this.podLabels = settings.podLabels;
    this.policyName = settings.name;
    this.namespaceName = settings.namespaceName;
    Object.defineProperty(this, CONNECTIONS, { value: true });
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

  /**
   * Says that what pods send each other comes through a mesh's tunnel, which has a port of its own whatever the port in
   * it is. What there is about addresses stays.
   */
  throughTunnel(port: NetworkPort): void {
    this.tunnel = port;
    this.refresh();
  }

  /** Pods that may connect to the workload, by their namespaces, and the ports. */
  get callers(): readonly { readonly namespaceName: string; readonly ports: readonly NetworkPort[] }[] {
    return this.rules.flatMap(({ direction, peer: { namespaceName }, ports }) =>
      direction === 'from' && namespaceName !== undefined ? [{ namespaceName, ports }] : [],
    );
  }

  private add(rule: Rule): void {
    this.rules.push(rule);
    this.refresh();
  }

  private refresh(): void {
    this.policy.putMetadata(this.metadata());
    this.policy.putSpec(this.spec());
  }

  private metadata() {
    const { name, namespaceName } = this.settings;
    const reasons = this.rules.map(({ direction, peer, ports, reason }) => {
      const numbers = ports.map(({ port, endPort, protocol = 'TCP' }) => {
        return `${endPort ? `${port}-${endPort}` : port}/${protocol}`;
      });
      return `${direction} ${peer.name} on ${numbers.join(', ')}: ${reason}.`;
    });
    return { name, namespace: namespaceName, annotations: { 'recommender/reasons': reasons.join('\n') } };
  }

  private spec() {
    const rules = (wanted: Rule['direction']) => this.rules.filter(({ direction }) => direction === wanted);
    const ports = (rule: Rule) => {
      const all = this.tunnel && rule.peer.namespaceName ? [...rule.ports, this.tunnel] : rule.ports;
      return all.map(({ port, endPort, protocol = 'TCP' }) => ({ port: `${port}`, endPort, protocol }));
    };
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
