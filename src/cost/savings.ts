import type { Bill, CostLine } from './bill';
import { LISTED } from './list-prices';

/** What could be saved of a resource, in words, with the USD of an expected month where they can be told. */
interface Saving {
  readonly usd: number;
  readonly change: string;
}

type Suggestion = (lines: readonly CostLine[], all: readonly CostLine[]) => Saving | undefined;

/** Of the price on demand, as the price list has it. */
const SPOT_SHARE = LISTED.find('aws/ec2/spot')?.usd ?? 1;
/** Part of a construct's cost that a change has to save to be worth a word. */
const LEAST_SHARE = 0.03;

const expected = (lines: readonly CostLine[]) => lines.reduce((total, { usd }) => total + usd.expected, 0);

const spot =
  (setting: string): Suggestion =>
  (lines) => {
    const onDemand = lines.filter(
      ({ shareOfPrice, price }) => !shareOfPrice && /^(aws\/ec2|azure\/vm)\//.test(price.id),
    );
    const saved = expected(onDemand) * (1 - SPOT_SHARE);
    return saved > 0 ? { usd: saved, change: `spot nodes (${setting})` } : undefined;
  };

const arm: Suggestion = (lines) => {
  const x86 = lines.filter(({ price }) =>
    /^(aws\/ec2\/[a-z]\d+[ia]?$|azure\/vm\/[A-Z]+s_v5$|aws\/fargate\/x86)/.test(price.id),
  );
  return x86.length > 0 ? { usd: expected(x86) * 0.2, change: 'arm64 in place of x86' } : undefined;
};

const say =
  (change: string, share = 0): Suggestion =>
  (lines) => ({ usd: expected(lines) * share, change });

const oneGateway: Suggestion = (lines, all) => {
  const gateways = new Set(all.filter(({ type }) => type === 'aws_nat_gateway').map(({ path }) => path));
  if (gateways.size > 1) {
    return { usd: expected(lines) * (1 - 1 / gateways.size), change: 'one NAT gateway for all zones (nat: one)' };
  }
  return { usd: 0, change: 'no NAT gateway where images come from the registry (nat: none)' };
};

const botControl: Suggestion = (lines) => {
  const asked = lines.filter(({ price }) => price.id.startsWith('aws/waf/bot-control'));
  return asked.length > 0 ? { usd: expected(asked), change: 'no bot control (edge.botControl)' } : undefined;
};

const leaner = say('a leaner profile without this part', 1);

/** What to change about the resources of a type. */
const SUGGESTIONS: Readonly<Record<string, readonly Suggestion[]>> = {
  aws_eks_node_group: [spot('node.spot'), arm],
  aws_autoscaling_group: [spot('mixed instances'), arm],
  aws_instance: [arm],
  azurerm_kubernetes_cluster: [spot('a pool with priority Spot'), arm],
  azurerm_kubernetes_cluster_node_pool: [spot('priority Spot'), arm],
  aws_ecs_service: [say('FARGATE_SPOT for tasks above the base', 0.35), arm],
  aws_nat_gateway: [oneGateway],
  aws_vpc_endpoint: [say('interface endpoints in fewer zones', 0.5)],
  aws_cloudwatch_log_group: [say('a shorter retention, and fewer lines')],
  aws_lb: [say('one load balancer for several services')],
  aws_msk_serverless_cluster: [say('a queue or Kinesis in place of MSK', 0.9)],
  aws_db_instance: [say('a smaller class, or no standby')],
  aws_elasticache_replication_group: [say('a smaller node type, or no replica')],
  aws_sagemaker_endpoint_configuration: [say('a serverless endpoint below 25 requests a second')],
  aws_sagemaker_notebook_instance: [say('fewer hours of the notebook')],
  aws_wafv2_web_acl: [botControl, say('one firewall in place of several')],
  aws_cloudfront_distribution: [say("CloudFront's flat plan, where it holds the traffic")],
  aws_apigatewayv2_api: [say('the load balancer without an API before it', 1)],
  aws_backup_vault: [say('a shorter retention of backups')],
  aws_guardduty_detector: [leaner],
  aws_guardduty_detector_feature: [leaner],
  aws_config_config_rule: [leaner],
  aws_config_configuration_recorder: [leaner],
  aws_inspector2_enabler: [leaner],
  aws_securityhub_standards_subscription: [leaner],
  aws_kms_key: [say('keys of AWS where nobody asks for ones of your own', 1)],
};

/** The changes that save most of what a construct costs, in words: `spot nodes (node.spot): up to $64 less`. */
export function savingsOf({ lines }: Pick<Bill, 'lines'>, path: string, most = 2): readonly string[] {
  const own = lines.filter((line) => line.path === path || line.path.startsWith(`${path}/`));
  const byType = groupByType(own);
  const savings = [...byType].flatMap(([type, ofType]) =>
    (SUGGESTIONS[type] ?? []).flatMap((suggest) => suggest(ofType, lines) ?? []),
  );
  // What saves next to nothing is no advice, unless there is no other.
  const worth = savings.filter(({ usd }) => usd === 0 || usd >= expected(own) * LEAST_SHARE);
  return (worth.length > 0 ? worth : savings)
    .sort((a, b) => b.usd - a.usd)
    .slice(0, most)
    .map(({ usd, change }) => (usd >= 1 ? `${change}: up to $${Math.round(usd)} less` : change));
}

function groupByType(lines: readonly CostLine[]): Map<string, CostLine[]> {
  const groups = new Map<string, CostLine[]>();
  for (const line of lines) groups.set(line.type, [...(groups.get(line.type) ?? []), line]);
  return groups;
}
