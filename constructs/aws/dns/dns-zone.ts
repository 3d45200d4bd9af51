import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone';
import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { ExternalDnsSettings, IDnsZone } from '../../contracts';
import { AwsAccount } from '../aws-account';
import type { PodIdentity } from '../pod-identity';
import type { IGrantee } from '../policy-document';
import { DnsQueryLogs } from './dns-query-logs';
import { DnsSigning } from './dns-signing';

export interface DnsZoneProps {
  /** `shop.example.com`, without a dot at its end. */
  readonly domainName: string;
  /**
   * Refuses a destroy: a new zone has other name servers, which the parent would have to be told.
   * @default true
   */
  readonly protection?: boolean;
  /**
   * Signs the zone by DNSSEC. Resolvers check it once the parent has the DS record of `signing.dsRecord`.
   * @default false
   */
  readonly dnssec?: boolean;
  /**
   * Days that the queries which resolvers send are kept.
   * @default - no query is kept
   */
  readonly queryLogRetentionDays?: number;
  /**
   * Who may issue certificates for names of the zone, by the domain that identifies it: `amazon.com`, `letsencrypt.org`.
   * @default - anybody
   */
  readonly certificateAuthorities?: readonly string[];
  /**
   * AWS provider of us-east-1, where Route 53 reads the signing key and writes the logs.
   * @default - the stack's own, which must then be of us-east-1
   */
  readonly usEast1?: TerraformProvider;
}

const DOMAIN_NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

/** A public zone of Route 53. It answers once its parent names `nameServers`. */
export class DnsZone extends Construct implements IDnsZone<PodIdentity> {
  readonly resource: Route53Zone;
  readonly domainName: string;
  readonly zoneId: string;
  /** The four that the parent zone has to name. */
  readonly nameServers: string[];
  readonly externalDns: ExternalDnsSettings;
  /** Absent without `dnssec`. */
  readonly signing?: DnsSigning;
  /** Absent without `queryLogRetentionDays`. */
  readonly queryLogs?: DnsQueryLogs;
  readonly grants = { write: (grantee: IGrantee) => this.grantWrite(grantee) };

  constructor(scope: Construct, id: string, props: DnsZoneProps) {
    super(scope, id);
    const { domainName, protection = true, dnssec = false, queryLogRetentionDays, usEast1 } = props;
    if (!DOMAIN_NAME.test(domainName)) {
      throw new ConfigError(
        `domainName is ${domainName}; it must be a domain in lowercase without a dot at its end, such as shop.example.com.`,
        this,
      );
    }
    this.domainName = domainName;
    this.resource = new Route53Zone(this, 'Resource', {
      name: domainName,
      comment: `Zone ${domainName}`,
      forceDestroy: !protection,
      lifecycle: { preventDestroy: protection },
    });
    this.zoneId = this.resource.zoneId;
    this.nameServers = this.resource.nameServers;
    this.externalDns = {
      provider: 'aws',
      args: { 'zone-id-filter': this.zoneId, 'aws-zone-type': 'public' },
      environment: { AWS_REGION: AwsAccount.of(this).region },
    };
    if (props.certificateAuthorities) this.addCertificateAuthorities(props.certificateAuthorities);
    if (dnssec) this.signing = new DnsSigning(this, 'Signing', { zone: this, protection, usEast1 });
    if (queryLogRetentionDays !== undefined) {
      const retentionDays = queryLogRetentionDays;
      this.queryLogs = new DnsQueryLogs(this, 'QueryLogs', { zone: this, retentionDays, protection, usEast1 });
    }
  }

  private addCertificateAuthorities(authorities: readonly string[]): void {
    new Route53Record(this, 'CertificateAuthorities', {
      zoneId: this.zoneId,
      name: this.domainName,
      type: 'CAA',
      ttl: 3600,
      records: authorities.map((authority) => `0 issue "${authority}"`),
    });
  }

  private grantWrite(grantee: IGrantee): void {
    grantee.addPolicy(`${this.node.id}Write`, [
      {
        Effect: 'Allow',
        Action: ['route53:ChangeResourceRecordSets', 'route53:ListResourceRecordSets', 'route53:ListTagsForResources'],
        Resource: this.resource.arn,
      },
      // Both list all zones of the account; neither takes a resource.
      { Effect: 'Allow', Action: ['route53:ListHostedZones', 'route53:ListHostedZonesByName'], Resource: '*' },
    ]);
  }
}
