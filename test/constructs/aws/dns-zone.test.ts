import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { DnsZone, type DnsZoneProps } from '../../../constructs/aws';
import { synthesizeConstructs } from '../../helpers/synth';
import { addCluster, named, onAws, rendered, statements } from './fixtures';

const DOMAIN = 'shop.example.com';
const zone = (props: Partial<DnsZoneProps> = {}) =>
  onAws((stack) => void new DnsZone(stack, 'Zone', { domainName: DOMAIN, ...props }));
const plain = zone();
const full = zone({
  dnssec: true,
  queryLogRetentionDays: 30,
  certificateAuthorities: ['amazon.com', 'letsencrypt.org'],
});

test('the zone refuses a destroy, and a destroy that is let through takes its records along', () => {
  expect(plain.resource('aws_route53_zone')).toMatchObject({
    name: DOMAIN,
    force_destroy: false,
    lifecycle: { prevent_destroy: true },
  });
  expect(zone({ protection: false }).resource('aws_route53_zone')).toMatchObject({ force_destroy: true });
});

test('by default it is the zone alone', () => {
  expect(plain.resourceTypes()).toEqual(['aws_route53_zone']);
});

test('the logical id of the zone is pinned', () => {
  expect(Object.keys(plain.resources('aws_route53_zone'))).toEqual(['Zone_A5DE4B68']);
});

test('who is granted a write changes records of this zone, and can only list the others', () => {
  const stack = onAws((stack) => {
    const cluster = addCluster(stack);
    const zone = new DnsZone(stack, 'Zone', { domainName: DOMAIN });
    zone.grants.write(
      cluster.addWorkloadIdentity('Dns', { namespace: 'external-dns', serviceAccountName: 'external-dns' }),
    );
  });
  const policy = named(stack, 'aws_iam_role_policy', 'Cluster_Dns_ZoneWrite').policy;
  expect(statements(policy)).toEqual([
    {
      Effect: 'Allow',
      Action: ['route53:ChangeResourceRecordSets', 'route53:ListResourceRecordSets', 'route53:ListTagsForResources'],
      Resource: expect.stringMatching(/^\$\{aws_route53_zone\.Zone_A5DE4B68\.arn\}$/),
    },
    { Effect: 'Allow', Action: ['route53:ListHostedZones', 'route53:ListHostedZonesByName'], Resource: '*' },
  ]);
});

test('external-dns is kept to the zone by its id', () => {
  expect(rendered((stack) => new DnsZone(stack, 'Zone', { domainName: DOMAIN }).externalDns)).toEqual({
    provider: 'aws',
    args: {
      'zone-id-filter': expect.stringContaining('aws_route53_zone.Zone_A5DE4B68.zone_id'),
      'aws-zone-type': 'public',
    },
    environment: { AWS_REGION: expect.stringContaining('data.aws_region') },
  });
});

test('only the named authorities may issue certificates', () => {
  expect(named(full, 'aws_route53_record', 'Zone_CertificateAuthorities')).toMatchObject({
    type: 'CAA',
    records: ['0 issue "amazon.com"', '0 issue "letsencrypt.org"'],
  });
});

describe('DNSSEC', () => {
  test('signs by a key of its own, of the kind that Route 53 asks for', () => {
    expect(named(full, 'aws_kms_key', 'Zone_Signing_Key')).toMatchObject({
      customer_master_key_spec: 'ECC_NIST_P256',
      key_usage: 'SIGN_VERIFY',
      lifecycle: { prevent_destroy: true },
    });
    expect(full.resource('aws_route53_hosted_zone_dnssec').depends_on).toEqual([
      expect.stringMatching(/^aws_route53_key_signing_key\./),
    ]);
  });

  test('lets Route 53 sign for this zone of this account, and hand the key to itself only', () => {
    const [, sign, grant] = statements(named(full, 'aws_kms_key', 'Zone_Signing_Key').policy);
    for (const statement of [sign, grant]) {
      expect(statement?.Principal).toEqual({ Service: 'dnssec-route53.amazonaws.com' });
      expect(statement?.Condition?.ArnEquals).toEqual({
        'aws:SourceArn': expect.stringContaining('aws_route53_zone.Zone_A5DE4B68.arn'),
      });
    }
    expect(sign?.Action).toEqual(['kms:DescribeKey', 'kms:GetPublicKey', 'kms:Sign']);
    expect(grant?.Condition?.Bool).toEqual({ 'kms:GrantIsForAWSResource': 'true' });
  });
});

test('queries are kept encrypted for the days asked for, written by Route 53 for this zone', () => {
  expect(full.resource('aws_cloudwatch_log_group')).toMatchObject({
    name: '/aws/route53/shop.example.com',
    retention_in_days: 30,
    kms_key_id: expect.stringContaining('aws_kms_key.Zone_QueryLogs_LogGroup_Key'),
  });
  const [statement] = statements(full.resource('aws_cloudwatch_log_resource_policy').policy_document);
  expect(statement).toMatchObject({
    Principal: { Service: 'route53.amazonaws.com' },
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Condition: { ArnLike: { 'aws:SourceArn': expect.stringContaining('aws_route53_zone.Zone_A5DE4B68.arn') } },
  });
});

describe('in a stack of another region', () => {
  const elsewhere = (dnssec: boolean, withProvider: boolean) =>
    synthesizeConstructs((stack) => {
      new AwsProvider(stack, 'Aws', { region: 'eu-central-1' });
      new KubernetesProvider(stack, 'Kubernetes');
      const usEast1 = withProvider
        ? new AwsProvider(stack, 'UsEast1', { alias: 'us-east-1', region: 'us-east-1' })
        : undefined;
      new DnsZone(stack, 'Zone', {
        domainName: DOMAIN,
        dnssec,
        queryLogRetentionDays: dnssec ? 30 : undefined,
        usEast1,
      });
    });

  test('key and log group are made by the provider of us-east-1', () => {
    const stack = elsewhere(true, true);
    for (const type of ['aws_cloudwatch_log_group', 'aws_cloudwatch_log_resource_policy']) {
      expect(stack.resource(type).provider).toBe('aws.us-east-1');
    }
    for (const key of Object.values(stack.resources('aws_kms_key'))) expect(key.provider).toBe('aws.us-east-1');
    expect(stack.resource('aws_route53_zone')).not.toHaveProperty('provider');
  });

  test('a zone alone needs none', () => {
    expect(elsewhere(false, false).resourceTypes()).toEqual(['aws_route53_zone']);
  });

  test('fails when the provider is missing', () => {
    expect(() => elsewhere(true, false)).toThrow(
      "usEast1 is missing and the stack's provider is of eu-central-1; this must be in us-east-1. Pass an AwsProvider with an alias and the region us-east-1.",
    );
  });
});

test.each(['shop.example.com.', 'Shop.example.com', 'example', '-shop.example.com', 'shop..com'])(
  'fails when the domain is %s',
  (domainName) => {
    expect(() => zone({ domainName })).toThrow(
      `domainName is ${domainName}; it must be a domain in lowercase without a dot at its end, such as shop.example.com.`,
    );
  },
);

test('the HCL', async () => {
  await expect(plain.hcl()).resolves.toMatchSnapshot();
});
