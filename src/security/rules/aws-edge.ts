import { textOf } from '../block';
import { each, firstOf, found, given, on, oneOf } from '../checks';
import { securityHub } from '../references';
import type { SecurityRule } from '../rule';
import type { Subject } from '../subject';

const LISTENER = ['aws_lb_listener', 'aws_alb_listener'];
const BALANCER = ['aws_lb', 'aws_alb'];
const DISTRIBUTION = ['aws_cloudfront_distribution'];
/** Policies of TLS 1.2 and above: all that AWS names after it, and those with forward secrecy of 2019 and 2020. */
const TLS_1_2 = /^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)/;

export const AWS_EDGE: readonly SecurityRule[] = [
  {
    id: 'AWS-ELB-001',
    title: 'A listener takes TLS, or leads there',
    severity: 'high',
    reason: 'What is sent over plain HTTP is read and changed on the way.',
    fix: 'Set protocol to HTTPS with a certificate, or redirect to it.',
    reference: securityHub('elb', 1),
    checkov: 'CKV_AWS_2',
    appliesTo: LISTENER,
    check: (listener) =>
      listener.get('protocol') === 'HTTP' && !leadsToHttps(listener)
        ? 'protocol is "HTTP" without a redirect to HTTPS'
        : undefined,
  },
  {
    id: 'AWS-ELB-002',
    title: 'A listener takes TLS 1.2 and above',
    severity: 'medium',
    reason: 'TLS 1.0 and 1.1 are broken, and the default policy takes them.',
    fix: 'Set ssl_policy to ELBSecurityPolicy-TLS13-1-2-2021-06.',
    reference: securityHub('elb', 17),
    checkov: 'CKV_AWS_103',
    appliesTo: LISTENER,
    check: (listener) => {
      if (!/^(HTTPS|TLS)$/.test(listener.text('protocol')) || listener.isUnknown('ssl_policy')) return undefined;
      const policy = listener.get('ssl_policy');
      return TLS_1_2.test(textOf(policy)) ? undefined : found('ssl_policy', policy);
    },
  },
  {
    id: 'AWS-ELB-003',
    title: 'A load balancer drops malformed headers',
    severity: 'medium',
    reason: 'Requests are smuggled past it in headers that it and the server read differently.',
    fix: 'Set drop_invalid_header_fields to true.',
    reference: securityHub('elb', 4),
    checkov: 'CKV_AWS_131',
    appliesTo: BALANCER,
    check: (balancer) =>
      balancer.isUnknown('load_balancer_type') || /^(network|gateway)$/.test(balancer.text('load_balancer_type'))
        ? undefined
        : on('drop_invalid_header_fields')(balancer),
  },
  {
    id: 'AWS-CLOUDFRONT-001',
    title: 'Visitors come by HTTPS',
    severity: 'high',
    reason: 'What is sent over plain HTTP is read and changed on the way.',
    fix: 'Set viewer_protocol_policy to redirect-to-https or https-only.',
    reference: securityHub('cloudfront', 3),
    checkov: 'CKV_AWS_34',
    appliesTo: DISTRIBUTION,
    check: (distribution) =>
      firstOf(['default_cache_behavior', 'ordered_cache_behavior'], (behavior) =>
        each(behavior, oneOf('viewer_protocol_policy', ['redirect-to-https', 'https-only']))(distribution),
      ),
  },
  {
    id: 'AWS-CLOUDFRONT-002',
    title: 'Visitors come by TLS 1.2 and above',
    severity: 'medium',
    reason: "CloudFront's own certificate takes TLS 1.0, which is broken.",
    fix: 'Set viewer_certificate.minimum_protocol_version to TLSv1.2_2021.',
    reference: securityHub('cloudfront', 15),
    checkov: 'CKV_AWS_174',
    appliesTo: DISTRIBUTION,
    check: (distribution) => {
      const version = distribution.get('viewer_certificate.minimum_protocol_version');
      return distribution.isUnknown('viewer_certificate.minimum_protocol_version') ||
        /^TLSv1\.[23]/.test(textOf(version))
        ? undefined
        : found('viewer_certificate.minimum_protocol_version', version);
    },
  },
  {
    id: 'AWS-CLOUDFRONT-003',
    title: 'A web ACL filters what visitors send',
    severity: 'medium',
    reason: 'Floods and known attacks reach the servers and are paid for.',
    fix: 'Set web_acl_id to an aws_wafv2_web_acl.',
    reference: securityHub('cloudfront', 6),
    checkov: 'CKV_AWS_68',
    appliesTo: DISTRIBUTION,
    check: given('web_acl_id'),
  },
  {
    id: 'AWS-CLOUDFRONT-004',
    title: 'Origins are reached by HTTPS',
    severity: 'high',
    reason: 'Between CloudFront and an origin that has no TLS, requests cross the internet in the open.',
    fix: 'Set custom_origin_config.origin_protocol_policy to https-only.',
    reference: securityHub('cloudfront', 9),
    appliesTo: DISTRIBUTION,
    check: each('origin', (origin) =>
      origin.has('custom_origin_config')
        ? oneOf('custom_origin_config.origin_protocol_policy', ['https-only'])(origin)
        : undefined,
    ),
  },
  {
    id: 'AWS-API-001',
    title: 'A route says who may call it',
    severity: 'high',
    reason: 'A route without authorization answers everybody.',
    fix: 'Set authorization_type to AWS_IAM, JWT or CUSTOM.',
    reference: securityHub('apigateway', 8),
    checkov: 'CKV_AWS_309',
    appliesTo: ['aws_apigatewayv2_route'],
    check: oneOf('authorization_type', ['AWS_IAM', 'JWT', 'CUSTOM'], 'NONE'),
  },
  {
    id: 'AWS-API-002',
    title: 'An API logs its callers',
    severity: 'medium',
    reason: 'After an attack, nobody can say who called what.',
    fix: 'Set access_log_settings.destination_arn.',
    reference: securityHub('apigateway', 9),
    checkov: 'CKV_AWS_76',
    appliesTo: ['aws_apigatewayv2_stage', 'aws_api_gateway_stage'],
    check: given('access_log_settings.destination_arn'),
  },
  {
    id: 'AWS-API-003',
    title: "An API's domain takes TLS 1.2 and above",
    severity: 'medium',
    reason: 'TLS 1.0 is broken.',
    fix: 'Set security_policy to TLS_1_2.',
    reference: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html',
    checkov: 'CKV_AWS_206',
    appliesTo: ['aws_apigatewayv2_domain_name', 'aws_api_gateway_domain_name'],
    check: (domain) =>
      domain.type === 'aws_api_gateway_domain_name'
        ? tls12('security_policy')(domain)
        : tls12('domain_name_configuration.security_policy')(domain),
  },
  {
    id: 'AWS-WAF-001',
    title: 'A web ACL logs what it refuses',
    severity: 'low',
    reason: 'Attacks, and customers who are refused by mistake, go unseen.',
    fix: 'Add an aws_wafv2_web_acl_logging_configuration for it.',
    reference: securityHub('waf', 11),
    checkov: 'CKV2_AWS_31',
    appliesTo: ['aws_wafv2_web_acl'],
    check: (acl) =>
      acl.referringBy('aws_wafv2_web_acl_logging_configuration', 'resource_arn').length > 0
        ? undefined
        : 'no aws_wafv2_web_acl_logging_configuration is of this web ACL',
  },
  {
    id: 'AWS-WAF-002',
    title: 'A web ACL has rules',
    severity: 'medium',
    reason: 'Without rules it lets everything through, and looks as if it did not.',
    fix: 'Add rules, such as the managed ones of AWS.',
    reference: securityHub('waf', 10),
    checkov: 'CKV_AWS_175',
    appliesTo: ['aws_wafv2_web_acl'],
    check: (acl) => (acl.has('rule') || acl.has('rule_json') ? undefined : found('rule', undefined)),
  },
];

function leadsToHttps(listener: Subject): boolean {
  return listener
    .all('default_action')
    .some((action) => action.get('type') === 'redirect' && /^HTTPS$|\$\{/.test(action.text('redirect.protocol')));
}

/** API Gateway's policies by name: `TLS_1_2`, `SecurityPolicy_TLS13_1_3_2025_09`. */
const tls12 = (path: string) => (domain: Subject) =>
  domain.isUnknown(path) || /TLS_1_2|TLS1[23]/.test(domain.text(path)) ? undefined : found(path, domain.get(path));
