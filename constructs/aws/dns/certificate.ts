import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate';
import { AcmCertificateValidation } from '@cdktf/provider-aws/lib/acm-certificate-validation';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Fn, TerraformIterator, type TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { inUsEast1 } from '../us-east-1';
import type { DnsZone } from './dns-zone';

export interface CertificateProps {
  /** Where ACM looks for the proof that the names are ours. */
  readonly zone: Pick<DnsZone, 'domainName' | 'zoneId'>;
  /** Names it is for, in the zone: `api.shop.example.com`, `*.shop.example.com`. */
  readonly domainNames: readonly [string, ...string[]];
  /**
   * Who uses it: CloudFront takes certificates of us-east-1 only, everything else those of its own region.
   * @default 'region'
   */
  readonly placement?: 'region' | 'edge';
  /**
   * AWS provider of us-east-1, for `placement: 'edge'`.
   * @default - the stack's own, which must then be of us-east-1
   */
  readonly usEast1?: TerraformProvider;
}

/** A public certificate of ACM, proved by records of the zone, which ACM renews for as long as these are there. Free. */
export class Certificate extends Construct {
  readonly resource: AcmCertificate;
  readonly domainNames: readonly string[];
  readonly placement: 'region' | 'edge';
  /** Of the certificate that was issued: what uses it waits for that. */
  readonly certificateArn: string;

  constructor(scope: Construct, id: string, { zone, domainNames, placement = 'region', usEast1 }: CertificateProps) {
    super(scope, id);
    for (const name of domainNames) this.checkInZone(name, zone.domainName);
    this.domainNames = domainNames;
    this.placement = placement;
    const provider = placement === 'edge' ? inUsEast1(this, usEast1) : undefined;
    const [domainName, ...subjectAlternativeNames] = domainNames;
    this.resource = new AcmCertificate(this, 'Resource', {
      domainName,
      subjectAlternativeNames: subjectAlternativeNames.length > 0 ? subjectAlternativeNames : undefined,
      validationMethod: 'DNS',
      // What uses the old one takes the new one first.
      lifecycle: { createBeforeDestroy: true },
      provider,
    });
    this.certificateArn = this.addValidation(zone, provider).certificateArn;
  }

  private addValidation({ zoneId }: Pick<DnsZone, 'zoneId'>, provider?: TerraformProvider): AcmCertificateValidation {
    // A name and its wildcard are proved by one and the same record.
    const proved = [...new Set(this.domainNames.map((name) => name.replace(/^\*\./, '')))];
    const options = TerraformIterator.fromList(this.resource.domainValidationOptions);
    const all = (field: string) => options.forExpressionForList(`val.${field}`) as unknown as string[];
    const records = proved.map((name, index) => {
      const asked = this.domainNames.includes(name) ? name : `*.${name}`;
      // By name, because the options are a set: a position in it would move when a name is added. ACM answers one for
      // each name; the default is for a provider that makes its answers up.
      const option = (field: string) => Fn.lookup(Fn.zipmap(all('domain_name'), all(field)), asked, 'unproved');
      return new Route53Record(this, index === 0 ? 'Proof' : `Proof${index + 1}`, {
        zoneId,
        name: option('resource_record_name'),
        type: 'CNAME',
        records: [option('resource_record_value')],
        ttl: 300,
        // Another certificate for the name has the same proof.
        allowOverwrite: true,
      });
    });
    return new AcmCertificateValidation(this, 'Validation', {
      certificateArn: this.resource.arn,
      validationRecordFqdns: records.map(({ fqdn }) => fqdn),
      provider,
    });
  }

  private checkInZone(name: string, zone: string): void {
    if (name === zone || name.endsWith(`.${zone}`)) return;
    throw new ConfigError(
      `domainNames has ${name}, which is not in the zone ${zone}; allowed is ${zone} or a name that ends by .${zone}.`,
      this,
    );
  }
}
