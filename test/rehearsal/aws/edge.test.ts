import { rehearsedArea } from './rehearsed-area';

describe('DNS, certificates, web ACLs and CloudFront with every option on', () => {
  const { real } = rehearsedArea('edge', { minutes: 20 });

  it('has a distribution with its policies, function and store, and two web ACLs', () => {
    expect(real().created).toMatchObject({
      aws_cloudfront_distribution: 1,
      aws_cloudfront_function: 1,
      aws_cloudfront_key_value_store: 1,
      aws_cloudfront_vpc_origin: 1,
      aws_cloudfront_response_headers_policy: 2,
      aws_wafv2_web_acl: 2,
      aws_route53_hosted_zone_dnssec: 1,
      aws_acm_certificate_validation: 2,
    });
  });
});
