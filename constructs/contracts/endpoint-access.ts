import { ConfigError } from '../../src/errors';

/** Who may reach the cluster's API server. Every cluster asks for it; there is no open default. */
export class EndpointAccess {
  /**
   * Reachable from the internet, for the given IPv4 ranges only, and from inside the network.
   *
   * @param cidrs the ranges of people and CI runners, e.g. `['203.0.113.0/24']`; `0.0.0.0/0` is refused
   */
  static public(options: { readonly cidrs: readonly string[] }): EndpointAccess {
    if (options.cidrs.length === 0) {
      throw new ConfigError(
        'EndpointAccess.public has no cidrs; name the ranges that may reach the API server, or use EndpointAccess.private().',
      );
    }
    const open = options.cidrs.find((cidr) => cidr.endsWith('/0'));
    if (open) {
      throw new ConfigError(
        `EndpointAccess.public has ${open}, which is everybody; name the ranges your people and runners come from.`,
      );
    }
    return new EndpointAccess(options.cidrs);
  }

  /**
   * Reachable from inside the network only. `cdktf deploy` then has to run inside it: on a self-hosted runner in the
   * VPC or VNet, or through a VPN. With a runner elsewhere, the cluster is made but its contents can't be.
   */
  static private(): EndpointAccess {
    return new EndpointAccess([]);
  }

  private constructor(
    /** IPv4 ranges that may reach the endpoint from the internet; empty when it is private. */
    readonly publicCidrs: readonly string[],
  ) {}

  get isPublic(): boolean {
    return this.publicCidrs.length > 0;
  }
}
