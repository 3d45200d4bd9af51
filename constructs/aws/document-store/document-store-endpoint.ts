import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { PrivatelinkEndpoint } from '@cdktf/provider-mongodbatlas/lib/privatelink-endpoint';
import { PrivatelinkEndpointService } from '@cdktf/provider-mongodbatlas/lib/privatelink-endpoint-service';
import { Construct } from 'constructs';
import type { Connections, IConnectable } from '../network/connections';
import type { Network } from '../network/network';
import { SecurityGroup } from '../network/security-group';

interface DocumentStoreEndpointProps {
  readonly storeName: string;
  readonly projectId: string;
  /** As Atlas writes it: `US_EAST_1`. */
  readonly region: string;
  readonly network: Network;
}

/** Atlas in the network, by AWS PrivateLink: nothing goes over the internet, and Atlas can't connect to the network. */
export class DocumentStoreEndpoint extends Construct implements IConnectable {
  readonly resource: VpcEndpoint;
  readonly service: PrivatelinkEndpointService;
  readonly connections: Connections;

  constructor(scope: Construct, id: string, { storeName, projectId, region, network }: DocumentStoreEndpointProps) {
    super(scope, id);
    const { connections } = new SecurityGroup(this, 'SecurityGroup', {
      network,
      groupName: `${storeName}-atlas`,
      description: `The document store ${storeName}`,
    });
    this.connections = connections;
    const link = new PrivatelinkEndpoint(this, 'Link', { projectId, providerName: 'AWS', region });
    this.resource = new VpcEndpoint(this, 'Resource', {
      vpcId: network.vpc.id,
      vpcEndpointType: 'Interface',
      serviceName: link.endpointServiceName,
      subnetIds: network.isolatedSubnets.map((subnet) => subnet.id),
      securityGroupIds: [connections.securityGroupId],
      tags: { Name: `${storeName}-atlas` },
    });
    this.service = new PrivatelinkEndpointService(this, 'Service', {
      projectId,
      providerName: 'AWS',
      privateLinkId: link.privateLinkId,
      endpointServiceId: this.resource.id,
    });
  }
}
