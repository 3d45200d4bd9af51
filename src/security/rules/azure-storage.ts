import { textOf } from '../block';
import { allOf, atLeast, given, notOff, notOn, on, oneOf } from '../checks';
import { azure } from '../references';
import type { SecurityRule } from '../rule';

const ACCOUNT = ['azurerm_storage_account'];
const VAULT = ['azurerm_key_vault'];
const REGISTRY = ['azurerm_container_registry'];
const REDIS = ['azurerm_redis_cache'];
const SQL = ['azurerm_mssql_server'];
const COSMOS = ['azurerm_cosmosdb_account'];
const DATABASE_FIREWALLS = [
  'azurerm_mssql_firewall_rule',
  'azurerm_mysql_flexible_server_firewall_rule',
  'azurerm_postgresql_flexible_server_firewall_rule',
];

const NOT_ON_INTERNET = {
  severity: 'high',
  title: 'It is reached by private endpoints only',
  reason: 'On its public address, everybody can try credentials and vulnerabilities.',
  fix: 'Set public_network_access_enabled to false and add an azurerm_private_endpoint.',
} as const;
const OLD_TLS = 'TLS 1.0 and 1.1 are broken.';

export const AZURE_STORAGE: readonly SecurityRule[] = [
  {
    id: 'AZ-STORAGE-001',
    title: 'A storage account takes TLS only',
    severity: 'high',
    reason: 'Over plain HTTP, objects and signatures can be read and replayed on the way.',
    fix: 'Leave https_traffic_only_enabled on.',
    reference: azure('storage/common/storage-require-secure-transfer'),
    checkov: 'CKV_AZURE_3',
    appliesTo: ACCOUNT,
    // By its name in the provider's version 3, too.
    check: allOf(notOff('https_traffic_only_enabled'), notOff('enable_https_traffic_only')),
  },
  {
    id: 'AZ-STORAGE-002',
    title: 'A storage account takes TLS 1.2 and above',
    severity: 'medium',
    reason: OLD_TLS,
    fix: 'Leave min_tls_version at TLS1_2.',
    reference: azure('storage/common/transport-layer-security-configure-minimum-version'),
    checkov: 'CKV_AZURE_44',
    appliesTo: ACCOUNT,
    check: oneOf('min_tls_version', ['TLS1_2', 'TLS1_3'], 'TLS1_2'),
  },
  {
    id: 'AZ-STORAGE-003',
    title: 'No container of an account can be made public',
    severity: 'high',
    reason: 'One setting of a container opens all of its blobs to the internet.',
    fix: 'Set allow_nested_items_to_be_public to false: the provider has it on.',
    reference: azure('storage/blobs/anonymous-read-access-prevent'),
    checkov: 'CKV_AZURE_190',
    appliesTo: ACCOUNT,
    check: oneOf('allow_nested_items_to_be_public', [false, 'false'], true),
  },
  {
    id: 'AZ-STORAGE-004',
    title: 'A storage account takes no shared keys',
    severity: 'high',
    reason: "A key is everything in the account, never expires, and is nobody's.",
    fix: 'Set shared_access_key_enabled to false and use identities.',
    reference: azure('storage/common/shared-key-authorization-prevent'),
    checkov: 'CKV2_AZURE_40',
    appliesTo: ACCOUNT,
    check: oneOf('shared_access_key_enabled', [false, 'false'], true),
  },
  {
    id: 'AZ-STORAGE-005',
    title: 'A storage account has no users of its own',
    severity: 'medium',
    reason: 'Local users come by SFTP with a password, past Entra ID.',
    fix: 'Set local_user_enabled to false: the provider has it on.',
    reference: azure('storage/blobs/secure-file-transfer-protocol-support'),
    checkov: 'CKV_AZURE_244',
    appliesTo: ACCOUNT,
    check: oneOf('local_user_enabled', [false, 'false'], true),
  },
  {
    id: 'AZ-STORAGE-006',
    title: 'What is deleted can be had back',
    severity: 'medium',
    reason: 'What is deleted, by mistake or for ransom, is gone.',
    fix: 'Set blob_properties.delete_retention_policy.',
    reference: azure('storage/blobs/soft-delete-blob-overview'),
    appliesTo: ACCOUNT,
    check: (account) =>
      account.has('blob_properties.delete_retention_policy')
        ? atLeast('blob_properties.delete_retention_policy.days', 1, 7)(account)
        : given('blob_properties.delete_retention_policy')(account),
  },
  {
    id: 'AZ-STORAGE-007',
    title: 'A container is private',
    severity: 'critical',
    reason: 'Everybody can read its blobs, and list them.',
    fix: 'Leave container_access_type private.',
    reference: azure('storage/blobs/anonymous-read-access-configure'),
    checkov: 'CKV_AZURE_34',
    appliesTo: ['azurerm_storage_container'],
    check: oneOf('container_access_type', ['private'], 'private'),
  },
  {
    id: 'AZ-STORAGE-008',
    title: 'A storage account hands nothing to other tenants',
    severity: 'medium',
    reason: 'A replication rule copies all blobs to an account of somebody else.',
    fix: 'Leave cross_tenant_replication_enabled off.',
    reference: azure('storage/blobs/object-replication-prevent-cross-tenant-policies'),
    appliesTo: ACCOUNT,
    check: notOn('cross_tenant_replication_enabled'),
  },
  {
    id: 'AZ-VAULT-001',
    title: "A vault can't be purged",
    severity: 'medium',
    reason: 'Whoever deletes keys can purge them, and what they encrypt is lost.',
    fix: 'Set purge_protection_enabled to true.',
    reference: azure('key-vault/general/soft-delete-overview'),
    checkov: 'CKV_AZURE_110',
    appliesTo: VAULT,
    check: on('purge_protection_enabled'),
  },
  {
    ...NOT_ON_INTERNET,
    id: 'AZ-VAULT-002',
    reference: azure('key-vault/general/private-link-service'),
    checkov: 'CKV_AZURE_189',
    appliesTo: VAULT,
    check: oneOf('public_network_access_enabled', [false, 'false'], true),
  },
  {
    id: 'AZ-REGISTRY-001',
    title: 'A registry has no administrator with a password',
    severity: 'high',
    reason: "The password pushes and pulls everything, and is nobody's.",
    fix: 'Leave admin_enabled off and use identities.',
    reference: azure('container-registry/container-registry-authentication'),
    checkov: 'CKV_AZURE_137',
    appliesTo: REGISTRY,
    check: notOn('admin_enabled'),
  },
  {
    id: 'AZ-REGISTRY-002',
    title: 'A registry asks who pulls',
    severity: 'high',
    reason: 'Everybody can pull the images, with the code and what was built into them.',
    fix: 'Leave anonymous_pull_enabled off.',
    reference: azure('container-registry/anonymous-pull-access'),
    checkov: 'CKV_AZURE_138',
    appliesTo: REGISTRY,
    check: notOn('anonymous_pull_enabled'),
  },
  {
    ...NOT_ON_INTERNET,
    id: 'AZ-REGISTRY-003',
    reference: azure('container-registry/container-registry-private-link'),
    checkov: 'CKV_AZURE_139',
    appliesTo: REGISTRY,
    check: oneOf('public_network_access_enabled', [false, 'false'], true),
  },
  {
    id: 'AZ-REDIS-001',
    title: 'A cache takes TLS only',
    severity: 'high',
    reason: 'Passwords and histories of customers cross the network in the open.',
    fix: 'Leave non_ssl_port_enabled off.',
    reference: azure('azure-cache-for-redis/cache-best-practices-development'),
    checkov: 'CKV_AZURE_91',
    appliesTo: REDIS,
    // By its name in the provider's version 3, too.
    check: allOf(notOn('non_ssl_port_enabled'), notOn('enable_non_ssl_port')),
  },
  {
    id: 'AZ-REDIS-002',
    title: 'A cache takes TLS 1.2 and above',
    severity: 'medium',
    reason: OLD_TLS,
    fix: 'Set minimum_tls_version to 1.2.',
    reference: azure('azure-cache-for-redis/cache-remove-tls-10-11'),
    checkov: 'CKV_AZURE_148',
    appliesTo: REDIS,
    check: oneOf('minimum_tls_version', ['1.2', 1.2]),
  },
  {
    ...NOT_ON_INTERNET,
    id: 'AZ-REDIS-003',
    reference: azure('azure-cache-for-redis/cache-private-link'),
    checkov: 'CKV_AZURE_89',
    appliesTo: REDIS,
    check: oneOf('public_network_access_enabled', [false, 'false'], true),
  },
  {
    id: 'AZ-DATABASE-001',
    title: 'No database is open to the internet',
    severity: 'critical',
    reason: 'Databases are scanned for, and passwords tried on them.',
    fix: 'Name the addresses that may connect, or use a private endpoint.',
    reference: azure('azure-sql/database/firewall-configure'),
    appliesTo: DATABASE_FIREWALLS,
    check: (rule) => {
      const [start, end] = [rule.get('start_ip_address'), rule.get('end_ip_address')];
      return start === '0.0.0.0' && /^(0\.0\.0\.0|255\.255\.255\.255)$/.test(textOf(end))
        ? `it lets ${start} to ${end} in`
        : undefined;
    },
  },
  {
    id: 'AZ-SQL-001',
    title: 'A SQL server takes TLS 1.2 and above',
    severity: 'medium',
    reason: OLD_TLS,
    fix: 'Leave minimum_tls_version at 1.2.',
    reference: azure('azure-sql/database/connectivity-settings'),
    checkov: 'CKV_AZURE_52',
    appliesTo: SQL,
    check: oneOf('minimum_tls_version', ['1.2', '1.3', 1.2, 1.3], '1.2'),
  },
  {
    ...NOT_ON_INTERNET,
    id: 'AZ-SQL-002',
    reference: azure('azure-sql/database/private-endpoint-overview'),
    checkov: 'CKV_AZURE_113',
    appliesTo: SQL,
    check: oneOf('public_network_access_enabled', [false, 'false'], true),
  },
  {
    ...NOT_ON_INTERNET,
    id: 'AZ-COSMOS-001',
    reference: azure('cosmos-db/how-to-configure-private-endpoints'),
    checkov: 'CKV_AZURE_101',
    appliesTo: COSMOS,
    check: oneOf('public_network_access_enabled', [false, 'false'], true),
  },
  {
    id: 'AZ-COSMOS-002',
    title: 'Cosmos DB takes no keys',
    severity: 'medium',
    reason: "A key is everything in the account, never expires, and is nobody's.",
    fix: 'Set local_authentication_disabled to true.',
    reference: azure('cosmos-db/how-to-setup-rbac'),
    checkov: 'CKV_AZURE_140',
    appliesTo: COSMOS,
    check: on('local_authentication_disabled'),
  },
];
