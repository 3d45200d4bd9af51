import type { SynthesizedStack } from '../../synthesized/synthesized-stack';
import { amount, type Charge, type Estimators, listAt, numberAt, textAt } from '../estimator';
import type { Usage } from '../usage';

/** What CloudWatch makes of a byte of lines that it keeps. Source: https://aws.amazon.com/cloudwatch/pricing/ */
const COMPRESSION = 0.15;
/** Months of lines that are counted where a group keeps them for ever. */
const FOR_EVER_MONTHS = 12;
const DAYS_A_MONTH = 30;
/** vCPUs of a node, as GuardDuty's agents are counted. */
const NODE_VCPUS = 2;

const GUARDDUTY_FEATURES: Readonly<Record<string, (stack: SynthesizedStack, usage: Counted) => Charge[]>> = {
  S3_DATA_EVENTS: (_, usage) => [amount('aws/guardduty/s3', usage.objectEventsMillions)],
  EKS_AUDIT_LOGS: (_, usage) => [amount('aws/guardduty/eks', usage.auditEventsMillions)],
  RUNTIME_MONITORING: (stack) => [amount('aws/guardduty/runtime', nodesOf(stack) * NODE_VCPUS)],
  EKS_RUNTIME_MONITORING: (stack) => [amount('aws/guardduty/runtime', nodesOf(stack) * NODE_VCPUS)],
};

interface Counted {
  readonly objectEventsMillions: number;
  readonly auditEventsMillions: number;
}

/** Nodes that a stack has at least. */
function nodesOf(stack: SynthesizedStack): number {
  return stack
    .ofType('aws_eks_node_group')
    .reduce((all, { block }) => all + numberAt(stack.known(block), ['scaling_config', 0, 'min_size'], 1), 0);
}

function linesOf(group: string, { clusterLogGb, trailLogGb, logGb }: Usage): number {
  if (group.startsWith('/aws/eks/')) return clusterLogGb;
  return group.startsWith('/aws/cloudtrail/') ? trailLogGb : logGb;
}

/** What watches, records and encrypts. */
export const WATCHING_ESTIMATORS: Estimators = {
  aws_cloudwatch_log_group: (block, { usage }) => {
    const gb = linesOf(textAt(block, ['name']), usage);
    const days = numberAt(block, ['retention_in_days'], 0) || FOR_EVER_MONTHS * DAYS_A_MONTH;
    return [
      amount('aws/cloudwatch/logs', gb),
      amount('aws/cloudwatch/logs/kept', gb * COMPRESSION * (days / DAYS_A_MONTH), { note: `kept for ${days} days` }),
    ];
  },
  aws_cloudwatch_metric_alarm: (block) => [
    amount('aws/cloudwatch/alarm', Math.max(1, listAt(block, ['metric_query']).filter(hasMetric).length)),
  ],
  aws_cloudwatch_composite_alarm: () => [amount('aws/cloudwatch/composite-alarm', 1)],
  aws_cloudwatch_dashboard: () => [amount('aws/cloudwatch/dashboard', 1)],

  aws_kms_key: () => [amount('aws/kms', 1)],
  aws_secretsmanager_secret: () => [amount('aws/secret', 1)],

  aws_cloudtrail: (block, { usage }) => [
    ...(recordsData(block) ? [amount('aws/cloudtrail/data-events', usage.objectEventsMillions)] : []),
    ...(listAt(block, ['insight_selector']).length > 0
      ? [amount('aws/cloudtrail/insights', usage.awsCallsMillions)]
      : []),
  ],
  aws_config_configuration_recorder: (_, { usage }) => [amount('aws/config/changes', usage.configChangesThousands)],
  aws_config_config_rule: (_, { usage }) => [amount('aws/config/looks', usage.ruleLooksThousands)],
  aws_guardduty_detector: (_, { usage }) => [
    amount('aws/guardduty/calls', usage.awsCallsMillions),
    amount('aws/guardduty/network', usage.logGb),
  ],
  aws_guardduty_detector_feature: (block, { stack, usage }) =>
    textAt(block, ['status'], 'ENABLED') === 'ENABLED'
      ? (GUARDDUTY_FEATURES[textAt(block, ['name'])]?.(stack, usage) ?? [])
      : [],
  aws_inspector2_enabler: (block, { stack, usage }) =>
    listAt(block, ['resource_types']).flatMap((type) => {
      if (type === 'ECR') {
        return [amount('aws/inspector/image', usage.imageScans), amount('aws/inspector/image-again', usage.imageScans)];
      }
      if (type === 'EC2') return [amount('aws/inspector/instance', nodesOf(stack))];
      return [amount('aws/inspector/function', stack.ofType('aws_lambda_function').length)];
    }),
  aws_securityhub_standards_subscription: (_, { usage }) => [amount('aws/security-hub', usage.securityChecksThousands)],
};

/** An expression over other metrics is none itself. */
const hasMetric = (query: unknown) => listAt(query, ['metric']).length > 0;

function recordsData(block: unknown): boolean {
  const selectors = listAt(block, ['advanced_event_selector']);
  return JSON.stringify(selectors).includes('"Data"') || listAt(block, ['event_selector']).some(hasDataResource);
}

const hasDataResource = (selector: unknown) => listAt(selector, ['data_resource']).length > 0;
