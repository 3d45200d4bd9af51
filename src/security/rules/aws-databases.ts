import { atLeast, found, notOff, notOn, on, oneOf } from '../checks';
import { securityHub } from '../references';
import type { SecurityRule } from '../rule';
import { AT_REST, PUBLIC } from './data-services';

const INSTANCE = ['aws_db_instance'];
const CLUSTER = ['aws_rds_cluster'];
const REDIS = ['aws_elasticache_replication_group'];
const SEARCH = ['aws_opensearch_domain', 'aws_elasticsearch_domain'];

export const AWS_DATABASES: readonly SecurityRule[] = [
  {
    ...AT_REST,
    id: 'AWS-RDS-001',
    fix: 'Set storage_encrypted to true.',
    reference: securityHub('rds', 3),
    checkov: 'CKV_AWS_16',
    appliesTo: INSTANCE,
    check: on('storage_encrypted'),
  },
  {
    ...PUBLIC,
    id: 'AWS-RDS-002',
    fix: 'Leave publicly_accessible off.',
    reference: securityHub('rds', 2),
    checkov: 'CKV_AWS_17',
    appliesTo: ['aws_db_instance', 'aws_rds_cluster_instance'],
    check: notOn('publicly_accessible'),
  },
  {
    id: 'AWS-RDS-003',
    title: 'A database has backups',
    severity: 'medium',
    reason: 'What is deleted, by mistake or for ransom, is gone.',
    fix: 'Set backup_retention_period to 7 days or more.',
    reference: securityHub('rds', 11),
    checkov: 'CKV_AWS_133',
    appliesTo: [...INSTANCE, ...CLUSTER],
    check: (database) =>
      database.has('replicate_source_db')
        ? undefined
        : atLeast('backup_retention_period', 1, database.type === 'aws_rds_cluster' ? 1 : 0)(database),
  },
  {
    ...AT_REST,
    id: 'AWS-RDS-004',
    fix: 'Set storage_encrypted to true.',
    reference: securityHub('rds', 27),
    checkov: 'CKV_AWS_96',
    appliesTo: CLUSTER,
    // Serverless v1 is always encrypted.
    check: (cluster) => (cluster.get('engine_mode') === 'serverless' ? undefined : on('storage_encrypted')(cluster)),
  },
  {
    id: 'AWS-RDS-005',
    title: 'Logins are by IAM',
    severity: 'low',
    reason: "A password is shared, and nobody's; a token of IAM is one role's and gone after 15 minutes.",
    fix: 'Set iam_database_authentication_enabled to true.',
    reference: securityHub('rds', 10),
    checkov: 'CKV_AWS_161',
    appliesTo: INSTANCE,
    check: (database) =>
      /^(mysql|mariadb|postgres)$/.test(database.text('engine'))
        ? on('iam_database_authentication_enabled')(database)
        : undefined,
  },
  {
    id: 'AWS-DYNAMODB-001',
    title: 'A table can be had back as it was',
    severity: 'medium',
    reason: 'What a faulty release or an intruder overwrites is gone.',
    fix: 'Set point_in_time_recovery.enabled to true.',
    reference: securityHub('dynamodb', 2),
    checkov: 'CKV_AWS_28',
    appliesTo: ['aws_dynamodb_table'],
    check: on('point_in_time_recovery.enabled'),
  },
  {
    ...AT_REST,
    id: 'AWS-CACHE-001',
    fix: 'Set at_rest_encryption_enabled to true.',
    reference: securityHub('elasticache', 4),
    checkov: 'CKV_AWS_29',
    appliesTo: REDIS,
    check: on('at_rest_encryption_enabled'),
  },
  {
    id: 'AWS-CACHE-002',
    title: 'A cache is spoken to by TLS',
    severity: 'high',
    reason: 'Passwords and histories of customers cross the network in the open.',
    fix: 'Set transit_encryption_enabled to true.',
    reference: securityHub('elasticache', 5),
    checkov: 'CKV_AWS_30',
    appliesTo: REDIS,
    check: on('transit_encryption_enabled'),
  },
  {
    id: 'AWS-CACHE-003',
    title: 'A cache asks who it is',
    severity: 'high',
    reason: 'Whatever gets into the network reads and writes all of it.',
    fix: 'Set user_group_ids, or auth_token.',
    reference: securityHub('elasticache', 6),
    appliesTo: REDIS,
    check: (cache) =>
      cache.has('user_group_ids') || cache.has('auth_token') ? undefined : found('user_group_ids', undefined),
  },
  {
    ...AT_REST,
    id: 'AWS-SEARCH-001',
    fix: 'Set encrypt_at_rest.enabled to true.',
    reference: securityHub('opensearch', 1),
    checkov: 'CKV_AWS_5',
    appliesTo: SEARCH,
    check: on('encrypt_at_rest.enabled'),
  },
  {
    id: 'AWS-SEARCH-002',
    title: 'Nodes speak TLS with each other',
    severity: 'medium',
    reason: 'Documents cross the network in the open.',
    fix: 'Set node_to_node_encryption.enabled to true.',
    reference: securityHub('opensearch', 3),
    checkov: 'CKV_AWS_6',
    appliesTo: SEARCH,
    check: on('node_to_node_encryption.enabled'),
  },
  {
    id: 'AWS-SEARCH-003',
    title: 'Clients speak TLS',
    severity: 'high',
    reason: 'Passwords and documents cross the network in the open.',
    fix: 'Set domain_endpoint_options.enforce_https to true.',
    reference: securityHub('opensearch', 8),
    checkov: 'CKV_AWS_83',
    appliesTo: SEARCH,
    // On by default within the block, off without it.
    check: (domain) =>
      domain.has('domain_endpoint_options')
        ? notOff('domain_endpoint_options.enforce_https')(domain)
        : found('domain_endpoint_options', undefined),
  },
  {
    ...AT_REST,
    id: 'AWS-DOCDB-001',
    fix: 'Set storage_encrypted to true.',
    reference: securityHub('documentdb', 1),
    checkov: 'CKV_AWS_74',
    appliesTo: ['aws_docdb_cluster'],
    check: on('storage_encrypted'),
  },
  {
    ...AT_REST,
    id: 'AWS-NEPTUNE-001',
    fix: 'Set storage_encrypted to true.',
    reference: securityHub('neptune', 1),
    checkov: 'CKV_AWS_44',
    appliesTo: ['aws_neptune_cluster'],
    check: on('storage_encrypted'),
  },
  {
    ...AT_REST,
    id: 'AWS-REDSHIFT-001',
    fix: 'Set encrypted to true.',
    reference: securityHub('redshift', 10),
    checkov: 'CKV_AWS_64',
    appliesTo: ['aws_redshift_cluster'],
    check: on('encrypted'),
  },
  {
    ...PUBLIC,
    id: 'AWS-REDSHIFT-002',
    fix: 'Set publicly_accessible to false: the provider has it on.',
    reference: securityHub('redshift', 1),
    checkov: 'CKV_AWS_87',
    appliesTo: ['aws_redshift_cluster'],
    check: oneOf('publicly_accessible', [false, 'false'], true),
  },
  {
    ...PUBLIC,
    id: 'AWS-DMS-001',
    fix: 'Leave publicly_accessible off.',
    reference: securityHub('dms', 1),
    checkov: 'CKV_AWS_89',
    appliesTo: ['aws_dms_replication_instance'],
    check: notOn('publicly_accessible'),
  },
  {
    id: 'AWS-DMS-002',
    title: 'Databases are migrated over TLS',
    severity: 'high',
    reason: 'The whole database, and its password, cross the network in the open.',
    fix: 'Set ssl_mode to verify-full, or to what the engine takes.',
    reference: securityHub('dms', 9),
    appliesTo: ['aws_dms_endpoint'],
    check: (endpoint) =>
      /^(aurora|aurora-postgresql|mariadb|mysql|oracle|postgres|sqlserver|db2|sybase|docdb)$/.test(
        endpoint.text('engine_name'),
      )
        ? oneOf('ssl_mode', ['require', 'verify-ca', 'verify-full'], 'none')(endpoint)
        : undefined,
  },
];
