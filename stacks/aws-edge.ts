import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformOutput } from 'cdktf';
import { Certificate } from '../constructs/aws/dns/certificate';
import { DnsZone } from '../constructs/aws/dns/dns-zone';
import { EdgeDistribution } from '../constructs/aws/edge/edge-distribution';
import { EdgeModels } from '../constructs/aws/edge/edge-models';
import { EdgeOrigin } from '../constructs/aws/edge/edge-origin';
import { GeoRestriction } from '../constructs/aws/edge/geo-restriction';
import { WebAcl } from '../constructs/aws/edge/web-acl';
import { US_EAST_1 } from '../constructs/aws/us-east-1';
import type { AwsConfig } from '../src/config/aws-config';
import { hasPart } from '../src/config/aws-parts';
import type { AwsStack } from './aws-stack';

/** Days that the queries of a zone are kept. */
const QUERY_LOG_DAYS = 90;

/** The zone of the config's domain, and CloudFront in front of the gateway when the config has an edge. */
export function addDomain(
  stack: AwsStack,
  settings: AwsConfig,
  domain: NonNullable<AwsConfig['domain']>,
  gatewayHostname: string | undefined,
): DnsZone {
  const { region, edge, accountId } = settings;
  const { naming, protection, capacity, standardTags } = stack;
  const logsQueries = hasPart(settings, 'dnsQueryLogs');
  const usEast1 =
    region === US_EAST_1 || !(edge || domain.dnssec || logsQueries)
      ? undefined
      : new AwsProvider(stack, 'UsEast1', {
          alias: 'us_east_1',
          region: US_EAST_1,
          allowedAccountIds: [accountId],
          defaultTags: [{ tags: standardTags }],
        });
  const zone = new DnsZone(stack, 'Zone', {
    domainName: domain.name,
    dnssec: domain.dnssec,
    queryLogRetentionDays: logsQueries ? QUERY_LOG_DAYS : undefined,
    protection,
    usEast1,
  });
  const output = (name: string, value: unknown) => new TerraformOutput(stack, name, { value });
  output('name_servers', zone.nameServers);
  if (zone.signing) output('ds_record', zone.signing.dsRecord);
  if (!edge || gatewayHostname === undefined) return zone;
  const models = new EdgeModels(stack, 'EdgeModels', { modelsName: naming.prefix });
  const { hostnames, countries, refuseAnonymous, botControl } = edge;
  const distribution = new EdgeDistribution(stack, 'Edge', {
    distributionName: naming.prefix,
    api: EdgeOrigin.https({ domainName: gatewayHostname }),
    zone,
    certificate: new Certificate(stack, 'EdgeCertificate', {
      zone,
      domainNames: hostnames,
      placement: 'edge',
      usEast1,
    }),
    webAcl: new WebAcl(stack, 'WebAcl', {
      aclName: naming.prefix,
      placement: 'edge',
      capacity,
      refuseAnonymous,
      botControl,
      protection,
      usEast1,
    }),
    models,
    geoRestriction: countries && GeoRestriction.only(...countries),
    logBucketName: naming.name('edge-logs', accountId),
    protection,
    usEast1,
  });
  output('edge_url', distribution.url);
  output('edge_models_store_arn', models.storeArn);
  return zone;
}
