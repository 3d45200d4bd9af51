import { ENDPOINT_SERVICES, NODE_ENDPOINT_SERVICES } from '../../../constructs/aws';
import { emulatedRequest } from './emulated-request';
import { rehearsedArea } from './rehearsed-area';

describe('the network with every option on', () => {
  const plans: string[] = [];
  const { real } = rehearsedArea('network', {
    afterDeploy: async ({ moto, outputs, plan, deploy }) => {
      const opened = {
        Action: 'AuthorizeSecurityGroupIngress',
        Version: '2016-11-15',
        GroupId: outputs.default_group_id,
        'IpPermissions.1.IpProtocol': 'tcp',
        'IpPermissions.1.FromPort': '22',
        'IpPermissions.1.ToPort': '22',
        'IpPermissions.1.IpRanges.1.CidrIp': '0.0.0.0/0',
      };
      await emulatedRequest(moto.endpoint, { service: 'ec2', body: opened });
      plans.push(await plan());
      await deploy();
      plans.push(await plan());
    },
  });

  it('is closed again by a deploy after somebody opened its default security group by hand', () => {
    expect(plans[0]).toMatch(/aws_default_security_group\.Network_DefaultSecurityGroup_\w+ will be updated in-place/);
    expect(plans[0]).toMatch(/- +"0\.0\.0\.0\/0"/);
    expect(plans[1]).toBe('');
  });

  it('has three zones, a NAT gateway in each, beside a network of two zones without any', () => {
    expect(real().created).toMatchObject({ aws_subnet: 9 + 6, aws_nat_gateway: 3, aws_eip: 3, aws_route: 1 + 3 + 1 });
  });

  it('has every interface endpoint that there is, and in each network the gateway endpoints', () => {
    const endpoints = ENDPOINT_SERVICES.length + NODE_ENDPOINT_SERVICES.length + 2 * 2;
    expect(real().created).toMatchObject({ aws_vpc_endpoint: endpoints, aws_security_group: 2 + 2 });
  });
});
