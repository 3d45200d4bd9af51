import { Lb } from '@cdktf/provider-aws/lib/lb';
import { LbListener } from '@cdktf/provider-aws/lib/lb-listener';
import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import {
  Certificate,
  cloudFrontPeer,
  DnsZone,
  EdgeDistribution,
  EdgeModels,
  EdgeOrigin,
  GeoRestriction,
  Network,
  Port,
  SecurityGroup,
  ServiceRole,
  WebAcl,
} from '../../../../constructs/aws';
import { CapacityPlan } from '../../../../src';
import type { Area } from '../area';

export const area: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, { protection }) => {
    const zone = new DnsZone(stack, 'Zone', {
      domainName: 'shop.example.com',
      protection,
      dnssec: true,
      queryLogRetentionDays: 30,
      certificateAuthorities: ['amazon.com', 'letsencrypt.org'],
    });
    const webAcl = (placement: 'edge' | 'region') =>
      new WebAcl(stack, placement === 'edge' ? 'EdgeAcl' : 'RegionAcl', {
        aclName: `shop-prod-${placement}`,
        placement,
        capacity: new CapacityPlan(),
        backendCidrs: ['203.0.113.0/24'],
        botControl: placement === 'edge',
        refuseAnonymous: true,
        protection,
      });
    const loadBalancer = addLoadBalancer(stack, zone);
    webAcl('region').protect(stack, 'Protected', loadBalancer.arn);

    const models = new EdgeModels(stack, 'Models', { modelsName: 'shop-prod' });
    // Who promotes: here a role of CodeBuild's, elsewhere the CI's.
    const promoter = new ServiceRole(stack, 'Promoter', {
      roleName: 'shop-prod-promoter',
      description: 'Promotes models',
      service: 'codebuild.amazonaws.com',
    });
    models.grants.update(promoter);
    zone.grants.write(promoter);
    new TerraformOutput(stack, 'zone_id', { value: zone.zoneId });
    new TerraformOutput(stack, 'store_arn', { value: models.storeArn });

    const distribution = new EdgeDistribution(stack, 'Edge', {
      distributionName: 'shop-prod',
      api: EdgeOrigin.vpc({ loadBalancerArn: loadBalancer.arn, domainName: 'origin.shop.example.com' }),
      zone,
      certificate: new Certificate(stack, 'Certificate', {
        zone,
        domainNames: ['shop.example.com', 'api.shop.example.com'],
        placement: 'edge',
      }),
      site: { bucketName: 'shop-prod-site' },
      models,
      webAcl: webAcl('edge'),
      logBucketName: 'shop-prod-edge-logs',
      hstsPreload: true,
      geoRestriction: GeoRestriction.only('DE', 'AT', 'CH'),
      protection,
    });
    new TerraformOutput(stack, 'distribution_id', { value: distribution.resource.id });
  },
};

/** As a controller in the cluster would make it. */
function addLoadBalancer(stack: Construct, zone: DnsZone): Lb {
  const network = new Network(stack, 'Network', { networkName: 'shop-prod', cidr: '10.66.0.0/16' });
  const group = new SecurityGroup(stack, 'Server', {
    network,
    groupName: 'shop-prod-server',
    description: 'The model server',
  });
  group.connections.allowFrom(cloudFrontPeer(stack), Port.tcp(443), 'CloudFront asks for what it has no answer to');
  const { certificateArn } = new Certificate(stack, 'OriginCertificate', {
    zone,
    domainNames: ['origin.shop.example.com'],
  });
  const loadBalancer = new Lb(stack, 'LoadBalancer', {
    name: 'shop-prod-server',
    internal: true,
    loadBalancerType: 'application',
    subnets: network.privateSubnets.map(({ id }) => id),
    securityGroups: [group.connections.securityGroupId],
  });
  new LbListener(stack, 'Listener', {
    loadBalancerArn: loadBalancer.arn,
    port: 443,
    protocol: 'HTTPS',
    sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
    certificateArn,
    defaultAction: [{ type: 'fixed-response', fixedResponse: { contentType: 'text/plain', statusCode: '404' } }],
  });
  return loadBalancer;
}
