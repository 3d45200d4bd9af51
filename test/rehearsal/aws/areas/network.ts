import { TerraformOutput } from 'cdktf';
import { ENDPOINT_SERVICES, Network, NODE_ENDPOINT_SERVICES, Port, SecurityGroup } from '../../../../constructs/aws';
import type { Area } from '../area';

export const area: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, { protection }) => {
    const network = new Network(stack, 'Network', {
      networkName: 'shop-prod',
      cidr: '10.66.0.0/16',
      zones: 3,
      nat: 'per-zone',
      interfaceEndpoints: ENDPOINT_SERVICES,
      flowLogKey: true,
      protection,
    });
    new Network(stack, 'Closed', {
      networkName: 'shop-prod-closed',
      cidr: '10.67.0.0/16',
      zones: 2,
      nat: 'none',
      interfaceEndpoints: NODE_ENDPOINT_SERVICES,
    });
    const group = (id: string, groupName: string, description: string) =>
      new SecurityGroup(stack, id, { network, groupName, description });
    const server = group('Server', 'shop-prod-server', 'The model server');
    const database = group('Database', 'shop-prod-database', 'The database');
    database.connections.allowFrom(server, Port.tcp(5432), 'The model server keeps experiments here');
    new TerraformOutput(stack, 'default_group_id', { value: network.vpc.defaultSecurityGroupId });
  },
};
