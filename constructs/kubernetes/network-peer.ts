import type { NetworkPolicyV1SpecIngressFrom } from '@cdktf/provider-kubernetes/lib/network-policy-v1';
import type { NetworkLocation } from '../contracts';

/** Label that Kubernetes itself puts on every namespace, with its name. */
const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** A port by number, or by the name that the pods which listen on it have for it. */
export interface NetworkPort {
  readonly port: number | string;
  /**
   * The last of several ports, of which `port` is the first.
   * @default - `port` only
   */
  readonly endPort?: number;
  /** @default 'TCP' */
  readonly protocol?: 'TCP' | 'UDP';
}

/** The other end of a connection: who may reach a workload, or whom it may reach. */
export class NetworkPeer {
  /** Every pod of a namespace. */
  static namespace(namespaceName: string): NetworkPeer {
    const selector = { namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: namespaceName } } };
    return new NetworkPeer(`namespace ${namespaceName}`, selector, namespaceName);
  }

  /** Pods of a namespace that have all of these labels. */
  static pods(namespaceName: string, labels: Record<string, string>): NetworkPeer {
    const selected = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
    const selector = {
      namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: namespaceName } },
      podSelector: { matchLabels: labels },
    };
    return new NetworkPeer(`pods ${selected.join(',')} in ${namespaceName}`, selector, namespaceName);
  }

  /** Addresses outside the cluster: `10.0.0.0/16`. */
  static addresses(cidr: string): NetworkPeer {
    return new NetworkPeer(cidr, { ipBlock: { cidr } });
  }

  /** Any address, for services whose addresses nobody can list. */
  static anywhere(): NetworkPeer {
    return new NetworkPeer('anywhere', { ipBlock: { cidr: '0.0.0.0/0' } });
  }

  /** Where a service of ours, or of a cloud, listens. */
  static at(location: NetworkLocation): NetworkPeer {
    return 'cidr' in location
      ? NetworkPeer.addresses(location.cidr)
      : NetworkPeer.pods(location.namespaceName, location.podLabels);
  }

  private constructor(
    /** As sentences name it. */
    readonly name: string,
    /** As a NetworkPolicy has it. */
    readonly selector: NetworkPolicyV1SpecIngressFrom,
    /** Of pods; addresses have none. */
    readonly namespaceName?: string,
  ) {}
}
