import { ACCOUNT, type Corpus, cases, KEY, REMOVED } from './corpus';

const HTTPS = {
  load_balancer_arn: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/shop/1',
  port: 443,
  protocol: 'HTTPS',
  ssl_policy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
  certificate_arn: 'arn:aws:acm:us-east-1:111122223333:certificate/1',
  default_action: [
    { type: 'forward', target_group_arn: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/1' },
  ],
};
const REDIRECT = { type: 'redirect', redirect: { port: '443', protocol: 'HTTPS', status_code: 'HTTP_301' } };
const LISTENER = { 'aws_lb_listener.Https': HTTPS };
const BALANCER = {
  'aws_lb.Gateway': {
    name: 'shop',
    load_balancer_type: 'application',
    internal: true,
    drop_invalid_header_fields: true,
    enable_deletion_protection: true,
    subnets: ['subnet-1', 'subnet-2'],
  },
};
const DISTRIBUTION = {
  'aws_cloudfront_distribution.Edge': {
    enabled: true,
    web_acl_id: `arn:aws:wafv2:us-east-1:${ACCOUNT}:global/webacl/shop/1`,
    origin: [
      {
        origin_id: 'api',
        domain_name: 'origin.shop.example',
        custom_origin_config: {
          http_port: 80,
          https_port: 443,
          origin_protocol_policy: 'https-only',
          origin_ssl_protocols: ['TLSv1.2'],
        },
      },
    ],
    default_cache_behavior: {
      target_origin_id: 'api',
      viewer_protocol_policy: 'redirect-to-https',
      allowed_methods: ['GET', 'HEAD'],
      cached_methods: ['GET', 'HEAD'],
    },
    ordered_cache_behavior: [
      {
        path_pattern: '/v1/*',
        target_origin_id: 'api',
        viewer_protocol_policy: 'https-only',
        allowed_methods: ['GET', 'HEAD'],
        cached_methods: ['GET', 'HEAD'],
      },
    ],
    restrictions: { geo_restriction: { restriction_type: 'none' } },
    viewer_certificate: {
      acm_certificate_arn: `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/1`,
      minimum_protocol_version: 'TLSv1.2_2021',
      ssl_support_method: 'sni-only',
    },
  },
};
const ACL = {
  'aws_wafv2_web_acl.Acl': {
    name: 'shop',
    scope: 'REGIONAL',
    default_action: { allow: {} },
    rule: [
      {
        name: 'known-bad-inputs',
        priority: 0,
        override_action: { none: {} },
        statement: {
          managed_rule_group_statement: { name: 'AWSManagedRulesKnownBadInputsRuleSet', vendor_name: 'AWS' },
        },
        visibility_config: { cloudwatch_metrics_enabled: true, metric_name: 'bad', sampled_requests_enabled: true },
      },
    ],
    visibility_config: { cloudwatch_metrics_enabled: true, metric_name: 'shop', sampled_requests_enabled: true },
  },
  'aws_wafv2_web_acl_logging_configuration.Acl': {
    resource_arn: `\${aws_wafv2_web_acl.Acl.arn}`,
    log_destination_configs: [`arn:aws:logs:us-east-1:${ACCOUNT}:log-group:aws-waf-logs-shop`],
  },
};
const TRAIL = {
  'aws_cloudtrail.Trail': {
    name: 'shop',
    s3_bucket_name: 'shop-trail',
    is_multi_region_trail: true,
    kms_key_id: KEY,
    enable_log_file_validation: true,
  },
};

export const AWS_EDGE: Corpus = {
  'AWS-ELB-001': cases(
    LISTENER,
    [{ protocol: 'HTTP', port: 80, ssl_policy: REMOVED, certificate_arn: REMOVED }],
    [
      { protocol: 'HTTP', port: 80, ssl_policy: REMOVED, certificate_arn: REMOVED, default_action: [REDIRECT] },
      { protocol: 'TCP', ssl_policy: REMOVED, certificate_arn: REMOVED },
    ],
  ),
  'AWS-ELB-002': cases(
    LISTENER,
    [
      { ssl_policy: 'ELBSecurityPolicy-2016-08' },
      { ssl_policy: 'ELBSecurityPolicy-TLS-1-0-2015-04' },
      { ssl_policy: REMOVED },
      { protocol: 'TLS', ssl_policy: 'ELBSecurityPolicy-TLS-1-1-2017-01' },
    ],
    [
      { ssl_policy: 'ELBSecurityPolicy-TLS-1-2-Ext-2018-06' },
      { ssl_policy: 'ELBSecurityPolicy-FS-1-2-Res-2020-10' },
      { ssl_policy: 'ELBSecurityPolicy-TLS13-1-3-2021-06' },
    ],
  ),
  'AWS-ELB-003': cases(
    BALANCER,
    [
      { drop_invalid_header_fields: false },
      { drop_invalid_header_fields: REMOVED },
      { drop_invalid_header_fields: REMOVED, load_balancer_type: REMOVED },
    ],
    [{ drop_invalid_header_fields: REMOVED, load_balancer_type: 'network' }],
  ),
  'AWS-CLOUDFRONT-001': cases(DISTRIBUTION, [
    { 'default_cache_behavior.viewer_protocol_policy': 'allow-all' },
    { 'ordered_cache_behavior.0.viewer_protocol_policy': 'allow-all' },
  ]),
  'AWS-CLOUDFRONT-002': cases(
    DISTRIBUTION,
    [
      { 'viewer_certificate.minimum_protocol_version': 'TLSv1_2016' },
      { 'viewer_certificate.minimum_protocol_version': REMOVED },
      { viewer_certificate: { cloudfront_default_certificate: true } },
    ],
    [{ 'viewer_certificate.minimum_protocol_version': 'TLSv1.2_2019' }],
  ),
  'AWS-CLOUDFRONT-003': cases(DISTRIBUTION, [{ web_acl_id: REMOVED }]),
  'AWS-CLOUDFRONT-004': cases(DISTRIBUTION, [
    { 'origin.0.custom_origin_config.origin_protocol_policy': 'match-viewer' },
    { 'origin.0.custom_origin_config.origin_protocol_policy': 'http-only' },
  ]),
  'AWS-API-001': cases(
    { 'aws_apigatewayv2_route.Route': { api_id: 'a1', route_key: 'GET /', authorization_type: 'JWT' } },
    [{ authorization_type: 'NONE' }, { authorization_type: REMOVED }],
    [{ authorization_type: 'AWS_IAM' }],
  ),
  'AWS-API-002': cases(
    {
      'aws_apigatewayv2_stage.Stage': {
        api_id: 'a1',
        name: 'v1',
        access_log_settings: { destination_arn: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:api`, format: '{}' },
      },
    },
    [{ access_log_settings: REMOVED }],
  ),
  'AWS-API-003': cases(
    {
      'aws_apigatewayv2_domain_name.Domain': {
        domain_name: 'api.shop.example',
        domain_name_configuration: {
          certificate_arn: `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/1`,
          endpoint_type: 'REGIONAL',
          security_policy: 'TLS_1_2',
        },
      },
    },
    [
      { 'domain_name_configuration.security_policy': 'TLS_1_0' },
      { 'aws_api_gateway_domain_name.Domain': { domain_name: 'old.shop.example', security_policy: 'TLS_1_0' } },
    ],
    [{ 'aws_api_gateway_domain_name.Domain': { domain_name: 'old.shop.example', security_policy: 'TLS_1_2' } }],
  ),
  'AWS-WAF-001': cases(ACL, [{ 'aws_wafv2_web_acl_logging_configuration.Acl': REMOVED }]),
  'AWS-WAF-002': cases(ACL, [{ rule: REMOVED }]),
  'AWS-TRAIL-001': cases(TRAIL, [{ is_multi_region_trail: false }, { is_multi_region_trail: REMOVED }]),
  'AWS-TRAIL-002': cases(TRAIL, [{ kms_key_id: REMOVED }]),
  'AWS-TRAIL-003': cases(TRAIL, [{ enable_log_file_validation: false }, { enable_log_file_validation: REMOVED }]),
  'AWS-TRAIL-004': cases(TRAIL, [{ enable_logging: false }], [{ enable_logging: true }]),
  'AWS-LOGS-001': cases(
    { 'aws_cloudwatch_log_group.Logs': { name: '/shop', retention_in_days: 365, kms_key_id: KEY } },
    [{ retention_in_days: REMOVED }],
  ),
};
