import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { DnsZone } from './dns-zone';

export interface AliasRecordProps {
  readonly zone: Pick<DnsZone, 'domainName' | 'zoneId'>;
  /** Name in the zone, the zone's own too: `api.shop.example.com`. */
  readonly recordName: string;
  /** Of AWS: a distribution, a load balancer, a domain name of API Gateway. */
  readonly target: { readonly domainName: string; readonly zoneId: string };
  /**
   * Whether the target has IPv6 addresses too.
   * @default true
   */
  readonly ipv6?: boolean;
}

/** A name of the zone that leads to something of AWS. Route 53 charges nothing for its queries. */
export class AliasRecord extends Construct {
  readonly resource: Route53Record;
  /** Absent without `ipv6`. */
  readonly ipv6Resource?: Route53Record;

  constructor(scope: Construct, id: string, { zone, recordName, target, ipv6 = true }: AliasRecordProps) {
    super(scope, id);
    if (recordName !== zone.domainName && !recordName.endsWith(`.${zone.domainName}`)) {
      throw new ConfigError(
        `recordName is ${recordName}, which is not in the zone ${zone.domainName}; allowed is ${zone.domainName} or a name that ends by .${zone.domainName}.`,
        this,
      );
    }
    const record = (recordId: string, type: 'A' | 'AAAA') =>
      new Route53Record(this, recordId, {
        zoneId: zone.zoneId,
        name: recordName,
        type,
        alias: { name: target.domainName, zoneId: target.zoneId, evaluateTargetHealth: false },
      });
    this.resource = record('Resource', 'A');
    if (ipv6) this.ipv6Resource = record('Ipv6', 'AAAA');
  }
}
