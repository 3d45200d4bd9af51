import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { TerraformStack } from 'cdktf';
import { AliasRecord, Certificate, type CertificateProps, DnsZone } from '../../../constructs/aws';
import { hclOf, named, onAws, rendered } from './fixtures';

const DOMAIN = 'shop.example.com';

function add(stack: TerraformStack, props: Partial<CertificateProps> = {}): Certificate {
  const zone = new DnsZone(stack, 'Zone', { domainName: DOMAIN });
  return new Certificate(stack, 'Certificate', {
    zone,
    domainNames: [DOMAIN, `*.${DOMAIN}`, `api.${DOMAIN}`],
    ...props,
  });
}
const certificate = (props: Partial<CertificateProps> = {}) => onAws((stack) => void add(stack, props));
const stack = certificate();

test('it is for all its names, and is there before the one that it replaces goes', () => {
  expect(stack.resource('aws_acm_certificate')).toMatchObject({
    domain_name: DOMAIN,
    subject_alternative_names: [`*.${DOMAIN}`, `api.${DOMAIN}`],
    validation_method: 'DNS',
    lifecycle: { create_before_destroy: true },
  });
});

test('a name and its wildcard are proved by one record, each other name by one of its own, found by the name', () => {
  const records = Object.values(stack.resources('aws_route53_record'));
  expect(records.map(({ name }) => /, "([^"]+)", "unproved"\)/.exec(name as string)?.[1])).toEqual([
    `api.${DOMAIN}`,
    DOMAIN,
  ]);
  for (const record of records) expect(record).toMatchObject({ type: 'CNAME', allow_overwrite: true });
});

test('what uses it waits until it is issued', () => {
  expect(stack.resource('aws_acm_certificate_validation').validation_record_fqdns).toHaveLength(2);
  expect(rendered((stack) => add(stack).certificateArn)).toMatch(
    /aws_acm_certificate_validation\.Certificate_Validation_.+\.certificate_arn/,
  );
});

test("for the edge it is made by us-east-1's provider, its proof by the stack's own", () => {
  const edge = onAws((stack) => {
    const usEast1 = new AwsProvider(stack, 'UsEast1', { alias: 'us-east-1', region: 'us-east-1' });
    add(stack, { placement: 'edge', usEast1 });
  });
  expect(edge.resource('aws_acm_certificate').provider).toBe('aws.us-east-1');
  expect(edge.resource('aws_acm_certificate_validation').provider).toBe('aws.us-east-1');
  expect(named(edge, 'aws_route53_record', 'Certificate_Proof')).not.toHaveProperty('provider');
});

test('fails when a name is not in the zone', () => {
  expect(() => certificate({ domainNames: ['shop.example.org'] })).toThrow(
    'domainNames has shop.example.org, which is not in the zone shop.example.com; allowed is shop.example.com or a name that ends by .shop.example.com.',
  );
});

describe('an alias record', () => {
  const target = { domainName: 'd111111abcdef8.cloudfront.net', zoneId: 'Z2FDTNDATAQYW2' };
  const alias = (recordName: string, ipv6?: boolean) =>
    onAws((stack) => {
      const zone = new DnsZone(stack, 'Zone', { domainName: DOMAIN });
      new AliasRecord(stack, 'Alias', { zone, recordName, target, ipv6 });
    });

  test('the HCL', async () => {
    expect(await hclOf(alias(DOMAIN), 'Alias')).toMatchSnapshot();
  });

  test('leads to its target by IPv4 and IPv6', () => {
    const records = Object.values(alias(DOMAIN).resources('aws_route53_record'));
    expect(records.map(({ type }) => type)).toEqual(['A', 'AAAA']);
    expect(records[0]?.alias).toEqual({
      name: target.domainName,
      zone_id: target.zoneId,
      evaluate_target_health: false,
    });
  });

  test('leads by IPv4 alone where the target has no IPv6', () => {
    expect(Object.values(alias(`api.${DOMAIN}`, false).resources('aws_route53_record'))).toMatchObject([{ type: 'A' }]);
  });

  test('fails when its name is not in the zone', () => {
    expect(() => alias('myshop.example.com')).toThrow('recordName is myshop.example.com, which is not in the zone');
  });
});

test('the HCL', async () => {
  const hcl = await stack.hcl();
  expect(hcl.slice(hcl.indexOf('resource "aws_acm_certificate"'))).toMatchSnapshot();
});
