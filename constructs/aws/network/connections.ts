import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { Peer, type Port } from './peer';

/** Something in a VPC that connects, or is connected to. */
export interface IConnectable {
  readonly connections: Connections;
}

export interface ConnectionsProps {
  /** As sentences name it, e.g. `shop-prod-database`; of letters, digits and hyphens. */
  readonly groupName: string;
  readonly securityGroupId: string;
  /**
   * Where it may connect to: where rules say, or anywhere, as EKS lets its nodes; then no rule is added for it.
   * @default 'by-rule'
   */
  readonly outbound?: 'by-rule' | 'anywhere';
}

/** What AWS takes in a rule's description: at most 255 of these. Source: EC2 API reference, IpRange. */
const DESCRIPTION = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/;

/**
 * Who may connect to what is behind a security group, and where that may connect to: nobody and nowhere until
 * `allowFrom` and `allowTo` say so, each with its reason, which becomes the rule's description.
 */
export class Connections extends Construct implements IConnectable {
  readonly securityGroupId: string;
  readonly groupName: string;

  private readonly outbound: NonNullable<ConnectionsProps['outbound']>;

  constructor(scope: Construct, id: string, { groupName, securityGroupId, outbound = 'by-rule' }: ConnectionsProps) {
    super(scope, id);
    this.outbound = outbound;
    this.groupName = groupName;
    this.securityGroupId = securityGroupId;
  }

  /** Itself, so that a group of somebody else's can be named where something connectable is asked for. */
  get connections(): Connections {
    return this;
  }

  /**
   * Lets `from` connect to this on `port`. Of two that are connectable, each gets its half of it.
   *
   * @param reason why, in a sentence without its full stop: `The model server keeps experiments here`
   * @throws ConfigError when AWS does not take the reason as a description
   */
  allowFrom(from: IConnectable | Peer, port: Port, reason: string): void {
    this.addRule('From', from, port, reason);
    if (!Peer.isPeer(from)) from.connections.addRule('To', this, port, reason);
  }

  /** Lets this connect to `to` on `port`. The reason and errors are as in `allowFrom`. */
  allowTo(to: IConnectable | Peer, port: Port, reason: string): void {
    this.addRule('To', to, port, reason);
    if (!Peer.isPeer(to)) to.connections.addRule('From', this, port, reason);
  }

  private addRule(direction: 'From' | 'To', other: IConnectable | Peer, port: Port, reason: string): void {
    if (!DESCRIPTION.test(reason)) {
      throw new ConfigError(
        `the reason "${reason}" can't describe a rule; AWS takes 1 to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*`,
        this,
      );
    }
    if (direction === 'To' && this.outbound === 'anywhere') return;
    const peer = Peer.isPeer(other) ? other : Peer.securityGroup(other.connections);
    const Rule = direction === 'From' ? VpcSecurityGroupIngressRule : VpcSecurityGroupEgressRule;
    const name = `${peer.name} ${direction === 'From' ? 'to' : 'from'} ${this.groupName} on ${port.name}`;
    new Rule(this, `${direction}${peer.name}On${port.name}`.replace(/[^A-Za-z0-9]/g, '-'), {
      securityGroupId: this.securityGroupId,
      description: reason,
      ...peer.rule,
      ...port.rule,
      tags: { Name: name },
    });
  }
}
