import { billOf } from '../../../src/cost/bill';
import { ESTIMATORS } from '../../../src/cost/estimators';
import { foreignStack } from './synthetic';

/** A month of nothing, so that what is fixed is told from what is used. */
const NOTHING = {
  meanLoadPercent: 0,
  natGb: 0,
  endpointGb: 0,
  clusterLogGb: 0,
  trailLogGb: 0,
  logGb: 0,
  storedGb: 0,
  backupGb: 0,
  functionCallsThousands: 0,
  messagesMillions: 0,
  dnsMillions: 0,
};

const cost = (type: string, block: object, usage = {}, beside = {}) =>
  billOf(
    [foreignStack({ [type]: { One: block }, ...beside }, type.startsWith('azurerm') ? { azurerm: [{}] } : undefined)],
    {
      usage: { ...NOTHING, ...usage },
    },
  ).usd.expected;

/** Counted by hand from the clouds' lists. */
const FIXED: [type: string, what: string, block: object, usd: number][] = [
  ['aws_eks_cluster', 'a control plane', { upgrade_policy: { support_type: 'STANDARD' } }, 73],
  [
    'aws_eks_node_group',
    'two on demand',
    { instance_types: ['t4g.large'], scaling_config: { min_size: 2 } },
    98.11 + 3.2,
  ],
  [
    'aws_eks_node_group',
    'a spot one',
    { instance_types: ['m7g.xlarge'], capacity_type: 'SPOT', disk_size: 50 },
    119.14 * 0.35 + 4,
  ],
  ['aws_autoscaling_group', 'three without a template', { min_size: 3, max_size: 3 }, 3 * (30.37 + 0.64)],
  ['aws_instance', 'a small one', { instance_type: 't4g.small' }, 12.26 + 0.64],
  [
    'azurerm_kubernetes_cluster',
    'a free one',
    { default_node_pool: { vm_size: 'Standard_D4pls_v6', node_count: 1, os_disk_type: 'Ephemeral' } },
    90.52 + 18.25,
  ],
  [
    'azurerm_kubernetes_cluster_node_pool',
    'two spot ones',
    { vm_size: 'Standard_B2pls_v2', node_count: 2, priority: 'Spot', os_disk_size_gb: 30 },
    2 * (24.53 * 0.35 + 5.28),
  ],
  ['aws_eip', 'an address', {}, 3.65],
  ['aws_nat_gateway', 'a gateway', {}, 32.85],
  ['aws_vpc_endpoint', 'of a gateway', { vpc_endpoint_type: 'Gateway' }, 0],
  ['aws_vpc_endpoint', 'in two zones', { vpc_endpoint_type: 'Interface', subnet_ids: ['a', 'b'] }, 14.6],
  ['aws_lb', 'internal', { internal: true, load_balancer_type: 'application' }, 16.43],
  [
    'aws_lb',
    'of the network, in three zones',
    { load_balancer_type: 'network', subnets: ['a', 'b', 'c'] },
    16.43 + 10.95,
  ],
  ['aws_route53_zone', 'a zone', {}, 0.5],
  ['aws_wafv2_web_acl', 'two rules', { rule: [{}, {}] }, 7],
  ['aws_wafv2_web_acl', 'bot control', { rule: [{ name: 'AWSManagedRulesBotControlRuleSet' }] }, 16],
  ['azurerm_public_ip', 'an address', {}, 3.65],
  ['azurerm_public_ip_prefix', 'four addresses', { prefix_length: 30 }, 14.6],
  ['azurerm_nat_gateway', 'a gateway', {}, 32.85],
  ['azurerm_lb', 'a balancer', { sku: 'Standard' }, 18.25],
  ['azurerm_private_endpoint', 'an endpoint', {}, 7.3],
  ['azurerm_container_registry', 'a registry', { sku: 'Basic' }, 5],
  [
    'aws_db_instance',
    'with a standby',
    { instance_class: 'db.t4g.small', allocated_storage: 20, multi_az: true },
    51.32,
  ],
  [
    'aws_rds_cluster',
    'two units',
    { serverlessv2_scaling_configuration: [{ min_capacity: 2, max_capacity: 2 }] },
    175.2,
  ],
  [
    'aws_elasticache_replication_group',
    'two nodes',
    { engine: 'valkey', node_type: 'cache.t4g.small', num_cache_clusters: 2 },
    37.38,
  ],
  [
    'aws_elasticache_replication_group',
    'two shards with a replica',
    { engine: 'valkey', node_type: 'cache.t4g.micro', num_node_groups: 2, replicas_per_node_group: 1 },
    37.38,
  ],
  ['aws_elasticache_serverless_cache', 'the least', {}, 6.13],
  ['aws_docdb_cluster_instance', 'an instance', { instance_class: 'db.t3.medium' }, 56.94],
  [
    'aws_opensearch_domain',
    'two nodes',
    { cluster_config: [{ instance_type: 't3.small.search', instance_count: 2 }], ebs_options: { volume_size: 10 } },
    55,
  ],
  ['aws_redshift_cluster', 'four nodes', { node_type: 'dc2.large', number_of_nodes: 4 }, 730],
  [
    'aws_dms_replication_instance',
    'small',
    { replication_instance_class: 'dms.t3.small', allocated_storage: 50 },
    26.28,
  ],
  [
    'mongodbatlas_advanced_cluster',
    'three nodes',
    { replication_specs: [{ region_configs: [{ electable_specs: { instance_size: 'M10', node_count: 3 } }] }] },
    58.4,
  ],
  ['aws_kinesis_stream', 'on demand', { stream_mode_details: { stream_mode: 'ON_DEMAND' } }, 29.2],
  ['aws_kinesis_stream', 'four shards', { shard_count: 4 }, 43.8],
  ['aws_msk_serverless_cluster', 'a cluster', {}, 547.5],
  [
    'aws_msk_cluster',
    'two brokers',
    {
      number_of_broker_nodes: 2,
      broker_node_group_info: {
        instance_type: 'kafka.t3.small',
        storage_info: { ebs_storage_info: { volume_size: 500 } },
      },
    },
    166.58,
  ],
  ['aws_ebs_volume', 'of 40 GiB', { size: 40 }, 3.2],
  [
    'aws_cloudwatch_metric_alarm',
    'of two metrics',
    { metric_query: [{ metric: {} }, { metric: {} }, { expression: 'a/b' }] },
    0.2,
  ],
  ['aws_cloudwatch_composite_alarm', 'an alarm', {}, 0.5],
  ['aws_cloudwatch_dashboard', 'a dashboard', {}, 3],
  ['aws_kms_key', 'a key', {}, 1],
  ['aws_secretsmanager_secret', 'a secret', {}, 0.4],
  [
    'aws_sagemaker_endpoint_configuration',
    'two instances',
    { production_variants: [{ initial_instance_count: 2, instance_type: 'ml.c7g.large' }] },
    131.4,
  ],
  ['kubernetes_persistent_volume_claim_v1', 'on AWS', { spec: { resources: { requests: { storage: '20Gi' } } } }, 1.6],
  ['kubernetes_service_v1', 'inside the cluster', { spec: { type: 'ClusterIP' } }, 0],
  ['kubernetes_service_v1', 'a classic balancer', { spec: { type: 'LoadBalancer' } }, 18.25 + 7.3],
  [
    'kubernetes_stateful_set_v1',
    'three volumes',
    { spec: { replicas: 3, volume_claim_template: [{ spec: { resources: { requests: { storage: '10Gi' } } } }] } },
    2.4,
  ],
];

test.each(FIXED)('%s, %s', (type, _, block, usd) => {
  expect(Math.abs(cost(type, block) - usd)).toBeLessThanOrEqual(Math.max(0.01, usd * 0.001));
});

/** What one more of something used costs. */
const USED: [type: string, block: object, usage: object, usd: number][] = [
  ['aws_nat_gateway', {}, { natGb: 100 }, 4.5],
  ['aws_vpc_endpoint', { vpc_endpoint_type: 'Interface', subnet_ids: ['a'] }, { endpointGb: 100 }, 1],
  ['azurerm_nat_gateway', {}, { natGb: 100 }, 4.5],
  ['azurerm_private_endpoint', {}, { endpointGb: 100 }, 1],
  ['aws_route53_zone', {}, { dnsMillions: 10 }, 4],
  ['aws_s3_bucket', {}, { storedGb: 1000 }, 23],
  ['aws_ecr_repository', {}, { storedGb: 100 }, 10],
  ['aws_efs_file_system', {}, { storedGb: 100 }, 30],
  ['aws_backup_vault', {}, { backupGb: 100 }, 5],
  ['aws_docdb_cluster', {}, { storedGb: 100 }, 10],
  ['aws_neptune_cluster', {}, { storedGb: 100 }, 10],
  ['aws_dynamodb_table', { point_in_time_recovery: { enabled: true } }, { storedGb: 100 }, 45],
  ['azurerm_storage_account', { account_replication_type: 'ZRS' }, { storedGb: 100 }, 2.6],
  ['azurerm_key_vault', {}, { messagesMillions: 1 }, 3],
  ['azurerm_log_analytics_workspace', {}, { logGb: 10 }, 23],
  ['aws_cloudwatch_log_group', { retention_in_days: 30 }, { logGb: 100 }, 50.45],
  ['aws_cloudwatch_log_group', { name: '/aws/cloudtrail/shop', retention_in_days: 60 }, { trailLogGb: 100 }, 50.9],
  ['aws_cloudwatch_log_group', { name: '/aws/eks/shop/cluster', retention_in_days: 60 }, { clusterLogGb: 100 }, 50.9],
  ['aws_lambda_function', { memory_size: 1024, architectures: ['arm64'] }, { functionCallsThousands: 1000 }, 2.87],
  ['aws_sqs_queue', {}, { messagesMillions: 10 }, 4],
  ['aws_sqs_queue', { fifo_queue: true }, { messagesMillions: 10 }, 5],
  ['aws_sns_topic', {}, { messagesMillions: 10 }, 5],
  ['aws_scheduler_schedule', {}, { messagesMillions: 10 }, 10],
  ['aws_sfn_state_machine', {}, { transitionsThousands: 11 }, 0.25],
  ['aws_sfn_state_machine', { type: 'EXPRESS' }, { messagesMillions: 1 }, 1],
  ['aws_codebuild_project', {}, { buildMinutes: 1100 }, 5],
  ['aws_codepipeline', { stage: [{}, {}] }, { buildMinutes: 1100 }, 4],
  ['aws_athena_workgroup', {}, { queriedGb: 1050 }, 5],
  ['aws_guardduty_detector', {}, { awsCallsMillions: 2 }, 4],
  ['aws_guardduty_detector_feature', { name: 'EKS_AUDIT_LOGS' }, { auditEventsMillions: 12 }, 16],
  ['aws_guardduty_detector_feature', { name: 'S3_DATA_EVENTS' }, { objectEventsMillions: 10.5 }, 8],
  ['aws_cloudtrail', { event_selector: [{ data_resource: [{}] }] }, { objectEventsMillions: 10.5 }, 10],
  ['aws_cloudtrail', { insight_selector: [{}] }, { awsCallsMillions: 11 }, 35],
  ['aws_config_configuration_recorder', {}, { configChangesThousands: 10.5 }, 30],
  ['aws_config_config_rule', {}, { ruleLooksThousands: 10.1 }, 10],
  ['aws_inspector2_enabler', { resource_types: ['ECR'] }, { imageScans: 120 }, 10],
  ['aws_securityhub_standards_subscription', {}, { securityChecksThousands: 11 }, 10],
  ['aws_prometheus_workspace', {}, { samplesMillions: 1100 }, 90],
  ['aws_cloudtrail_event_data_store', {}, { logGb: 10 }, 7.5],
  ['aws_sagemaker_notebook_instance', { instance_type: 'ml.t3.medium' }, { notebookHours: 268 }, 5],
  // 131.4 million requests of 2 KiB, and 6.57 million events of a KiB.
  ['aws_apigatewayv2_api', {}, { meanLoadPercent: 5 }, 131.4 + 169.11 * 0.09],
  ['aws_wafv2_web_acl', {}, { meanLoadPercent: 5 }, 78.84],
  ['aws_cloudfront_distribution', {}, { meanLoadPercent: 5 }, 121.4],
  ['aws_cloudfront_function', {}, { meanLoadPercent: 5 }, 13.14],
  ['aws_cloudfront_key_value_store', {}, { meanLoadPercent: 5 }, 7.88],
  ['aws_lb', { load_balancer_type: 'network', internal: true }, { meanLoadPercent: 5 }, 269.11 * 0.006],
  ['aws_sqs_queue', { redrive_policy: '{}' }, { meanLoadPercent: 5 }, 3 * 6.57 * 0.4],
  [
    'aws_kinesis_stream',
    { stream_mode_details: { stream_mode: 'ON_DEMAND' }, retention_period: 48 },
    { meanLoadPercent: 5 },
    6.57 * 0.12 + (6.57 / 30) * 0.1,
  ],
  ['aws_kinesis_firehose_delivery_stream', {}, { meanLoadPercent: 5 }, 6.57 * 0.029],
  ['aws_msk_serverless_cluster', {}, { meanLoadPercent: 5 }, 6.57 * 0.15],
  ['aws_sagemaker_feature_group', {}, { meanLoadPercent: 5 }, 6.57 * 1.25],
  ['azurerm_lb', {}, { meanLoadPercent: 5 }, 269.11 * 0.005],
];

test.each(USED)('%s %j, by %j', (type, block, usage, usd) => {
  const more = cost(type, block, usage) - cost(type, block);
  expect(Math.abs(more - usd)).toBeLessThanOrEqual(Math.max(0.01, usd * 0.001));
});

test('every estimator but those that other tests count has a row here', () => {
  const elsewhere = ['aws_ecs_service', 'helm_release'];
  const rows = new Set([...FIXED.map(([type]) => type), ...USED.map(([type]) => type), ...elsewhere]);
  expect(Object.keys(ESTIMATORS).filter((type) => !rows.has(type))).toEqual([]);
});

test("Karpenter's pools go to their limits, and a chart of something else is free", () => {
  const values = ['objects:\n  - kind: NodePool\n    spec:\n      limits:\n        cpu: "64"\n'];
  const bill = billOf([foreignStack({ helm_release: { Pools: { values }, Other: { values: ['replicas: 3\n'] } } })]);
  expect(bill.lines.map(({ path, usd }) => [path, usd.floor, Math.round(usd.ceiling)])).toEqual([
    ['shop/Pools', 0, Math.round(32 * 59.568)],
  ]);
});

test('opening hours count with the average of a week', () => {
  const group = `\${aws_autoscaling_group.One.name}`;
  const schedule = (recurrence: string, size: number) => ({
    autoscaling_group_name: group,
    recurrence,
    min_size: size,
    max_size: size,
  });
  const machines = (schedules: object) =>
    cost('aws_autoscaling_group', { min_size: 4, max_size: 4 }, {}, { aws_autoscaling_schedule: schedules });
  const always = machines({});
  expect(machines({ Open: schedule('0 8 * * MON-FRI', 4), Close: schedule('0 20 * * MON-FRI', 0) })).toBeCloseTo(
    (always * 60) / 168,
    6,
  );
  expect(machines({ Open: schedule('0 8 * * SUN,SAT', 4), Close: schedule('0 9 * * SUN,SAT', 2) })).toBeCloseTo(
    (always * (4 * 2 + 2 * 166)) / (4 * 168),
    6,
  );
  expect(machines({ Odd: schedule('*/5 * * * *', 0) })).toBe(always);
});
