import { walk } from '../../synthesized/stack-json';
import { amount, type Charge, type Estimators, hours, isTrue, listAt, numberAt, textAt } from '../estimator';
import { flat, times } from '../range';
import { scaled } from '../usage';

/** Storage that DMS has without being asked for it, in GiB. Source: https://aws.amazon.com/dms/pricing/ */
const FREE_MIGRATION_GIB = 50;
/** GB that ElastiCache Serverless for Valkey bills at least. Source: https://aws.amazon.com/elasticache/pricing/ */
const LEAST_SERVERLESS_GB = 0.1;

/** What stores data, and what is kept of it. */
export const DATA_ESTIMATORS: Estimators = {
  aws_s3_bucket: (_, { usage }) => [amount('aws/s3', usage.storedGb)],
  aws_ecr_repository: (_, { usage }) => [amount('aws/ecr', usage.storedGb)],
  aws_ebs_volume: (block) => [amount('aws/ebs/gp3', numberAt(block, ['size'], 1))],
  aws_efs_file_system: (block, { usage }) => [
    amount(block.availability_zone_name ? 'aws/efs/one-zone' : 'aws/efs', usage.storedGb),
  ],
  aws_backup_vault: (_, { usage }) => [amount('aws/backup', usage.backupGb)],

  aws_db_instance: (block, { usage }) => {
    const copies = isTrue(block.multi_az) ? 2 : 1;
    const gib = numberAt(block, ['allocated_storage'], 20);
    const most = Math.max(gib, numberAt(block, ['max_allocated_storage'], gib));
    return [
      hours(`aws/rds/${textAt(block, ['instance_class'])}`, copies),
      amount('aws/rds/gp3', times(scaled(gib, most, { load: 0 }), copies)),
      ...(usage.backupGb > gib ? [amount('aws/rds/backup', usage.backupGb - gib)] : []),
    ];
  },
  aws_rds_cluster: (block, { usage }) => {
    const scaling = walk(block, ['serverlessv2_scaling_configuration', 0]);
    const units = scaled(numberAt(scaling, ['min_capacity'], 0), numberAt(scaling, ['max_capacity'], 0), usage);
    return [...(scaling ? [hours('aws/aurora/acu', units)] : []), amount('aws/aurora/storage', usage.storedGb)];
  },
  aws_elasticache_replication_group: (block) => {
    const shards = numberAt(block, ['num_node_groups'], 1);
    const replicas = numberAt(block, ['replicas_per_node_group'], 0);
    const nodes = numberAt(block, ['num_cache_clusters'], shards * (1 + replicas));
    return [hours(`aws/elasticache/${textAt(block, ['engine'], 'redis')}/${textAt(block, ['node_type'])}`, nodes)];
  },
  aws_elasticache_serverless_cache: (block) => {
    const least = numberAt(block, ['cache_usage_limits', 0, 'data_storage', 0, 'minimum'], LEAST_SERVERLESS_GB);
    const most = numberAt(block, ['cache_usage_limits', 0, 'data_storage', 0, 'maximum'], least);
    return [hours('aws/elasticache/serverless', scaled(least, most, { load: 0 }))];
  },
  aws_dynamodb_table: (block, { usage }) => [
    amount('aws/dynamodb/writes', usage.messagesMillions),
    amount('aws/dynamodb/reads', usage.messagesMillions),
    amount('aws/dynamodb/storage', usage.storedGb),
    ...(isTrue(walk(block, ['point_in_time_recovery', 0, 'enabled']))
      ? [amount('aws/dynamodb/recovery', usage.storedGb)]
      : []),
  ],
  aws_docdb_cluster: (_, { usage }) => [amount('aws/documentdb/storage', usage.storedGb)],
  aws_docdb_cluster_instance: (block) => [hours(`aws/documentdb/${textAt(block, ['instance_class'])}`)],
  aws_neptune_cluster: (_, { usage }) => [amount('aws/neptune/storage', usage.storedGb)],
  aws_opensearch_domain: (block) => {
    const nodes = numberAt(block, ['cluster_config', 0, 'instance_count'], 1);
    const type = textAt(block, ['cluster_config', 0, 'instance_type'], 'm4.large.search');
    return [
      hours(`aws/opensearch/${type}`, nodes),
      amount('aws/opensearch/gp3', nodes * numberAt(block, ['ebs_options', 0, 'volume_size'], 0)),
    ];
  },
  aws_redshift_cluster: (block) => [
    hours(`aws/redshift/${textAt(block, ['node_type'])}`, numberAt(block, ['number_of_nodes'], 1)),
  ],
  aws_dms_replication_instance: (block) => {
    const copies = isTrue(block.multi_az) ? 2 : 1;
    const beyond = Math.max(0, numberAt(block, ['allocated_storage'], 50) - FREE_MIGRATION_GIB);
    return [
      hours(`aws/dms/${textAt(block, ['replication_instance_class'])}`, copies),
      amount('aws/dms/storage', beyond * copies),
    ];
  },
  mongodbatlas_advanced_cluster: (block) =>
    listAt(block, ['replication_specs'])
      .flatMap((one) => listAt(one, ['region_configs']))
      .map((region): Charge => {
        const nodes = numberAt(region, ['electable_specs', 0, 'node_count'], 3);
        const size = textAt(region, ['electable_specs', 0, 'instance_size'], 'M10');
        // Atlas' prices are for a replica set of three.
        return hours(`atlas/${size}`, nodes / 3);
      }),

  aws_sqs_queue: (block, { usage }) => {
    const price = isTrue(block.fifo_queue) ? 'aws/sqs/fifo' : 'aws/sqs';
    // Each event is sent, received and deleted; a queue for what failed has few.
    const calls = block.redrive_policy ? times(usage.eventsMillions, 3) : flat(usage.messagesMillions);
    return [amount(price, calls)];
  },
  aws_sns_topic: (_, { usage }) => [amount('aws/sns', usage.messagesMillions)],
  // Events are counted as a KiB each, so a million of them as a GB.
  aws_kinesis_stream: (block, { usage }) => {
    const days = numberAt(block, ['retention_period'], 24) / 24;
    const shards = numberAt(block, ['shard_count'], 0);
    const onDemand = textAt(block, ['stream_mode_details', 0, 'stream_mode'], 'PROVISIONED') === 'ON_DEMAND';
    if (!onDemand) return [hours('aws/kinesis/shard', Math.max(1, shards))];
    return [
      hours('aws/kinesis'),
      amount('aws/kinesis/in', usage.eventsMillions),
      amount('aws/kinesis/out', usage.eventsMillions),
      ...(days > 1 ? [amount('aws/kinesis/retention', times(usage.eventsMillions, (days - 1) / 30))] : []),
    ];
  },
  aws_kinesis_firehose_delivery_stream: (block, { usage }) => {
    const converts = walk(block, ['extended_s3_configuration', 0, 'data_format_conversion_configuration', 0]);
    return [
      amount('aws/firehose', usage.eventsMillions),
      ...(converts ? [amount('aws/firehose/conversion', usage.eventsMillions)] : []),
    ];
  },
  aws_msk_serverless_cluster: (_, { usage }) => [
    hours('aws/msk/serverless'),
    amount('aws/msk/serverless/in', usage.eventsMillions),
    amount('aws/msk/serverless/out', usage.eventsMillions),
  ],
  aws_msk_cluster: (block) => {
    const brokers = numberAt(block, ['number_of_broker_nodes'], 1);
    const info = walk(block, ['broker_node_group_info', 0]);
    const gib = numberAt(info, ['storage_info', 0, 'ebs_storage_info', 0, 'volume_size'], 0);
    return [hours(`aws/msk/${textAt(info, ['instance_type'])}`, brokers), amount('aws/msk/storage', brokers * gib)];
  },
  aws_athena_workgroup: (_, { usage }) => [amount('aws/athena', usage.queriedGb)],

  azurerm_storage_account: (block, { usage }) => [
    amount(`azure/blob/${textAt(block, ['account_replication_type'], 'LRS').replace(/^RA/, '')}`, usage.storedGb),
  ],
  azurerm_key_vault: (_, { usage }) => [amount('azure/key-vault', usage.messagesMillions)],
  azurerm_container_registry: (block) => [amount(`azure/registry/${textAt(block, ['sku'], 'Basic')}`, 1)],
  azurerm_log_analytics_workspace: (_, { usage }) => [amount('azure/log-analytics', usage.logGb)],
  aws_prometheus_workspace: (_, { usage }) => [amount('aws/prometheus', usage.samplesMillions)],
  aws_cloudtrail_event_data_store: (_, { usage }) => [amount('aws/cloudtrail/lake', usage.logGb)],
};
