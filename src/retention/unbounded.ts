import { type Fields, walk } from '../synthesized/stack-json';
import type { SynthesizedResource, SynthesizedStack } from '../synthesized/synthesized-stack';
import { unboundedBucket } from './bucket-retention';
import { unboundedInChart } from './chart-retention';
import { impliedLogGroups, MAKES_LOG_GROUPS } from './log-retention';
import { unboundedVolumes } from './volume-retention';

/** What grows without an end, and what ends it; undefined where everything has one. */
type Rule = (resource: SynthesizedResource, stack: SynthesizedStack) => string | readonly string[] | undefined;

const missing =
  (path: readonly (string | number)[], problem: string): Rule =>
  ({ block }) => {
    const value = walk(block, path);
    return value === undefined || value === null || value === 0 || value === false ? problem : undefined;
  };

/**
 * What stores something, by type. Types that aren't here keep nothing, or have an end that can't be left out: a queue's
 * messages, a database's disk, a cache's memory.
 */
const RULES: Readonly<Record<string, Rule>> = {
  aws_backup_plan: ({ block }) => {
    const rules = (Array.isArray(block.rule) ? block.rule : [block.rule]) as (Fields | undefined)[];
    const endless = rules.find((rule) => !walk(rule, ['lifecycle', 0, 'delete_after']));
    return endless && `keeps backups of its rule ${endless.rule_name} for ever. Set lifecycle.delete_after, in days`;
  },
  aws_cloudwatch_log_group: missing(['retention_in_days'], 'keeps log events for ever. Set retention_in_days'),
  aws_dynamodb_table: missing(
    ['ttl', 0, 'enabled'],
    'keeps items for ever. Switch on ttl, by an attribute with the time at which an item ends',
  ),
  aws_ecr_repository: (repository, stack) =>
    stack
      .ofType('aws_ecr_lifecycle_policy')
      .some(({ block }) => stack.referredBy(block.repository).includes(repository))
      ? undefined
      : 'keeps images for ever. Add an aws_ecr_lifecycle_policy',
  aws_efs_file_system: () =>
    'grows without an end: EFS has no size. Take a volume of a size, or a bucket with a lifecycle',
  aws_elasticache_serverless_cache: missing(
    ['cache_usage_limits', 0, 'data_storage'],
    'grows without an end. Set cache_usage_limits.data_storage.maximum, in GB',
  ),
  aws_s3_bucket: unboundedBucket,
  azurerm_cosmosdb_sql_container: missing(['default_ttl'], 'keeps items for ever. Set default_ttl, in seconds'),
  azurerm_servicebus_queue: missing(['default_message_ttl'], 'keeps messages for ever. Set default_message_ttl'),
  azurerm_servicebus_topic: missing(['default_message_ttl'], 'keeps messages for ever. Set default_message_ttl'),
  azurerm_storage_account: (account, stack) => {
    const rules = stack
      .ofType('azurerm_storage_management_policy')
      .filter(({ block }) => stack.referredBy(block.storage_account_id).includes(account))
      .flatMap(({ block }) => (Array.isArray(block.rule) ? block.rule : [block.rule]) as Fields[]);
    const expires = rules.some(
      (rule) =>
        rule.enabled !== false &&
        walk(rule, ['filters', 0, 'prefix_match']) === undefined &&
        Object.keys((walk(rule, ['actions', 0, 'base_blob', 0]) as object | undefined) ?? {}).some((key) =>
          key.startsWith('delete_after_'),
        ),
    );
    return expires
      ? undefined
      : 'keeps blobs for ever: it has no rule that deletes all of them. Add one with base_blob.delete_after_days_since_modification_greater_than to its management policy';
  },
  kubernetes_job_v1: missing(
    ['spec', 0, 'ttl_seconds_after_finished'],
    'stays in the cluster when it has finished. Set ttl_seconds_after_finished',
  ),
  helm_release: (release, stack) => {
    const {
      repository,
      chart,
      values = [],
    } = stack.known(release.block) as { repository?: string; chart: string; values?: string[] };
    return unboundedInChart(
      repository ? chart : undefined,
      values.map((text) => valuesIn(text, stack)),
    );
  },
};

/** What a resource keeps without an end, and what ends it. */
export function unbounded(resource: SynthesizedResource, stack: SynthesizedStack): string[] {
  const own = RULES[resource.type]?.(resource, stack);
  const groups = MAKES_LOG_GROUPS.includes(resource.type) ? impliedLogGroups(resource, stack) : [];
  const volumes = resource.type.startsWith('kubernetes_') ? unboundedVolumes(stack.known(resource.block)) : [];
  return [
    ...[own ?? []].flat(),
    ...groups.map(
      (name) =>
        `logs to ${name}, which AWS makes without an end. Add an aws_cloudwatch_log_group of that name with retention_in_days`,
    ),
    ...volumes,
  ];
}

/** Text that is no YAML says nothing. */
function valuesIn(text: string, stack: SynthesizedStack): unknown {
  try {
    return stack.yaml(text);
  } catch {
    return undefined;
  }
}
