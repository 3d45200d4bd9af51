import { ENVIRONMENTS } from '../../src';
import { azureConfig, azureStack } from './azure-fixtures';

/**
 * A stand-in provider takes any value, and the real one refuses many at apply. These are the values that azurerm 4.55
 * and Azure take, from the provider's pages and Azure's "Naming rules and restrictions".
 */
const ALLOWED: Record<string, Record<string, readonly unknown[]>> = {
  azurerm_kubernetes_cluster: {
    sku_tier: ['Free', 'Standard', 'Premium'],
    automatic_upgrade_channel: ['patch', 'rapid', 'node-image', 'stable'],
    node_os_upgrade_channel: ['Unmanaged', 'SecurityPatch', 'NodeImage', 'None'],
    'identity.type': ['SystemAssigned', 'UserAssigned'],
    'default_node_pool.os_sku': ['AzureLinux', 'Ubuntu'],
    'default_node_pool.os_disk_type': ['Ephemeral', 'Managed'],
    'network_profile.network_plugin': ['azure'],
    'network_profile.network_plugin_mode': ['overlay'],
    'network_profile.network_data_plane': ['azure', 'cilium'],
    'network_profile.network_policy': ['calico', 'azure', 'cilium'],
    'network_profile.load_balancer_sku': ['basic', 'standard'],
    'network_profile.outbound_type': [
      'loadBalancer',
      'userDefinedRouting',
      'managedNATGateway',
      'userAssignedNATGateway',
    ],
    'maintenance_window_auto_upgrade.frequency': ['Daily', 'Weekly', 'AbsoluteMonthly', 'RelativeMonthly'],
    'maintenance_window_auto_upgrade.day_of_week': ['Saturday', 'Sunday'],
    'maintenance_window_node_os.frequency': ['Daily', 'Weekly', 'AbsoluteMonthly', 'RelativeMonthly'],
    'maintenance_window_node_os.day_of_week': ['Saturday', 'Sunday'],
  },
  azurerm_storage_account: {
    account_kind: ['StorageV2'],
    account_tier: ['Standard', 'Premium'],
    account_replication_type: ['LRS', 'GRS', 'RAGRS', 'ZRS', 'GZRS', 'RAGZRS'],
    access_tier: ['Hot', 'Cool', 'Cold', 'Premium'],
    min_tls_version: ['TLS1_2', 'TLS1_3'],
    allowed_copy_scope: ['AAD', 'PrivateLink'],
  },
  azurerm_storage_container: { container_access_type: ['blob', 'container', 'private'] },
  azurerm_public_ip: { allocation_method: ['Static', 'Dynamic'], sku: ['Basic', 'Standard'] },
  azurerm_nat_gateway: { sku_name: ['Standard'] },
  azurerm_network_security_rule: {
    protocol: ['Tcp', 'Udp', 'Icmp', 'Esp', 'Ah', '*'],
    access: ['Allow', 'Deny'],
    direction: ['Inbound', 'Outbound'],
  },
  azurerm_role_assignment: { principal_type: ['User', 'Group', 'ServicePrincipal'] },
  azurerm_consumption_budget_subscription: {
    time_grain: ['Monthly', 'Quarterly', 'Annually', 'BillingMonth', 'BillingQuarter', 'BillingYear'],
  },
};

/** Whole numbers, least and most. */
const BOUNDS: Record<string, Record<string, readonly [number, number]>> = {
  azurerm_kubernetes_cluster: {
    image_cleaner_interval_hours: [24, 2160],
    'default_node_pool.min_count': [1, 1000],
    'default_node_pool.max_count': [1, 1000],
    'default_node_pool.max_pods': [30, 250],
    'default_node_pool.os_disk_size_gb': [30, 2048],
    'maintenance_window_auto_upgrade.duration': [4, 24],
    'maintenance_window_node_os.duration': [4, 24],
  },
  azurerm_storage_account: {
    'blob_properties.delete_retention_policy.days': [1, 365],
    'blob_properties.container_delete_retention_policy.days': [1, 365],
  },
  azurerm_network_security_rule: { priority: [100, 4096] },
};

const NAMES: Record<string, RegExp> = {
  azurerm_resource_group: /^[\w.()-]{0,89}[\w()-]$/,
  azurerm_virtual_network: /^[A-Za-z0-9][\w.-]{0,62}\w$/,
  azurerm_subnet: /^[A-Za-z0-9][\w.-]{0,78}\w$/,
  azurerm_network_security_group: /^[A-Za-z0-9][\w.-]{0,78}\w$/,
  azurerm_network_security_rule: /^[A-Za-z0-9][\w.-]{0,78}\w$/,
  azurerm_public_ip: /^[A-Za-z0-9][\w.-]{0,78}\w$/,
  azurerm_nat_gateway: /^[A-Za-z0-9][\w.-]{0,78}\w$/,
  azurerm_kubernetes_cluster: /^[A-Za-z0-9]([\w-]{0,61}[A-Za-z0-9])?$/,
  azurerm_user_assigned_identity: /^[A-Za-z0-9][\w-]{2,127}$/,
  azurerm_federated_identity_credential: /^[A-Za-z0-9][\w-]{2,119}$/,
  azurerm_storage_account: /^[a-z0-9]{3,24}$/,
  azurerm_storage_container: /^[a-z0-9](-?[a-z0-9]){2,62}$/,
  azurerm_role_definition: /^.{1,128}$/,
  azurerm_consumption_budget_subscription: /^[\w-]{1,63}$/,
};

/** What makes one of each type. */
const WHOLE = { egress: 'nat-gateway' } as const;
const PROD = azureStack(azureConfig('prod', WHOLE));
const resources = (type: string) => Object.values(PROD.resources(type));
const at = (resource: object, path: string) =>
  path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], resource);
const rows = <T>(table: Record<string, Record<string, T>>) =>
  Object.entries(table).flatMap(([type, paths]) =>
    Object.entries(paths).map(([path, rule]) => [type, path, rule] as const),
  );

test.each(rows(ALLOWED))('%s.%s is one of %j', (type, path, allowed) => {
  const values = resources(type).map((resource) => at(resource, path));
  expect(values).not.toEqual([]);
  for (const value of values) expect(allowed).toContain(value);
});

test.each(rows(BOUNDS))('%s.%s is within %j', (type, path, [least, most]) => {
  const values = resources(type).map((resource) => at(resource, path) as number);
  expect(values).not.toEqual([]);
  for (const value of values) expect([value, value >= least && value <= most]).toEqual([value, true]);
});

test.each(
  ['abc', 'a2345678901234567890'].flatMap((project) =>
    ENVIRONMENTS.map((environment) => [project, environment] as const),
  ),
)('every name of the project %s in %s is one that Azure takes', (project, environment) => {
  const stack = azureStack(azureConfig(environment, WHOLE, { project }), environment);
  const refused = Object.entries(NAMES).flatMap(([type, rule]) => {
    const names = Object.values(stack.resources(type)).map(({ name }) => String(name));
    return (names.length === 0 ? ['(none made)'] : names.filter((name) => !rule.test(name))).map((name) => [
      type,
      name,
    ]);
  });
  expect(refused).toEqual([]);
});

test('every Azure resource that has a name has a rule for it', () => {
  const named = PROD.resourceTypes().filter(
    (type) => type.startsWith('azurerm_') && resources(type).some((one) => 'name' in one),
  );
  expect(named).toEqual(Object.keys(NAMES).sort());
});

test('the names of node pools are at most 12 lowercase letters and digits', () => {
  const [cluster] = resources('azurerm_kubernetes_cluster');
  for (const key of ['name', 'temporary_name_for_rotation']) {
    expect(at(cluster ?? {}, `default_node_pool.${key}`)).toMatch(/^[a-z][a-z0-9]{0,11}$/);
  }
});

test("the cluster's DNS prefix, and the resource group of its nodes, are within their lengths", () => {
  const longest = azureStack(azureConfig('staging', {}, { project: 'a2345678901234567890' }), 'staging');
  const cluster = longest.resource('azurerm_kubernetes_cluster');
  expect(cluster.dns_prefix).toMatch(/^[A-Za-z0-9]([A-Za-z0-9-]{0,52}[A-Za-z0-9])?$/);
  expect(cluster.node_resource_group).toMatch(/^[\w.()-]{1,80}$/);
});

test('no two rules of a security group have the same priority', () => {
  const priorities = resources('azurerm_network_security_rule').map(
    ({ network_security_group_name, priority }) => `${network_security_group_name} ${priority}`,
  );
  expect(new Set(priorities).size).toBe(priorities.length);
});
