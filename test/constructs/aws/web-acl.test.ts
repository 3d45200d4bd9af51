import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { TerraformStack } from 'cdktf';
import { WebAcl, type WebAclProps } from '../../../constructs/aws';
import { CapacityPlan } from '../../../src';
import { onAws } from './fixtures';

const BASE: WebAclProps = { aclName: 'shop-prod', placement: 'edge', capacity: new CapacityPlan() };
const add = (stack: TerraformStack, props: Partial<WebAclProps> = {}) =>
  new WebAcl(stack, 'Acl', { ...BASE, ...props });
const acl = (props: Partial<WebAclProps> = {}) => onAws((stack) => void add(stack, props));
const plain = acl();

interface Rule {
  readonly name: string;
  readonly priority: number;
  // biome-ignore lint/suspicious/noExplicitAny: a statement is of any of WAF's kinds
  readonly statement: any;
}
const rulesOf = (stack: typeof plain) => stack.resource('aws_wafv2_web_acl').rule as Rule[];

test('it lets through what no rule refuses: the rate first, then known attackers, inputs and attacks', () => {
  expect(plain.resource('aws_wafv2_web_acl')).toMatchObject({ scope: 'CLOUDFRONT', default_action: { allow: {} } });
  expect(rulesOf(plain).map(({ name, priority }) => [priority, name])).toEqual([
    [0, 'RequestsPerAddress'],
    [1, 'AWSManagedRulesAmazonIpReputationList'],
    [2, 'AWSManagedRulesKnownBadInputsRuleSet'],
    [3, 'AWSManagedRulesCommonRuleSet'],
  ]);
});

test.each([
  [100, 10, 3000],
  [100, 30, 1000],
  [1, 10, 30],
  // WAF counts to 10 at least.
  [1, 100, 10],
])('%i people who ask every %i s may send %i requests of one address in five minutes', (people, seconds, requests) => {
  const stack = acl({ peoplePerAddress: people, capacity: new CapacityPlan({ thinkTimeSeconds: seconds }) });
  expect(rulesOf(stack)[0]?.statement.rate_based_statement).toEqual({
    limit: requests,
    evaluation_window_sec: 300,
    aggregate_key_type: 'IP',
  });
});

test('more of one address is answered with 429', () => {
  expect(plain.resource('aws_wafv2_web_acl').rule).toMatchObject([
    { action: { block: { custom_response: { response_code: 429 } } } },
    {},
    {},
    {},
  ]);
});

test("of the shop's own servers no rate is counted", () => {
  const stack = acl({ backendCidrs: ['203.0.113.0/24'] });
  expect(stack.resource('aws_wafv2_ip_set')).toMatchObject({ addresses: ['203.0.113.0/24'], scope: 'CLOUDFRONT' });
  expect(rulesOf(stack)[0]?.statement.rate_based_statement.scope_down_statement).toEqual({
    not_statement: {
      statement: [{ ip_set_reference_statement: { arn: expect.stringContaining('aws_wafv2_ip_set.Acl_Backends') } }],
    },
  });
  expect(plain.resourceTypes()).not.toContain('aws_wafv2_ip_set');
});

test('a body above 8 KB is counted, not refused: the server takes 100 KB', () => {
  const common = rulesOf(plain)[3]?.statement.managed_rule_group_statement;
  expect(common.rule_action_override).toEqual([{ name: 'SizeRestrictions_BODY', action_to_use: { count: {} } }]);
});

test('bot control is paid, so it is there when it is asked for, and last', () => {
  expect(rulesOf(acl({ botControl: true })).at(-1)).toMatchObject({
    name: 'AWSManagedRulesBotControlRuleSet',
    priority: 4,
  });
});

test('callers behind Tor, VPNs and hosting providers are refused where that is asked for', () => {
  const names = (template: typeof plain) => rulesOf(template).map(({ name }) => name);
  expect(names(plain)).not.toContain('AWSManagedRulesAnonymousIpList');
  expect(names(acl({ refuseAnonymous: true }))).toEqual([...names(plain), 'AWSManagedRulesAnonymousIpList']);
});

describe('its log', () => {
  test('has what was refused or counted, without what authenticates', () => {
    expect(plain.resource('aws_wafv2_web_acl_logging_configuration')).toMatchObject({
      redacted_fields: ['authorization', 'x-api-key', 'cookie'].map((name) => ({ single_header: { name } })),
      logging_filter: {
        default_behavior: 'DROP',
        filter: [
          {
            behavior: 'KEEP',
            condition: [{ action_condition: { action: 'BLOCK' } }, { action_condition: { action: 'COUNT' } }],
          },
        ],
      },
    });
  });

  test('is encrypted, kept for 30 days, and refuses a destroy', () => {
    expect(plain.resource('aws_cloudwatch_log_group')).toMatchObject({
      name: 'aws-waf-logs-shop-prod',
      retention_in_days: 30,
      kms_key_id: expect.stringContaining('aws_kms_key.Acl_LogGroup_Key'),
      lifecycle: { prevent_destroy: true },
    });
  });
});

test('in front of the edge all of it is in us-east-1', () => {
  const stack = onAws((stack) => {
    const usEast1 = new AwsProvider(stack, 'UsEast1', { alias: 'us-east-1', region: 'us-east-1' });
    add(stack, { usEast1, backendCidrs: ['203.0.113.0/24'] });
  });
  const made = stack.resourceTypes().flatMap((type) => Object.values(stack.resources(type)));
  expect(made.map(({ provider }) => provider)).toEqual(made.map(() => 'aws.us-east-1'));
  expect(made).toHaveLength(6);
});

test('a regional one protects a load balancer', () => {
  const stack = onAws((stack) => {
    const arn = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/shop/1';
    add(stack, { placement: 'region' }).protect(stack, 'Protected', arn);
  });
  expect(stack.resource('aws_wafv2_web_acl').scope).toBe('REGIONAL');
  expect(stack.resource('aws_wafv2_web_acl_association').web_acl_arn).toMatch(/aws_wafv2_web_acl\.Acl_/);
});

test('fails when one of the edge is put in front of something regional', () => {
  expect(() => onAws((stack) => void add(stack).protect(stack, 'Protected', 'arn'))).toThrow(
    "a web ACL with placement 'edge' protects CloudFront distributions, which take it as webAcl; use one with placement 'region'.",
  );
});

test('fails on a name that WAF refuses, and on less than a person', () => {
  expect(() => acl({ aclName: 'shop prod' })).toThrow(
    'aclName is shop prod; it must be 1 to 100 letters, digits and hyphens.',
  );
  expect(() => acl({ peoplePerAddress: 0 })).toThrow(
    'peoplePerAddress is 0; it must be a whole number of people from 1.',
  );
});

test('the HCL of the rules', async () => {
  const hcl = await plain.hcl();
  const start = hcl.indexOf('resource "aws_wafv2_web_acl"');
  expect(hcl.slice(start, hcl.indexOf('\nresource ', start + 1) + 1 || undefined)).toMatchSnapshot();
});
