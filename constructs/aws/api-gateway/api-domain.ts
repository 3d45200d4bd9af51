import { Apigatewayv2ApiMapping } from '@cdktf/provider-aws/lib/apigatewayv2-api-mapping';
import { Apigatewayv2DomainName } from '@cdktf/provider-aws/lib/apigatewayv2-domain-name';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { AliasRecord } from '../dns/alias-record';
import type { Certificate } from '../dns/certificate';
import type { DnsZone } from '../dns/dns-zone';

/** A name of one's own for an API. */
export interface ApiDomainName {
  /** For the name, with `placement: 'region'`; its first name is the API's. */
  readonly certificate: Certificate;
  /** Where the name is. */
  readonly zone: DnsZone;
  /**
   * Certificates of callers are asked for, and checked against the authorities in this file: `s3://bucket/authorities.pem`.
   * @default - a token alone says who calls
   */
  readonly callerAuthorities?: { readonly truststoreUri: string; readonly truststoreVersion?: string };
}

export interface ApiDomainProps extends ApiDomainName {
  readonly apiId: string;
  readonly stageName: string;
}

/** The name that an API answers to, over TLS 1.2 and up. */
export class ApiDomain extends Construct {
  readonly resource: Apigatewayv2DomainName;
  readonly domainName: string;

  constructor(scope: Construct, id: string, props: ApiDomainProps) {
    super(scope, id);
    const { certificate, zone, callerAuthorities, apiId, stageName } = props;
    if (certificate.placement !== 'region') {
      throw new ConfigError(
        "domain.certificate has placement 'edge'; API Gateway takes those with placement 'region', in the API's region.",
        this,
      );
    }
    this.domainName = certificate.domainNames[0] as string;
    this.resource = new Apigatewayv2DomainName(this, 'Resource', {
      domainName: this.domainName,
      domainNameConfiguration: {
        certificateArn: certificate.certificateArn,
        endpointType: 'REGIONAL',
        securityPolicy: 'TLS_1_2',
      },
      mutualTlsAuthentication: callerAuthorities,
    });
    new Apigatewayv2ApiMapping(this, 'Mapping', { apiId, domainName: this.resource.id, stage: stageName });
    const { targetDomainName: domainName, hostedZoneId: zoneId } = this.resource.domainNameConfiguration;
    new AliasRecord(this, 'Alias', { zone, recordName: this.domainName, target: { domainName, zoneId }, ipv6: false });
  }
}
