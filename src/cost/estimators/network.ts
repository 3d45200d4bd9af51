import type { SynthesizedResource, SynthesizedStack } from '../../synthesized/synthesized-stack';
import {
  amount,
  type Charge,
  type EstimateContext,
  type Estimators,
  hours,
  isTrue,
  listAt,
  numberAt,
  textAt,
} from '../estimator';
import { beyond, flat, NOTHING, times } from '../range';

/** What leaves an account for nothing each month, in GB. Source: https://aws.amazon.com/ec2/pricing/on-demand/ */
const FREE_EGRESS_GB = 100;
/** What leaves by CloudFront for nothing each month. Source: https://aws.amazon.com/cloudfront/pricing/ */
const FREE_EDGE = { gb: 1000, requestsMillions: 10 };
/** Zones that a load balancer is in where the stack doesn't tell. */
const USUAL_ZONES = 2;

/** What leaves through the way in. By CloudFront it leaves there, and AWS asks nothing for the way to it. */
export function awsEgress({ stack, usage }: EstimateContext): Charge {
  const quantity = stack.ofType('aws_cloudfront_distribution').length > 0 ? NOTHING : usage.egressGb;
  return amount('aws/egress', beyond(quantity, FREE_EGRESS_GB));
}

/** A load balancer of the network's layer, which is in each zone with an address of its own if the internet reaches it. */
export function networkLoadBalancer(context: EstimateContext, zones: number, isPublic: boolean): Charge[] {
  return [
    hours('aws/nlb'),
    amount('aws/nlb/lcu', context.usage.egressGb, { note: 'an NLCU is a GB an hour' }),
    ...(isPublic ? [hours('aws/public-ipv4', zones), awsEgress(context)] : []),
  ];
}

/** Zones that a stack's subnets are in. */
export function zonesOf(stack: SynthesizedStack): number {
  return new Set(stack.ofType('aws_subnet').map(({ block }) => String(block.availability_zone))).size || USUAL_ZONES;
}

/** A rule of a firewall, and what it asks for. */
const isBotControl = (rule: unknown) => JSON.stringify(rule).includes('AWSManagedRulesBotControlRuleSet');

const shareOf = (stack: SynthesizedStack, { type }: SynthesizedResource) => 1 / Math.max(1, stack.ofType(type).length);

export const NETWORK_ESTIMATORS: Estimators = {
  aws_eip: () => [hours('aws/public-ipv4')],
  aws_nat_gateway: (_, { usage, stack }, resource) => [
    hours('aws/nat-gateway'),
    amount('aws/nat-gateway/data', usage.natGb * shareOf(stack, resource)),
  ],
  aws_vpc_endpoint: (block, { usage, stack }) => {
    if (textAt(block, ['vpc_endpoint_type'], 'Gateway') !== 'Interface') return [];
    const zones = listAt(block, ['subnet_ids']).length || zonesOf(stack);
    return [hours('aws/vpc-endpoint', zones), amount('aws/vpc-endpoint/data', usage.endpointGb)];
  },
  aws_lb: (block, context) => {
    const isPublic = !isTrue(block.internal);
    const zones =
      listAt(block, ['subnets']).length || listAt(block, ['subnet_mapping']).length || zonesOf(context.stack);
    if (block.load_balancer_type === 'network') return networkLoadBalancer(context, zones, isPublic);
    return [
      hours('aws/alb'),
      amount('aws/alb/lcu', context.usage.egressGb, { note: 'an LCU is a GB an hour' }),
      ...(isPublic ? [hours('aws/public-ipv4', zones), awsEgress(context)] : []),
    ];
  },
  aws_apigatewayv2_api: (_, context) => [amount('aws/http-api', context.usage.requestsMillions), awsEgress(context)],
  aws_cloudfront_distribution: (_, { usage }) => [
    amount('aws/cloudfront/data', beyond(usage.egressGb, FREE_EDGE.gb)),
    amount('aws/cloudfront/requests', beyond(usage.requestsMillions, FREE_EDGE.requestsMillions)),
  ],
  aws_cloudfront_function: (_, { usage }) => [amount('aws/cloudfront/function', usage.requestsMillions)],
  // An answer reads two keys.
  aws_cloudfront_key_value_store: (_, { usage }) => [
    amount('aws/cloudfront/key-value', times(usage.requestsMillions, 2)),
  ],
  aws_route53_zone: (_, { usage }) => [amount('aws/route53/zone', 1), amount('aws/route53/queries', usage.dnsMillions)],
  aws_wafv2_web_acl: (block, { usage }) => {
    const rules = listAt(block, ['rule']);
    return [
      amount('aws/waf/acl', 1),
      amount('aws/waf/rule', rules.length),
      amount('aws/waf/requests', usage.requestsMillions),
      ...(rules.some(isBotControl)
        ? [amount('aws/waf/bot-control', 1), amount('aws/waf/bot-control/requests', usage.requestsMillions)]
        : []),
    ];
  },

  azurerm_public_ip: () => [hours('azure/public-ip')],
  azurerm_public_ip_prefix: (block) => [hours('azure/public-ip', 2 ** (32 - numberAt(block, ['prefix_length'], 28)))],
  azurerm_nat_gateway: (_, { usage, stack }, resource) => [
    hours('azure/nat-gateway'),
    amount('azure/nat-gateway/data', usage.natGb * shareOf(stack, resource)),
  ],
  azurerm_lb: (block, { usage }) =>
    block.sku === 'Basic' ? [] : [hours('azure/load-balancer'), amount('azure/load-balancer/data', usage.egressGb)],
  azurerm_private_endpoint: (_, { usage }) => [
    hours('azure/private-endpoint'),
    amount('azure/private-endpoint/data', flat(usage.endpointGb)),
  ],
};

/** What leaves Azure through a way in. */
export function azureEgress({ usage }: EstimateContext): Charge {
  return amount('azure/egress', beyond(usage.egressGb, FREE_EGRESS_GB));
}
