import { Lb } from '@cdktf/provider-aws/lib/lb';
import { LbListener } from '@cdktf/provider-aws/lib/lb-listener';
import { ApiGateway, Certificate, DnsZone, Network, PrivateBackend, SecurityGroup } from '../../../../constructs/aws';
import { CapacityPlan } from '../../../../src';
import type { Area } from '../area';

export const area: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, { protection }) => {
    const zone = new DnsZone(stack, 'Zone', {
      domainName: 'shop.example.com',
      dnssec: true,
      queryLogRetentionDays: 30,
      protection,
    });
    const network = new Network(stack, 'Network', { networkName: 'shop-prod', cidr: '10.66.0.0/16' });
    const balanced = { network, groupName: 'shop-prod-server', description: 'The model server' };
    const group = new SecurityGroup(stack, 'Server', balanced);
    const loadBalancer = new Lb(stack, 'LoadBalancer', {
      name: 'shop-prod-server',
      internal: true,
      loadBalancerType: 'application',
      subnets: network.privateSubnets.map(({ id }) => id),
      securityGroups: [group.connections.securityGroupId],
    });
    const certificate = (id: string, domainName: string) =>
      new Certificate(stack, id, { zone, domainNames: [domainName] });
    const listener = new LbListener(stack, 'Listener', {
      loadBalancerArn: loadBalancer.arn,
      port: 443,
      protocol: 'HTTPS',
      sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      certificateArn: certificate('OriginCertificate', 'origin.shop.example.com').certificateArn,
      defaultAction: [{ type: 'fixed-response', fixedResponse: { contentType: 'text/plain', statusCode: '404' } }],
    });
    new ApiGateway(stack, 'Api', {
      apiName: 'shop-prod',
      backend: new PrivateBackend({
        network,
        listenerArn: listener.arn,
        serverName: 'origin.shop.example.com',
        loadBalancer: group,
      }),
      tokens: { issuer: 'https://login.shop.example.com', audiences: ['recommender'] },
      capacity: new CapacityPlan(),
      domain: {
        certificate: certificate('Certificate', 'api.shop.example.com'),
        zone,
        callerAuthorities: { truststoreUri: 's3://shop-prod-authorities/callers.pem' },
      },
      corsOrigins: ['https://shop.example.com'],
      protection,
    });
  },
};
