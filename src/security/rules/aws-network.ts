import { each, firstOf, found, given, notOff, notOn, on, oneOf } from '../checks';
import { INGRESS, ingressOf, isAllPorts, letsIn, type Opening, worldOf } from '../ingress';
import { securityHub } from '../references';
import type { Problem, SecurityRule } from '../rule';
import type { Subject } from '../subject';

const LISTENER = ['aws_lb_listener', 'aws_alb_listener'];
const BALANCER = ['aws_lb', 'aws_alb'];
const DISTRIBUTION = ['aws_cloudfront_distribution'];

/** Ports of databases, caches and search engines, by their vendors' defaults. */
const DATABASE_PORTS = [1433, 1521, 3306, 5432, 5439, 6379, 9042, 9092, 9200, 11211, 27017];

/** Policies of TLS 1.2 and above: all that AWS names after it, and those with forward secrecy of 2019 and 2020. */
const TLS_1_2 = /^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)/;

export const AWS_NETWORK: readonly SecurityRule[] = [
  {
    id: 'AWS-NET-001',
    title: 'SSH is not open to the internet',
    severity: 'critical',
    reason: 'Machines that answer on port 22 are found within minutes, and passwords and keys tried on them.',
    fix: 'Name the networks that may connect, or use Session Manager.',
    reference: securityHub('ec2', 13),
    checkov: 'CKV_AWS_24',
    appliesTo: INGRESS,
    check: closed((one) => letsIn(one, 22) && 'port 22'),
  },
  {
    id: 'AWS-NET-002',
    title: 'RDP is not open to the internet',
    severity: 'critical',
    reason: 'Remote Desktop is the first way in of ransomware.',
    fix: 'Name the networks that may connect, or use Session Manager.',
    reference: securityHub('ec2', 14),
    checkov: 'CKV_AWS_25',
    appliesTo: INGRESS,
    check: closed((one) => letsIn(one, 3389) && 'port 3389'),
  },
  {
    id: 'AWS-NET-003',
    title: 'Not all ports are open to the internet',
    severity: 'critical',
    reason: 'Whatever listens, now or later, is reachable.',
    fix: 'Name the port that is served, and who may reach it.',
    reference: securityHub('ec2', 18),
    appliesTo: INGRESS,
    check: closed((one) => isAllPorts(one) && 'all ports'),
  },
  {
    id: 'AWS-NET-004',
    title: 'No database is open to the internet',
    severity: 'critical',
    reason: 'Databases and caches are scanned for, and many let in whoever asks.',
    fix: 'Let in the security groups of what uses it.',
    reference: securityHub('ec2', 19),
    appliesTo: INGRESS,
    check: closed((one) => {
      const port = DATABASE_PORTS.find((candidate) => letsIn(one, candidate));
      return port !== undefined && `port ${port}`;
    }),
  },
  {
    id: 'AWS-NET-005',
    title: "A network's default security group lets nothing through",
    severity: 'medium',
    reason: 'What is started without a security group gets the default one, which lets all of its members in.',
    fix: 'Add an aws_default_security_group of the VPC without rules.',
    reference: securityHub('ec2', 2),
    checkov: 'CKV2_AWS_12',
    appliesTo: ['aws_vpc'],
    check: (vpc) => {
      const [group] = vpc.referringBy('aws_default_security_group', 'vpc_id');
      if (!group) return 'no aws_default_security_group is of this VPC';
      const open = ['ingress', 'egress'].find((direction) => group.all(direction).length > 0);
      return open && `its default security group has ${open}`;
    },
  },
  {
    id: 'AWS-NET-006',
    title: 'A network logs its flows',
    severity: 'medium',
    reason: 'After an attack, nobody can say who talked to whom.',
    fix: 'Add an aws_flow_log of the VPC.',
    reference: securityHub('ec2', 6),
    checkov: 'CKV2_AWS_11',
    appliesTo: ['aws_vpc'],
    check: (vpc) =>
      vpc.referringBy('aws_flow_log', 'vpc_id').length > 0 ? undefined : 'no aws_flow_log is of this VPC',
  },
  {
    id: 'AWS-NET-007',
    title: 'A subnet gives out no public addresses',
    severity: 'medium',
    reason: 'What is started there by mistake is on the internet.',
    fix: 'Leave map_public_ip_on_launch off; load balancers and NAT gateways get theirs without.',
    reference: securityHub('ec2', 15),
    checkov: 'CKV_AWS_130',
    appliesTo: ['aws_subnet'],
    check: notOn('map_public_ip_on_launch'),
  },
  {
    id: 'AWS-NET-008',
    title: 'A rule of a security group says what it is for',
    severity: 'low',
    reason: 'Nobody dares to remove a rule that nobody understands.',
    fix: 'Set description.',
    reference: 'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
    checkov: 'CKV_AWS_23',
    appliesTo: ['aws_vpc_security_group_ingress_rule', 'aws_vpc_security_group_egress_rule', 'aws_security_group_rule'],
    check: given('description'),
  },
  {
    id: 'AWS-NET-009',
    title: "A transit gateway doesn't take in every network",
    severity: 'high',
    reason: 'A network of another account that it is shared with is connected without being asked for.',
    fix: 'Leave auto_accept_shared_attachments disabled.',
    reference: securityHub('ec2', 23),
    checkov: 'CKV_AWS_331',
    appliesTo: ['aws_ec2_transit_gateway'],
    check: oneOf('auto_accept_shared_attachments', ['disable'], 'disable'),
  },
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
      if (!/^(HTTPS|TLS)$/.test(String(listener.get('protocol'))) || listener.isUnknown('ssl_policy')) return undefined;
      const policy = listener.get('ssl_policy');
      return TLS_1_2.test(String(policy)) ? undefined : found('ssl_policy', policy);
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
      balancer.isUnknown('load_balancer_type') || /^(network|gateway)$/.test(String(balancer.get('load_balancer_type')))
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
        /^TLSv1\.[23]/.test(String(version))
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
  {
    id: 'AWS-TRAIL-001',
    title: 'A trail is of all regions',
    severity: 'medium',
    reason: "What is done in a region that nobody uses isn't recorded: just where an intruder works.",
    fix: 'Set is_multi_region_trail to true.',
    reference: securityHub('cloudtrail', 1),
    checkov: 'CKV_AWS_67',
    appliesTo: ['aws_cloudtrail'],
    check: on('is_multi_region_trail'),
  },
  {
    id: 'AWS-TRAIL-002',
    title: "A trail is encrypted by a key of one's own",
    severity: 'medium',
    reason: "Whoever may read the bucket reads who did what; a key's policy is a second lock.",
    fix: 'Set kms_key_id.',
    reference: securityHub('cloudtrail', 2),
    checkov: 'CKV_AWS_35',
    appliesTo: ['aws_cloudtrail'],
    check: given('kms_key_id'),
  },
  {
    id: 'AWS-TRAIL-003',
    title: "A trail's files can be proved",
    severity: 'medium',
    reason: 'An intruder rewrites the record without anybody noticing.',
    fix: 'Set enable_log_file_validation to true.',
    reference: securityHub('cloudtrail', 4),
    checkov: 'CKV_AWS_36',
    appliesTo: ['aws_cloudtrail'],
    check: on('enable_log_file_validation'),
  },
  {
    id: 'AWS-TRAIL-004',
    title: 'A trail records',
    severity: 'high',
    reason: 'A trail that is off records nothing, and looks as if it did.',
    fix: 'Leave enable_logging on.',
    reference: securityHub('cloudtrail', 3),
    checkov: 'CKV_AWS_251',
    appliesTo: ['aws_cloudtrail'],
    check: notOff('enable_logging'),
  },
  {
    id: 'AWS-LOGS-001',
    title: 'A log group forgets',
    severity: 'low',
    reason: 'Logs tell of customers, and may not be kept for ever; they are paid for as long as they are kept.',
    fix: 'Set retention_in_days.',
    reference: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html',
    checkov: 'CKV_AWS_66',
    appliesTo: ['aws_cloudwatch_log_group'],
    check: given('retention_in_days'),
  },
];

/** Lets nothing in from the whole internet that `what` names. */
function closed(what: (opening: Opening) => string | false) {
  return (subject: Subject): Problem =>
    firstOf(ingressOf(subject), (opening) => {
      const world = worldOf(opening);
      const open = world !== undefined && what(opening);
      return open ? `${open} is open to ${world}` : undefined;
    });
}

function leadsToHttps(listener: Subject): boolean {
  return listener
    .all('default_action')
    .some(
      (action) => action.get('type') === 'redirect' && /^HTTPS$|\$\{/.test(String(action.get('redirect.protocol'))),
    );
}

/** API Gateway's policies by name: `TLS_1_2`, `SecurityPolicy_TLS13_1_3_2025_09`. */
const tls12 = (path: string) => (domain: Subject) =>
  domain.isUnknown(path) || /TLS_1_2|TLS1[23]/.test(String(domain.get(path)))
    ? undefined
    : found(path, domain.get(path));
