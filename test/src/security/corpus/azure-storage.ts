import { type Corpus, cases, REMOVED } from './corpus';

const ACCOUNT = {
  'azurerm_storage_account.Models': {
    name: 'shopmodels',
    account_tier: 'Standard',
    account_replication_type: 'ZRS',
    https_traffic_only_enabled: true,
    min_tls_version: 'TLS1_2',
    allow_nested_items_to_be_public: false,
    shared_access_key_enabled: false,
    local_user_enabled: false,
    cross_tenant_replication_enabled: false,
    blob_properties: { delete_retention_policy: { days: 90 } },
  },
};
const CONTAINER = {
  'azurerm_storage_container.Models': { name: 'models', container_access_type: 'private', storage_account_id: 'x' },
};
const VAULT = {
  'azurerm_key_vault.Vault': {
    name: 'shop',
    sku_name: 'standard',
    purge_protection_enabled: true,
    public_network_access_enabled: false,
  },
};
const REGISTRY = {
  'azurerm_container_registry.Images': {
    name: 'shop',
    sku: 'Premium',
    admin_enabled: false,
    public_network_access_enabled: false,
  },
};
const REDIS = {
  'azurerm_redis_cache.Cache': {
    name: 'shop',
    capacity: 1,
    family: 'P',
    sku_name: 'Premium',
    minimum_tls_version: '1.2',
    public_network_access_enabled: false,
  },
};
const SERVER = {
  'azurerm_mssql_server.Server': {
    name: 'shop',
    version: '12.0',
    minimum_tls_version: '1.2',
    public_network_access_enabled: false,
  },
};
const COSMOS = {
  'azurerm_cosmosdb_account.Documents': {
    name: 'shop',
    kind: 'GlobalDocumentDB',
    offer_type: 'Standard',
    public_network_access_enabled: false,
    local_authentication_disabled: true,
  },
};
const FIREWALL = {
  'azurerm_postgresql_flexible_server_firewall_rule.Office': {
    name: 'office',
    server_id: 'x',
    start_ip_address: '203.0.113.1',
    end_ip_address: '203.0.113.9',
  },
};
/** What the provider has on by default. */
const onAndMissing = (argument: string) => [{ [argument]: true }, { [argument]: REMOVED }];

export const AZURE_STORAGE: Corpus = {
  'AZ-STORAGE-001': cases(
    ACCOUNT,
    [{ https_traffic_only_enabled: false }, { https_traffic_only_enabled: REMOVED, enable_https_traffic_only: false }],
    [{ https_traffic_only_enabled: REMOVED }],
  ),
  'AZ-STORAGE-002': cases(
    ACCOUNT,
    [{ min_tls_version: 'TLS1_0' }, { min_tls_version: 'TLS1_1' }],
    [{ min_tls_version: REMOVED }],
  ),
  'AZ-STORAGE-003': cases(ACCOUNT, onAndMissing('allow_nested_items_to_be_public')),
  'AZ-STORAGE-004': cases(ACCOUNT, onAndMissing('shared_access_key_enabled')),
  'AZ-STORAGE-005': cases(ACCOUNT, onAndMissing('local_user_enabled')),
  'AZ-STORAGE-006': cases(
    ACCOUNT,
    [{ blob_properties: REMOVED }, { 'blob_properties.delete_retention_policy.days': 0 }],
    [{ 'blob_properties.delete_retention_policy': {} }],
  ),
  'AZ-STORAGE-007': cases(
    CONTAINER,
    [{ container_access_type: 'blob' }, { container_access_type: 'container' }],
    [{ container_access_type: REMOVED }],
  ),
  'AZ-STORAGE-008': cases(
    ACCOUNT,
    [{ cross_tenant_replication_enabled: true }],
    [{ cross_tenant_replication_enabled: REMOVED }],
  ),
  'AZ-VAULT-001': cases(VAULT, [{ purge_protection_enabled: false }, { purge_protection_enabled: REMOVED }]),
  'AZ-VAULT-002': cases(VAULT, onAndMissing('public_network_access_enabled')),
  'AZ-REGISTRY-001': cases(REGISTRY, [{ admin_enabled: true }], [{ admin_enabled: REMOVED }]),
  'AZ-REGISTRY-002': cases(REGISTRY, [{ anonymous_pull_enabled: true }], [{ anonymous_pull_enabled: false }]),
  'AZ-REGISTRY-003': cases(REGISTRY, onAndMissing('public_network_access_enabled')),
  'AZ-REDIS-001': cases(
    REDIS,
    [{ non_ssl_port_enabled: true }, { enable_non_ssl_port: true }],
    [{ non_ssl_port_enabled: false }],
  ),
  'AZ-REDIS-002': cases(REDIS, [{ minimum_tls_version: '1.0' }, { minimum_tls_version: REMOVED }]),
  'AZ-REDIS-003': cases(REDIS, onAndMissing('public_network_access_enabled')),
  'AZ-DATABASE-001': cases(FIREWALL, [
    { start_ip_address: '0.0.0.0', end_ip_address: '255.255.255.255' },
    { start_ip_address: '0.0.0.0', end_ip_address: '0.0.0.0' },
  ]),
  'AZ-SQL-001': cases(
    SERVER,
    [{ minimum_tls_version: '1.0' }, { minimum_tls_version: 'Disabled' }],
    [{ minimum_tls_version: REMOVED }],
  ),
  'AZ-SQL-002': cases(SERVER, onAndMissing('public_network_access_enabled')),
  'AZ-COSMOS-001': cases(COSMOS, onAndMissing('public_network_access_enabled')),
  'AZ-COSMOS-002': cases(COSMOS, [
    { local_authentication_disabled: false },
    { local_authentication_disabled: REMOVED },
  ]),
};
