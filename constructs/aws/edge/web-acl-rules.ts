import type { Wafv2WebAclRule } from '@cdktf/provider-aws/lib/wafv2-web-acl';
import type { CapacityPlan } from '../../../src';

/** Seconds that a rate is counted over. */
const RATE_WINDOW_SECONDS = 300;
/** Fewest that AWS counts to. Source: WAF API reference, RateBasedStatement. */
const LEAST_RATE = 10;

/**
 * Groups of rules that AWS keeps, in the order in which they are asked. Of each the rules that only count: a body of
 * more than 8 KB is no attack here, because a session and what it excludes may have 100 KB, which the server bounds.
 */
const MANAGED_GROUPS = [
  { name: 'AWSManagedRulesAmazonIpReputationList', counted: [] },
  { name: 'AWSManagedRulesKnownBadInputsRuleSet', counted: [] },
  { name: 'AWSManagedRulesCommonRuleSet', counted: ['SizeRestrictions_BODY'] },
];

export interface WebAclRulesOptions {
  readonly aclName: string;
  /** Requests of one address in five minutes. */
  readonly requestsPerAddress: number;
  /** IP set of the addresses that the rate is not counted for. */
  readonly backendSetArn?: string;
  readonly botControl: boolean;
  readonly refuseAnonymous: boolean;
}

/**
 * Requests that one address may send in five minutes: what the people behind it send at their busiest, each one request
 * in a think time.
 */
export function requestsPerAddress({ thinkTimeSeconds }: CapacityPlan, peoplePerAddress: number): number {
  return Math.max(LEAST_RATE, Math.ceil((peoplePerAddress * RATE_WINDOW_SECONDS) / thinkTimeSeconds));
}

/** The rate first, which costs least to check; bot control last, because each request that it sees is paid. */
export function webAclRules(options: WebAclRulesOptions): Wafv2WebAclRule[] {
  const chosen = [
    ...(options.refuseAnonymous ? ['AWSManagedRulesAnonymousIpList'] : []),
    ...(options.botControl ? ['AWSManagedRulesBotControlRuleSet'] : []),
  ];
  const groups = [...MANAGED_GROUPS, ...chosen.map((name) => ({ name, counted: [] as string[] }))];
  return [
    rateRule(options),
    ...groups.map(({ name, counted }, index) => ({
      name,
      priority: index + 1,
      overrideAction: { none: {} },
      statement: {
        managed_rule_group_statement: {
          vendor_name: 'AWS',
          name,
          rule_action_override: counted.map((rule) => ({ name: rule, action_to_use: { count: {} } })),
        },
      },
      visibilityConfig: visibility(`${options.aclName}-${name}`),
    })),
  ];
}

function rateRule({ aclName, requestsPerAddress, backendSetArn }: WebAclRulesOptions): Wafv2WebAclRule {
  return {
    name: 'RequestsPerAddress',
    priority: 0,
    action: { block: { customResponse: { responseCode: 429 } } },
    statement: {
      rate_based_statement: {
        limit: requestsPerAddress,
        evaluation_window_sec: RATE_WINDOW_SECONDS,
        aggregate_key_type: 'IP',
        ...(backendSetArn && {
          scope_down_statement: {
            not_statement: { statement: [{ ip_set_reference_statement: { arn: backendSetArn } }] },
          },
        }),
      },
    },
    visibilityConfig: visibility(`${aclName}-RequestsPerAddress`),
  };
}

export function visibility(metricName: string): Wafv2WebAclRule['visibilityConfig'] {
  return { cloudwatchMetricsEnabled: true, metricName, sampledRequestsEnabled: true };
}
