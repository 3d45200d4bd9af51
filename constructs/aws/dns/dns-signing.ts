import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { Route53HostedZoneDnssec } from '@cdktf/provider-aws/lib/route53-hosted-zone-dnssec';
import { Route53KeySigningKey } from '@cdktf/provider-aws/lib/route53-key-signing-key';
import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { AwsAccount } from '../aws-account';
import { policyDocument } from '../policy-document';
import { inUsEast1 } from '../us-east-1';

export interface DnsSigningProps {
  readonly zone: { readonly zoneId: string; readonly domainName: string; readonly resource: { readonly arn: string } };
  /** Refuses a destroy of the key. */
  readonly protection: boolean;
  readonly usEast1?: TerraformProvider;
}

/** DNSSEC of a zone: its key signing key in KMS, and the signing itself. $1 a month, and $0.15 for 10,000 signatures. */
export class DnsSigning extends Construct {
  readonly resource: Route53HostedZoneDnssec;
  readonly key: KmsKey;
  readonly keySigningKey: Route53KeySigningKey;
  /** What the parent zone needs as its DS record, once. Before a destroy it has to be gone there for two days. */
  readonly dsRecord: string;

  constructor(scope: Construct, id: string, { zone, protection, usEast1 }: DnsSigningProps) {
    super(scope, id);
    this.key = this.addKey(zone, protection, inUsEast1(this, usEast1));
    this.keySigningKey = new Route53KeySigningKey(this, 'KeySigningKey', {
      hostedZoneId: zone.zoneId,
      keyManagementServiceArn: this.key.arn,
      // Route 53 takes letters, digits and underscores here.
      name: 'key_signing_key',
    });
    this.dsRecord = this.keySigningKey.dsRecord;
    this.resource = new Route53HostedZoneDnssec(this, 'Resource', {
      // The zone's id by its key, because signing begins after there is one.
      hostedZoneId: this.keySigningKey.hostedZoneId,
      dependsOn: [this.keySigningKey],
    });
  }

  /** Of the kind that Route 53 asks for, which KMS can't rotate by itself. */
  private addKey({ domainName, resource }: DnsSigningProps['zone'], protection: boolean, provider?: TerraformProvider) {
    const account = AwsAccount.of(this);
    const service = { Service: 'dnssec-route53.amazonaws.com' };
    const ofThisZone = { 'aws:SourceAccount': account.accountId };
    return new KmsKey(this, 'Key', {
      description: `DNSSEC of the zone ${domainName}`,
      customerMasterKeySpec: 'ECC_NIST_P256',
      keyUsage: 'SIGN_VERIFY',
      deletionWindowInDays: 30,
      policy: policyDocument(
        {
          Sid: 'IamPoliciesOfThisAccount',
          Effect: 'Allow',
          Principal: { AWS: account.iamArn('root') },
          // In a key policy the only resource is the key itself; kms:* leaves the decision to the account's IAM.
          Action: 'kms:*',
          Resource: '*',
        },
        {
          Sid: 'SignThisZone',
          Effect: 'Allow',
          Principal: service,
          Action: ['kms:DescribeKey', 'kms:GetPublicKey', 'kms:Sign'],
          // In a key policy the only resource is the key itself.
          Resource: '*',
          Condition: { StringEquals: ofThisZone, ArnEquals: { 'aws:SourceArn': resource.arn } },
        },
        {
          Sid: 'LetRoute53SignForItself',
          Effect: 'Allow',
          Principal: service,
          Action: 'kms:CreateGrant',
          // In a key policy the only resource is the key itself.
          Resource: '*',
          Condition: {
            StringEquals: ofThisZone,
            ArnEquals: { 'aws:SourceArn': resource.arn },
            Bool: { 'kms:GrantIsForAWSResource': 'true' },
          },
        },
      ),
      lifecycle: { preventDestroy: protection },
      provider,
    });
  }
}
