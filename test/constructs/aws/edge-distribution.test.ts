import type { TerraformStack } from 'cdktf';
import {
  Certificate,
  cloudFrontPeer,
  DnsZone,
  EdgeDistribution,
  type EdgeDistributionProps,
  EdgeModels,
  EdgeOrigin,
  GeoRestriction,
  Network,
  Port,
  SecurityGroup,
  WebAcl,
} from '../../../constructs/aws';
import { CapacityPlan } from '../../../src';
import { named, onAws, statements } from './fixtures';

const DOMAIN = 'shop.example.com';
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const LOAD_BALANCER = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/shop/1';

interface Options extends Partial<EdgeDistributionProps> {
  readonly placement?: 'edge' | 'region';
}

function add(stack: TerraformStack, { placement = 'edge', ...props }: Options = {}): EdgeDistribution {
  const zone = new DnsZone(stack, 'Zone', { domainName: DOMAIN });
  return new EdgeDistribution(stack, 'Edge', {
    distributionName: 'shop-prod',
    api: EdgeOrigin.https({ domainName: `origin.${DOMAIN}` }),
    certificate: new Certificate(stack, 'Certificate', { zone, domainNames: [DOMAIN, `api.${DOMAIN}`], placement }),
    zone,
    logBucketName: 'shop-prod-edge-logs',
    ...props,
  });
}
const edge = (options?: Options) => onAws((stack) => void add(stack, options));
const plain = edge();
const distributionOf = (stack: typeof plain) => stack.resource('aws_cloudfront_distribution');
const withSite = edge({ site: { bucketName: 'shop-prod-site' } });

test('it speaks TLS 1.2 and up, and HTTP/3, under its own names only', () => {
  expect(distributionOf(plain)).toMatchObject({
    aliases: [DOMAIN, `api.${DOMAIN}`],
    http_version: 'http2and3',
    viewer_certificate: { minimum_protocol_version: 'TLSv1.2_2021', ssl_support_method: 'sni-only' },
    default_cache_behavior: { viewer_protocol_policy: 'https-only' },
  });
  const aliases = Object.values(plain.resources('aws_route53_record')).filter(({ alias }) => alias);
  expect(aliases.map(({ name, type }) => `${type} ${name}`).sort()).toEqual(
    [DOMAIN, `api.${DOMAIN}`].flatMap((name) => [`A ${name}`, `AAAA ${name}`]).sort(),
  );
});

describe('the cache', () => {
  test('keeps nothing of the API, and hands on what callers authenticate by', () => {
    expect(distributionOf(plain).default_cache_behavior).toMatchObject({
      target_origin_id: 'api',
      cache_policy_id: CACHING_DISABLED,
      origin_request_policy_id: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
    });
  });

  test('keeps similar items for a minute, of each caller that may ask for them', () => {
    expect(distributionOf(plain).ordered_cache_behavior).toMatchObject([
      { path_pattern: '/v1/items/*/similar', cache_policy_id: expect.stringContaining('Edge_CachePolicy') },
    ]);
    expect(plain.resource('aws_cloudfront_cache_policy')).toMatchObject({
      // The server says no-store, so that only a least time keeps anything.
      min_ttl: 60,
      max_ttl: 60,
      parameters_in_cache_key_and_forwarded_to_origin: {
        headers_config: { headers: { items: ['Authorization', 'x-api-key'] } },
        query_strings_config: { query_strings: { items: ['limit', 'exclude'] } },
        cookies_config: { cookie_behavior: 'none' },
      },
    });
  });

  test('asks again at once after an error', () => {
    expect(distributionOf(plain).custom_error_response).toEqual(
      [404, 500, 502, 503, 504].map((error_code) => ({ error_code, error_caching_min_ttl: 0 })),
    );
  });

  test('keeps files for long, and leaves the API as it is beside them', () => {
    expect(distributionOf(withSite)).toMatchObject({
      default_root_object: 'index.html',
      default_cache_behavior: { target_origin_id: 'site', cache_policy_id: '658327ea-f89d-4fab-a63d-7e88639e58f6' },
      ordered_cache_behavior: [
        { path_pattern: '/v1/items/*/similar', target_origin_id: 'api' },
        { path_pattern: '/v1/*', target_origin_id: 'api', cache_policy_id: CACHING_DISABLED },
        { path_pattern: '/v2/*', target_origin_id: 'api', cache_policy_id: CACHING_DISABLED },
      ],
    });
  });
});

test('every answer leaves with the security headers, whatever the origin said', () => {
  const headers = named(withSite, 'aws_cloudfront_response_headers_policy', 'Edge_ApiHeaders');
  expect(headers.security_headers_config).toEqual({
    strict_transport_security: {
      access_control_max_age_sec: 63072000,
      include_subdomains: true,
      preload: false,
      override: true,
    },
    content_type_options: { override: true },
    frame_options: { frame_option: 'DENY', override: true },
    referrer_policy: { referrer_policy: 'no-referrer', override: true },
    content_security_policy: {
      content_security_policy: "default-src 'none'; frame-ancestors 'none'",
      override: true,
    },
  });
  const site = named(withSite, 'aws_cloudfront_response_headers_policy', 'Edge_SiteHeaders');
  expect(site.security_headers_config).toMatchObject({
    content_security_policy: { content_security_policy: expect.stringContaining("default-src 'self'") },
  });
});

test('it is on the lists of browsers only where that is asked for', () => {
  const policies = Object.values(edge({ hstsPreload: true }).resources('aws_cloudfront_response_headers_policy'));
  expect(policies.map(({ security_headers_config }) => security_headers_config)).toMatchObject([
    { strict_transport_security: { preload: true } },
  ]);
});

describe('an origin', () => {
  test('with a public address is asked over TLS 1.2 only, without a secret in a header', () => {
    expect(distributionOf(plain).origin).toEqual([
      {
        origin_id: 'api',
        domain_name: `origin.${DOMAIN}`,
        connection_attempts: 2,
        connection_timeout: 3,
        custom_origin_config: expect.objectContaining({
          origin_protocol_policy: 'https-only',
          origin_ssl_protocols: ['TLSv1.2'],
        }),
      },
    ]);
  });

  test('without a public address is reached by an interface in its VPC', () => {
    const stack = edge({ api: EdgeOrigin.vpc({ loadBalancerArn: LOAD_BALANCER, domainName: `origin.${DOMAIN}` }) });
    expect(stack.resource('aws_cloudfront_vpc_origin').vpc_origin_endpoint_config).toEqual([
      expect.objectContaining({ arn: LOAD_BALANCER, origin_protocol_policy: 'https-only' }),
    ]);
    expect(distributionOf(stack).origin).toMatchObject([
      { vpc_origin_config: { vpc_origin_id: expect.stringContaining('aws_cloudfront_vpc_origin.Edge_VpcOrigin') } },
    ]);
  });

  test("lets CloudFront's addresses in by their list", () => {
    const stack = onAws((stack) => {
      const network = new Network(stack, 'Network', { networkName: 'shop-prod', cidr: '10.66.0.0/16' });
      const group = new SecurityGroup(stack, 'Group', { network, groupName: 'shop-prod', description: 'Balancer' });
      group.connections.allowFrom(cloudFrontPeer(stack), Port.tcp(443), 'CloudFront asks');
    });
    expect(stack.dataSources('aws_ec2_managed_prefix_list')).toMatchObject({
      CloudFrontAddresses: { name: 'com.amazonaws.global.cloudfront.origin-facing' },
    });
    expect(stack.resource('aws_vpc_security_group_ingress_rule').prefix_list_id).toMatch(/CloudFrontAddresses\.id/);
  });

  test('of files is read by this distribution alone, which signs what it asks for', () => {
    const [, read] = statements(named(withSite, 'aws_s3_bucket_policy', 'Edge_Site_Bucket_Policy').policy);
    expect(read).toMatchObject({
      Principal: { Service: 'cloudfront.amazonaws.com' },
      Action: 's3:GetObject',
      Condition: {
        StringEquals: { 'aws:SourceArn': expect.stringMatching(/aws_cloudfront_distribution\.Edge_.+\.arn/) },
      },
    });
    expect(withSite.resource('aws_cloudfront_origin_access_control')).toMatchObject({ signing_behavior: 'always' });
  });

  test('of files can be brought back for a week, and keeps each until it is overwritten or deleted', () => {
    expect(named(withSite, 'aws_s3_bucket_versioning', 'Edge_Site_Bucket_Versioning')).toMatchObject({
      versioning_configuration: { status: 'Enabled' },
    });
    const { rule } = named(withSite, 'aws_s3_bucket_lifecycle_configuration', 'Edge_Site_Bucket_Lifecycle');
    expect(rule).toMatchObject([
      { noncurrent_version_expiration: [{ noncurrent_days: 7 }] },
      { abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }] },
    ]);
  });
});

describe('access logs', () => {
  test('go to a bucket of their own, encrypted by a key of their own, for 90 days', () => {
    expect(named(plain, 'aws_s3_bucket', 'Edge_AccessLogs_Bucket')).toMatchObject({
      bucket: 'shop-prod-edge-logs',
      lifecycle: { prevent_destroy: true },
    });
    expect(plain.resource('aws_s3_bucket_lifecycle_configuration').rule).toMatchObject([
      { expiration: [{ days: 90 }] },
      { noncurrent_version_expiration: [{ noncurrent_days: 7 }] },
      { abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }] },
    ]);
    expect(plain.resource('aws_cloudwatch_log_delivery_source')).toMatchObject({
      log_type: 'ACCESS_LOGS',
      resource_arn: expect.stringContaining('aws_cloudfront_distribution.Edge_'),
    });
  });

  test('are written by the delivery of this account only', () => {
    const [, write] = statements(plain.resource('aws_s3_bucket_policy').policy);
    expect(write).toMatchObject({
      Principal: { Service: 'delivery.logs.amazonaws.com' },
      Action: 's3:PutObject',
      Condition: {
        StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceAccount': expect.anything() },
      },
    });
  });
});

test('it serves North America and Europe by default, and every country', () => {
  expect(distributionOf(plain)).toMatchObject({
    price_class: 'PriceClass_100',
    restrictions: { geo_restriction: { restriction_type: 'none' } },
  });
  expect(distributionOf(edge({ geoRestriction: GeoRestriction.only('DE', 'AT') })).restrictions).toEqual({
    geo_restriction: { restriction_type: 'whitelist', locations: ['DE', 'AT'] },
  });
  expect(distributionOf(edge({ geoRestriction: GeoRestriction.except('US') })).restrictions).toMatchObject({
    geo_restriction: { restriction_type: 'blacklist' },
  });
});

test('the function of edge models is asked about similar items and by visitors, and about nothing else', () => {
  const stack = onAws((stack) => {
    add(stack, { models: new EdgeModels(stack, 'Models', { modelsName: 'shop-prod', visitor: 'guest' }) });
  });
  const { ordered_cache_behavior: ordered, default_cache_behavior: rest } = distributionOf(stack);
  const associated = [{ event_type: 'viewer-request', function_arn: expect.stringContaining('Models') }];
  expect(ordered).toMatchObject([
    { path_pattern: '/v1/items/*/similar', function_association: associated },
    { path_pattern: '/v1/users/guest/recommendations', function_association: associated },
  ]);
  expect(rest).not.toHaveProperty('function_association');
});

test('a web ACL of the edge stands in front of it', () => {
  const stack = onAws((stack) => {
    const webAcl = new WebAcl(stack, 'Acl', { aclName: 'shop', placement: 'edge', capacity: new CapacityPlan() });
    add(stack, { webAcl });
  });
  expect(distributionOf(stack).web_acl_id).toMatch(/aws_wafv2_web_acl\.Acl_.+\.arn/);
});

describe('fails', () => {
  test('on a certificate or web ACL of a region', () => {
    expect(() => edge({ placement: 'region' })).toThrow(
      "certificate has placement 'region'; CloudFront takes those with placement 'edge' only.",
    );
    const regional = (stack: TerraformStack) =>
      new WebAcl(stack, 'Acl', { aclName: 'shop', placement: 'region', capacity: new CapacityPlan() });
    expect(() => onAws((stack) => void add(stack, { webAcl: regional(stack) }))).toThrow(
      "webAcl has placement 'region'",
    );
  });

  test('on a cache that keeps nothing', () => {
    expect(() => edge({ similarItemsSeconds: 0 })).toThrow(
      'similarItemsSeconds is 0; it must be a whole number of seconds from 1.',
    );
  });

  test('on a country that is none', () => {
    expect(() => GeoRestriction.only('DE', 'Austria')).toThrow(
      'geoRestriction has Austria; a country is two capital letters, such as DE.',
    );
  });
});

test('the HCL of the distribution', async () => {
  const hcl = await plain.hcl();
  const start = hcl.indexOf('resource "aws_cloudfront_distribution"');
  expect(hcl.slice(start, hcl.indexOf('\n}', start) + 2)).toMatchSnapshot();
});
