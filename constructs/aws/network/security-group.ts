import { SecurityGroup as SecurityGroupResource } from '@cdktf/provider-aws/lib/security-group';
import { Construct } from 'constructs';
import { Connections, type IConnectable } from './connections';
import type { Network } from './network';

export interface SecurityGroupProps {
  readonly network: Pick<Network, 'vpc'>;
  readonly groupName: string;
  /** What is behind it, e.g. `The database`. Changing it makes a new group. */
  readonly description: string;
}

/**
 * A security group that lets nothing in and nothing out until its connections say so: the provider removes the rule that
 * lets everything out, which AWS gives each new group.
 */
export class SecurityGroup extends Construct implements IConnectable {
  readonly resource: SecurityGroupResource;
  readonly connections: Connections;

  constructor(scope: Construct, id: string, { network, groupName, description }: SecurityGroupProps) {
    super(scope, id);
    this.resource = new SecurityGroupResource(this, 'Resource', {
      name: groupName,
      description,
      vpcId: network.vpc.id,
      tags: { Name: groupName },
    });
    this.connections = new Connections(this, 'Connections', { groupName, securityGroupId: this.resource.id });
  }
}
