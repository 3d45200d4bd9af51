import type { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { Construct } from 'constructs';
import { AwsAccount } from '../aws-account';
import type { EndpointService } from './endpoint-services';
import type { Network } from './network';
import { Peer, Port } from './peer';
import { SecurityGroup } from './security-group';

export interface InterfaceEndpointsProps {
  readonly networkName: string;
  readonly network: Pick<Network, 'vpc'>;
  /** Address range of the VPC. */
  readonly cidr: string;
  readonly subnets: readonly Subnet[];
  readonly services: readonly EndpointService[];
}

/** Services of AWS at addresses of the VPC, which their usual names lead to; only the VPC reaches them. */
export class InterfaceEndpoints extends Construct {
  readonly securityGroup: SecurityGroup;
  readonly endpoints: ReadonlyMap<EndpointService, VpcEndpoint>;

  constructor(scope: Construct, id: string, props: InterfaceEndpointsProps) {
    super(scope, id);
    const { networkName, network, cidr, subnets, services } = props;
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      network,
      groupName: `${networkName}-endpoints`,
      description: 'Services of AWS in the VPC',
    });
    const reason = 'What is in the VPC asks services of AWS';
    this.securityGroup.connections.allowFrom(Peer.addresses(cidr), Port.tcp(443), reason);
    this.endpoints = new Map(
      services.map((service) => [
        service,
        new VpcEndpoint(this, pascalCase(service), {
          vpcId: network.vpc.id,
          serviceName: `com.amazonaws.${AwsAccount.of(this).region}.${service}`,
          vpcEndpointType: 'Interface',
          privateDnsEnabled: true,
          subnetIds: subnets.map(({ id: subnetId }) => subnetId),
          securityGroupIds: [this.securityGroup.resource.id],
          tags: { Name: `${networkName}-${service}` },
        }),
      ]),
    );
  }
}

/** `ecr.api` becomes `EcrApi`, as logical ids are. */
function pascalCase(service: EndpointService): string {
  return service.replace(/(?:^|[.-])([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
