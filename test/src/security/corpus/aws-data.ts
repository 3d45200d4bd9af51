import { ACCOUNT, type Corpus, cases, KEY, policy, REMOVED } from './corpus';

const DATABASE = {
  'aws_db_instance.Database': {
    identifier: 'shop',
    engine: 'postgres',
    instance_class: 'db.t4g.small',
    storage_encrypted: true,
    publicly_accessible: false,
    backup_retention_period: 7,
    iam_database_authentication_enabled: true,
    deletion_protection: true,
  },
};
const CLUSTER = {
  'aws_rds_cluster.Cluster': { engine: 'aurora-postgresql', storage_encrypted: true, backup_retention_period: 7 },
};
const TABLE = {
  'aws_dynamodb_table.Table': { name: 'sessions', hash_key: 'id', point_in_time_recovery: { enabled: true } },
};
const CACHE = {
  'aws_elasticache_replication_group.Cache': {
    replication_group_id: 'shop',
    at_rest_encryption_enabled: true,
    transit_encryption_enabled: true,
    user_group_ids: ['shop'],
    kms_key_id: KEY,
  },
};
const TOPIC = { 'aws_sns_topic.Topic': { name: 'orders', kms_master_key_id: KEY } };
const OF_ACCOUNT = {
  Effect: 'Allow',
  Action: 'sns:Publish',
  Resource: `arn:aws:sns:us-east-1:${ACCOUNT}:orders`,
  Principal: { Service: 's3.amazonaws.com' },
  Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
};
const TOPIC_POLICY = { 'aws_sns_topic_policy.Topic': { arn: 'arn', policy: policy(OF_ACCOUNT) } };
const QUEUE = { 'aws_sqs_queue.Queue': { name: 'orders', kms_master_key_id: KEY } };
const SEND = { ...OF_ACCOUNT, Action: 'sqs:SendMessage', Resource: `arn:aws:sqs:us-east-1:${ACCOUNT}:orders` };
const QUEUE_POLICY = { 'aws_sqs_queue_policy.Queue': { queue_url: 'https://sqs', policy: policy(SEND) } };
const STREAM = { 'aws_kinesis_stream.Events': { name: 'events', encryption_type: 'KMS', kms_key_id: KEY } };
const DELIVERY = {
  'aws_kinesis_firehose_delivery_stream.Events': {
    name: 'events',
    destination: 'extended_s3',
    server_side_encryption: { enabled: true, key_type: 'CUSTOMER_MANAGED_CMK', key_arn: KEY },
  },
};
const BROKERS = {
  'aws_msk_cluster.Kafka': {
    cluster_name: 'events',
    kafka_version: '3.9.x',
    number_of_broker_nodes: 3,
    broker_node_group_info: {
      instance_type: 'kafka.m7g.large',
      client_subnets: ['a', 'b', 'c'],
      security_groups: ['sg-1'],
    },
    encryption_info: {
      encryption_at_rest_kms_key_arn: KEY,
      encryption_in_transit: { client_broker: 'TLS', in_cluster: true },
    },
  },
};
const SEARCH = {
  'aws_opensearch_domain.Search': {
    domain_name: 'catalogue',
    cluster_config: { instance_type: 'm7g.medium.search', instance_count: 3 },
    encrypt_at_rest: { enabled: true, kms_key_id: KEY },
    node_to_node_encryption: { enabled: true },
    domain_endpoint_options: { enforce_https: true, tls_security_policy: 'Policy-Min-TLS-1-2-2019-07' },
  },
};
const WAREHOUSE = {
  'aws_redshift_cluster.Warehouse': {
    cluster_identifier: 'shop',
    node_type: 'ra3.large',
    encrypted: true,
    kms_key_id: KEY,
    publicly_accessible: false,
  },
};
const REPLICATION = {
  'aws_dms_replication_instance.Migration': {
    replication_instance_id: 'shop',
    replication_instance_class: 'dms.t3.small',
    publicly_accessible: false,
    kms_key_arn: KEY,
  },
};
const SOURCE = {
  'aws_dms_endpoint.Source': {
    endpoint_id: 'old',
    endpoint_type: 'source',
    engine_name: 'postgres',
    ssl_mode: 'verify-full',
  },
};
const offAndMissing = (argument: string) => [{ [argument]: false }, { [argument]: REMOVED }];

export const AWS_DATA: Corpus = {
  'AWS-RDS-001': cases(DATABASE, offAndMissing('storage_encrypted'), [{ storage_encrypted: `\${var.encrypted}` }]),
  'AWS-RDS-002': cases(
    DATABASE,
    [
      { publicly_accessible: true },
      {
        'aws_rds_cluster_instance.One': {
          cluster_identifier: 'shop',
          engine: 'aurora-postgresql',
          publicly_accessible: true,
        },
      },
    ],
    [{ publicly_accessible: REMOVED }],
  ),
  'AWS-RDS-003': cases(
    DATABASE,
    [{ backup_retention_period: 0 }, { backup_retention_period: REMOVED }],
    [{ backup_retention_period: 1 }],
  ),
  'AWS-RDS-004': cases(CLUSTER, offAndMissing('storage_encrypted'), [
    { storage_encrypted: REMOVED, engine_mode: 'serverless' },
  ]),
  'AWS-RDS-005': cases(DATABASE, offAndMissing('iam_database_authentication_enabled'), [
    { iam_database_authentication_enabled: REMOVED, engine: 'sqlserver-ex' },
  ]),
  'AWS-DYNAMODB-001': cases(TABLE, [{ 'point_in_time_recovery.enabled': false }, { point_in_time_recovery: REMOVED }]),
  'AWS-CACHE-001': cases(CACHE, offAndMissing('at_rest_encryption_enabled')),
  'AWS-CACHE-002': cases(CACHE, offAndMissing('transit_encryption_enabled')),
  'AWS-CACHE-003': cases(
    CACHE,
    [{ user_group_ids: REMOVED }, { user_group_ids: [] }],
    [{ user_group_ids: REMOVED, auth_token: `\${random_password.Token.result}` }],
  ),
  'AWS-SNS-001': cases(TOPIC, [{ kms_master_key_id: REMOVED }], [{ kms_master_key_id: 'alias/aws/sns' }]),
  'AWS-SNS-002': cases(TOPIC_POLICY, [
    { policy: policy({ ...OF_ACCOUNT, Principal: { AWS: '*' }, Condition: {} }) },
    { policy: policy(OF_ACCOUNT, { ...OF_ACCOUNT, Principal: '*', Condition: {} }) },
  ]),
  'AWS-SQS-001': cases(
    QUEUE,
    [{ kms_master_key_id: REMOVED, sqs_managed_sse_enabled: false }, { kms_master_key_id: REMOVED }],
    [{ kms_master_key_id: REMOVED, sqs_managed_sse_enabled: true }],
  ),
  'AWS-SQS-002': cases(QUEUE_POLICY, [
    { policy: policy({ ...SEND, Principal: '*', Condition: {} }) },
    { policy: policy(SEND, { ...SEND, Principal: { AWS: '*' }, Condition: {} }) },
  ]),
  'AWS-SQS-003': cases(QUEUE_POLICY, [{ policy: policy({ ...SEND, Action: '*' }) }]),
  'AWS-KINESIS-001': cases(STREAM, [{ encryption_type: 'NONE' }, { encryption_type: REMOVED }]),
  'AWS-FIREHOSE-001': cases(
    DELIVERY,
    [{ 'server_side_encryption.enabled': false }, { server_side_encryption: REMOVED }],
    [{ server_side_encryption: REMOVED, kinesis_source_configuration: { kinesis_stream_arn: 'arn', role_arn: 'arn' } }],
  ),
  'AWS-MSK-001': cases(
    BROKERS,
    [
      { 'encryption_info.encryption_in_transit.client_broker': 'TLS_PLAINTEXT' },
      { 'encryption_info.encryption_in_transit.in_cluster': false },
    ],
    [{ encryption_info: REMOVED }],
  ),
  'AWS-MSK-002': cases(
    BROKERS,
    [{ 'broker_node_group_info.connectivity_info': { public_access: { type: 'SERVICE_PROVIDED_EIPS' } } }],
    [{ 'broker_node_group_info.connectivity_info': { public_access: { type: 'DISABLED' } } }],
  ),
  'AWS-SEARCH-001': cases(SEARCH, [{ 'encrypt_at_rest.enabled': false }, { encrypt_at_rest: REMOVED }]),
  'AWS-SEARCH-002': cases(SEARCH, [{ 'node_to_node_encryption.enabled': false }, { node_to_node_encryption: REMOVED }]),
  'AWS-SEARCH-003': cases(
    SEARCH,
    [{ 'domain_endpoint_options.enforce_https': false }, { domain_endpoint_options: REMOVED }],
    [{ 'domain_endpoint_options.enforce_https': REMOVED }],
  ),
  'AWS-DOCDB-001': cases(
    { 'aws_docdb_cluster.Documents': { cluster_identifier: 'shop', storage_encrypted: true, kms_key_id: KEY } },
    offAndMissing('storage_encrypted'),
  ),
  'AWS-NEPTUNE-001': cases(
    { 'aws_neptune_cluster.Graph': { cluster_identifier: 'shop', storage_encrypted: true, kms_key_arn: KEY } },
    offAndMissing('storage_encrypted'),
  ),
  'AWS-REDSHIFT-001': cases(WAREHOUSE, offAndMissing('encrypted')),
  'AWS-REDSHIFT-002': cases(WAREHOUSE, [{ publicly_accessible: true }, { publicly_accessible: REMOVED }]),
  'AWS-DMS-001': cases(REPLICATION, [{ publicly_accessible: true }], [{ publicly_accessible: REMOVED }]),
  'AWS-DMS-002': cases(
    SOURCE,
    [{ ssl_mode: 'none' }, { ssl_mode: REMOVED }],
    [{ engine_name: 's3', ssl_mode: 'none' }],
  ),
};
