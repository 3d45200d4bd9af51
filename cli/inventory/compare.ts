import type { StateResource } from './state';
import type { TaggedResource } from './tagged-resources';

/** What an account has, held against what states know. */
export interface Inventory {
  /** In the account and in a state. */
  readonly known: number;
  /** Have our tags, and no state knows them: what an interrupted apply or a lost state left, and costs. */
  readonly orphans: readonly string[];
  /** Have our tags because a service that we use made them: nodes, their volumes, a load balancer of the cluster's. */
  readonly madeByServices: readonly string[];
  /** In a state, and not in the account. */
  readonly gone: readonly StateResource[];
  /** In a state; whether they are in the account, this way of asking can't tell. */
  readonly unseen: readonly StateResource[];
}

/**
 * Types that AWS answers for by tags, of those that stacks make: only of these does silence mean that one is gone. It is
 * the Resource Groups Tagging API that answers, and IAM for its roles. Source:
 * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
 */
const ANSWERED_TYPES = new Set([
  'aws_acm_certificate',
  'aws_cloudwatch_log_group',
  'aws_dynamodb_table',
  'aws_ecr_repository',
  'aws_ecs_cluster',
  'aws_ecs_service',
  'aws_efs_file_system',
  'aws_eip',
  'aws_eks_cluster',
  'aws_elasticache_replication_group',
  'aws_iam_role',
  'aws_instance',
  'aws_internet_gateway',
  'aws_kinesis_stream',
  'aws_kms_key',
  'aws_lambda_function',
  'aws_launch_template',
  'aws_lb',
  'aws_lb_target_group',
  'aws_nat_gateway',
  'aws_rds_cluster',
  'aws_db_instance',
  'aws_route_table',
  'aws_s3_bucket',
  'aws_secretsmanager_secret',
  'aws_security_group',
  'aws_sfn_state_machine',
  'aws_sns_topic',
  'aws_sqs_queue',
  'aws_ssm_parameter',
  'aws_subnet',
  'aws_vpc',
  'aws_vpc_endpoint',
]);

/**
 * Tags that services put on what they make for us, beside those that they copy. `kubernetes.io/role/` is ours, on
 * subnets: it tells a cluster where load balancers go.
 */
const SERVICE_TAG =
  /^(aws:(?!cloudformation:)|eks:|kubernetes\.io\/(?!role\/)|ebs\.csi\.aws\.com\/|elbv2\.k8s\.aws\/|karpenter\.sh\/)/;

export interface CompareOptions {
  readonly states: readonly StateResource[];
  readonly tagged: AsyncIterable<TaggedResource> | Iterable<TaggedResource>;
  /** Tags that say that a resource is of the stacks' in question. */
  readonly tags: Readonly<Record<string, string>>;
  /** Region that was asked. */
  readonly region: string;
}

/** Holds what has our tags against the states; of what is known it keeps only ARNs. */
export async function compare({ states, tagged, tags, region }: CompareOptions): Promise<Inventory> {
  const inState = new Set(states.map(({ arn }) => sameArn(arn)));
  const seen = new Set<string>();
  const orphans: string[] = [];
  const madeByServices: string[] = [];
  for await (const { arn, tags: own } of tagged) {
    const key = sameArn(arn);
    if (seen.has(key)) continue;
    seen.add(key);
    if (inState.has(key)) continue;
    (Object.keys(own).some((tag) => SERVICE_TAG.test(tag)) ? madeByServices : orphans).push(arn);
  }
  // What a state has of another region, or of another environment, was not asked for.
  const ours = states.filter(
    (resource) => resource.region === region && Object.entries(tags).every(([key, tag]) => resource.tags[key] === tag),
  );
  const missing = ours.filter(({ arn }) => !seen.has(sameArn(arn)));
  const answered = new Set(ours.filter(({ arn }) => seen.has(sameArn(arn))).map(({ type }) => type));
  const canTell = ({ type }: StateResource) => answered.has(type) || ANSWERED_TYPES.has(type);
  return {
    known: ours.length - missing.length,
    orphans: orphans.sort(),
    madeByServices: madeByServices.sort(),
    gone: missing.filter(canTell),
    unseen: missing.filter((resource) => !canTell(resource)),
  };
}

/** A log group's ARN ends in `:*` in some answers and not in others. */
function sameArn(arn: string): string {
  return arn.replace(/:\*$/, '');
}
