import { BoundedStateGuard } from '../../../src/guards/bounded-state-guard';
import { SynthesizedStack } from '../../../src/synthesized/synthesized-stack';

const guard = new BoundedStateGuard();

const at = (path: string, block: object) => ({ ...block, '//': { metadata: { path } } });
const stack = (type: string, block: object, others: object = {}, kept?: [string, string]) =>
  new SynthesizedStack(
    'shop',
    { resource: { [type]: { Store_1: at('shop/Store/Resource', block) }, ...others } },
    [],
    new Map(kept && [kept]),
  );
const check = (...args: Parameters<typeof stack>) => guard.check([stack(...args)]);

const BUCKET = `\${aws_s3_bucket.Store_1.id}`;
const lifecycle = (...rule: object[]) => ({ aws_s3_bucket_lifecycle_configuration: { L: { bucket: BUCKET, rule } } });
const versioning = {
  aws_s3_bucket_versioning: { V: { bucket: BUCKET, versioning_configuration: { status: 'Enabled' } } },
};
const all = { status: 'Enabled', filter: [{}], expiration: [{ days: 30 }] };
const logs = { ...all, filter: [{ prefix: 'logs/' }] };
const replaced = { status: 'Enabled', filter: [{}], noncurrent_version_expiration: [{ noncurrent_days: 7 }] };
const release = (chart: string, values: string) => ({
  repository: 'https://charts.example.com',
  chart,
  version: '1.0.0',
  values: [values],
});
const pod = (volume: object) => ({ spec: { template: { spec: { volume: [volume] } } } });

const ACCOUNT = `\${azurerm_storage_account.Store_1.id}`;
const policy = (base_blob: object, filters: object = {}) => ({
  azurerm_storage_management_policy: {
    P: { storage_account_id: ACCOUNT, rule: [{ enabled: true, filters, actions: { base_blob } }] },
  },
});
const AFTER_A_YEAR = { delete_after_days_since_modification_greater_than: 365 };

test.each<[string, ...Parameters<typeof stack>]>([
  ['a log group', 'aws_cloudwatch_log_group', { name: '/shop' }],
  ['a log group with no end', 'aws_cloudwatch_log_group', { name: '/shop', retention_in_days: 0 }],
  ['a bucket', 'aws_s3_bucket', { bucket: 'shop' }],
  ['a bucket in which a prefix has an end', 'aws_s3_bucket', { bucket: 'shop' }, lifecycle(logs)],
  ['a bucket whose rule is off', 'aws_s3_bucket', { bucket: 'shop' }, lifecycle({ ...all, status: 'Disabled' })],
  ['a bucket with old versions', 'aws_s3_bucket', { bucket: 'shop' }, { ...lifecycle(all), ...versioning }],
  ['a table', 'aws_dynamodb_table', { name: 'shop' }],
  ['a repository', 'aws_ecr_repository', { name: 'shop' }],
  ['a file system', 'aws_efs_file_system', {}],
  ['a serverless cache', 'aws_elasticache_serverless_cache', { engine: 'valkey' }],
  ['backups', 'aws_backup_plan', { rule: [{ rule_name: 'daily' }] }],
  ['a storage account', 'azurerm_storage_account', { name: 'shop' }],
  [
    'a storage account in which a prefix has an end',
    'azurerm_storage_account',
    { name: 'shop' },
    policy(AFTER_A_YEAR, { prefix_match: ['logs/'] }),
  ],
  ['a queue of Azure', 'azurerm_servicebus_queue', { name: 'shop' }],
  ['a container of Cosmos DB', 'azurerm_cosmosdb_sql_container', { name: 'shop' }],
  ['the log group that a function makes', 'aws_lambda_function', { function_name: 'shop' }],
  ['the log group that a cluster makes', 'aws_eks_cluster', { name: 'shop', enabled_cluster_log_types: ['audit'] }],
  [
    'the log group that a database makes',
    'aws_db_instance',
    { identifier: 'shop', enabled_cloudwatch_logs_exports: ['postgresql'] },
  ],
  ['the log group that a build makes', 'aws_codebuild_project', { name: 'shop' }],
  ['a scratch volume', 'kubernetes_deployment_v1', pod({ name: 'tmp', empty_dir: {} })],
  ['a finished job', 'kubernetes_job_v1', { spec: {} }],
  ['logs in Loki', 'helm_release', release('loki', 'loki: { limits_config: {} }')],
  ['a cache in the cluster', 'helm_release', release('valkey', 'valkeyConfig: appendonly yes')],
  [
    'a topic',
    'helm_release',
    {
      chart: './topics',
      values: ['objects: [{ kind: KafkaTopic, metadata: { name: events }, spec: { config: { retention.ms: -1 } } }]'],
    },
  ],
])('finds %s', (_, ...args) => {
  const [finding, ...more] = check(...args);
  expect(more).toEqual([]);
  expect(finding).toMatchSnapshot();
});

test.each<[string, ...Parameters<typeof stack>]>([
  ['a log group with a retention', 'aws_cloudwatch_log_group', { name: '/shop', retention_in_days: 30 }],
  ['a bucket with a lifecycle', 'aws_s3_bucket', {}, { ...lifecycle(all, replaced), ...versioning }],
  ['a bucket with a lifecycle and no versions', 'aws_s3_bucket', {}, lifecycle(all)],
  ['a table whose items end', 'aws_dynamodb_table', { ttl: { attribute_name: 'ends', enabled: true } }],
  [
    'a repository with a lifecycle',
    'aws_ecr_repository',
    {},
    { aws_ecr_lifecycle_policy: { L: { repository: `\${aws_ecr_repository.Store_1.name}` } } },
  ],
  ['a storage account that deletes', 'azurerm_storage_account', {}, policy(AFTER_A_YEAR)],
  [
    'a function with a log group',
    'aws_lambda_function',
    { function_name: 'shop' },
    { aws_cloudwatch_log_group: { L: { name: '/aws/lambda/shop', retention_in_days: 1 } } },
  ],
  [
    'a function that logs elsewhere',
    'aws_lambda_function',
    { function_name: 'shop', logging_config: { log_group: '/shop' } },
  ],
  ['a function whose name is known at the deploy', 'aws_lambda_function', { function_name: `\${var.name}` }],
  ['a cluster that logs nothing', 'aws_eks_cluster', { name: 'shop' }],
  ['a scratch volume with a size', 'kubernetes_deployment_v1', pod({ name: 'tmp', empty_dir: { size_limit: '1Gi' } })],
  [
    'Loki with a retention',
    'helm_release',
    release('loki', 'loki: { limits_config: { retention_period: 336h }, compactor: { retention_enabled: true } }'),
  ],
  ['a cache with a size', 'helm_release', release('valkey', 'valkeyConfig: maxmemory 96mb')],
  ['a chart that is not known', 'helm_release', release('shop', 'a: b')],
  ['what keeps nothing', 'aws_vpc', { cidr_block: '10.0.0.0/16' }],
])('lets %s be', (_, ...args) => {
  expect(check(...args)).toEqual([]);
});

test.each(['shop/Store/Resource', 'shop/Store', 'shop'])('lets be what %s says is kept for good', (path) => {
  expect(check('aws_s3_bucket', {}, {}, [path, 'models stay'])).toEqual([]);
});

test.each(['shop/Sto', 'shop/Other'])('finds it all the same when %s says so', (path) => {
  expect(check('aws_s3_bucket', {}, {}, [path, 'models stay'])).toHaveLength(1);
});
