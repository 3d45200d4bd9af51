import type { Connections } from './connections';

/** By which it is known in a tree that may have two copies of this library. */
const PEER = Symbol.for('cdktf-recommender/aws/Peer');

/** The other end of a connection in a VPC. */
export class Peer {
  static isPeer(value: unknown): value is Peer {
    return typeof value === 'object' && value !== null && PEER in value;
  }

  /** What is behind a security group. */
  static securityGroup({ groupName, securityGroupId }: Connections): Peer {
    return new Peer(groupName, { referencedSecurityGroupId: securityGroupId });
  }

  /** Addresses: `10.0.0.0/16`. */
  static addresses(cidrIpv4: string): Peer {
    return new Peer(cidrIpv4, { cidrIpv4 });
  }

  /** Addresses that AWS or somebody else lists, e.g. CloudFront's: `pl-3b927c52`. */
  static prefixList(name: string, prefixListId: string): Peer {
    return new Peer(name, { prefixListId });
  }

  /** Any address, for services whose addresses nobody can list. */
  static anywhere(): Peer {
    return new Peer('anywhere', { cidrIpv4: '0.0.0.0/0' });
  }

  private constructor(
    /** As sentences name it. */
    readonly name: string,
    /** As a rule has it. */
    readonly rule: {
      readonly referencedSecurityGroupId?: string;
      readonly cidrIpv4?: string;
      readonly prefixListId?: string;
    },
  ) {
    Object.defineProperty(this, PEER, { value: true });
  }
}

/** A port, or several, of one protocol. */
export class Port {
  static tcp(port: number): Port {
    return new Port(`${port}`, { ipProtocol: 'tcp', fromPort: port, toPort: port });
  }

  static tcpRange(first: number, last: number): Port {
    return new Port(`${first}-${last}`, { ipProtocol: 'tcp', fromPort: first, toPort: last });
  }

  private constructor(
    /** As sentences name it. */
    readonly name: string,
    /** As a rule has it. */
    readonly rule: { readonly ipProtocol: string; readonly fromPort: number; readonly toPort: number },
  ) {}
}
