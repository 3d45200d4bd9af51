import { walk } from '../synthesized/stack-json';
import type { SynthesizedResource, SynthesizedStack } from '../synthesized/synthesized-stack';

type Names = (resource: SynthesizedResource, stack: SynthesizedStack) => readonly string[];

/**
 * Log groups that a service makes by itself, without an end, when there is none of that name. Sources: each service's
 * page on logging to CloudWatch.
 */
const LOG_GROUPS: Readonly<Record<string, Names>> = {
  aws_codebuild_project: ({ block }, stack) => {
    const group = walk(block, ['logs_config', 0, 'cloudwatch_logs', 0, 'group_name']);
    const status = walk(block, ['logs_config', 0, 'cloudwatch_logs', 0, 'status']);
    return group !== undefined || status === 'DISABLED' ? [] : [`/aws/codebuild/${stack.known(block.name)}`];
  },
  aws_db_instance: ({ block }, stack) =>
    texts(block.enabled_cloudwatch_logs_exports).map(
      (name) => `/aws/rds/instance/${stack.known(block.identifier)}/${name}`,
    ),
  aws_eks_cluster: ({ block }, stack) =>
    texts(block.enabled_cluster_log_types).length > 0 ? [`/aws/eks/${stack.known(block.name)}/cluster`] : [],
  aws_lambda_function: ({ block }, stack) =>
    walk(block, ['logging_config', 0, 'log_group']) === undefined
      ? [`/aws/lambda/${stack.known(block.function_name)}`]
      : [],
};

export const MAKES_LOG_GROUPS = Object.keys(LOG_GROUPS);

/** The log groups that a service would make for a resource, because the stack has none of that name. */
export function impliedLogGroups(resource: SynthesizedResource, stack: SynthesizedStack): string[] {
  const wanted = LOG_GROUPS[resource.type]?.(resource, stack) ?? [];
  const there = new Set(stack.ofType('aws_cloudwatch_log_group').map(({ block }) => stack.known(block.name)));
  // A name that is known at the deploy only can't be compared.
  return wanted.filter((name) => !there.has(name) && !name.includes('${'));
}

const texts = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
