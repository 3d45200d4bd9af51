import { type Corpus, cases, REMOVED } from './corpus';

const RULE = {
  'azurerm_network_security_rule.Https': {
    name: 'https',
    priority: 100,
    direction: 'Inbound',
    access: 'Allow',
    protocol: 'Tcp',
    source_address_prefix: '*',
    source_port_range: '*',
    destination_address_prefix: '10.0.0.0/24',
    destination_port_range: '443',
  },
};
const GROUP = (rule: object) => ({
  name: 'shop',
  security_rule: [{ ...RULE['azurerm_network_security_rule.Https'], ...rule }],
});
const SUBNET = {
  'azurerm_subnet.Nodes': { name: 'nodes', address_prefixes: ['10.0.0.0/24'], virtual_network_name: 'shop' },
  'azurerm_subnet_network_security_group_association.Nodes': {
    subnet_id: `\${azurerm_subnet.Nodes.id}`,
    network_security_group_id: `\${azurerm_network_security_group.Nodes.id}`,
  },
  'azurerm_network_security_group.Nodes': { name: 'nodes' },
};
const CLUSTER = {
  'azurerm_kubernetes_cluster.Cluster': {
    name: 'shop',
    dns_prefix: 'shop',
    local_account_disabled: true,
    automatic_upgrade_channel: 'patch',
    api_server_access_profile: { authorized_ip_ranges: ['203.0.113.0/24'] },
    default_node_pool: { name: 'system', vm_size: 'Standard_D2ps_v6' },
    network_profile: { network_plugin: 'azure', network_policy: 'cilium' },
  },
};
const ROLE = {
  'azurerm_role_definition.Reader': {
    name: 'Reader of models',
    scope: '/subscriptions/1',
    permissions: [{ actions: ['Microsoft.Storage/storageAccounts/read'] }],
  },
};
const ASSIGNMENT = {
  'azurerm_role_assignment.Deploy': {
    principal_id: '1',
    role_definition_name: 'Contributor',
    scope: `\${azurerm_resource_group.Shop.id}`,
  },
};
const APP = {
  'azurerm_linux_web_app.App': {
    name: 'shop',
    https_only: true,
    site_config: { ftps_state: 'Disabled', minimum_tls_version: '1.2' },
  },
};
const MACHINE = {
  'azurerm_linux_virtual_machine.Machine': {
    name: 'machine',
    admin_username: 'ops',
    disable_password_authentication: true,
    admin_ssh_key: { username: 'ops', public_key: 'ssh-ed25519 x' },
  },
};

export const AZURE_COMPUTE: Corpus = {
  'AZ-NET-001': cases(
    RULE,
    [
      { destination_port_range: '22' },
      { destination_port_range: '20-30', source_address_prefix: 'Internet' },
      { destination_port_range: REMOVED, destination_port_ranges: ['443', '22'] },
      { destination_port_range: '22', source_address_prefix: REMOVED, source_address_prefixes: ['0.0.0.0/0'] },
      { 'azurerm_network_security_group.Group': GROUP({ destination_port_range: '22' }) },
    ],
    [
      { destination_port_range: '22', access: 'Deny' },
      { destination_port_range: '22', direction: 'Outbound' },
      { destination_port_range: '22', source_address_prefix: '203.0.113.0/24' },
    ],
  ),
  'AZ-NET-002': cases(RULE, [{ destination_port_range: '3389' }], [{ destination_port_range: '3390' }]),
  'AZ-NET-003': cases(RULE, [{ destination_port_range: '*' }, { destination_port_range: '0-65535', protocol: '*' }]),
  'AZ-NET-004': cases(RULE, [{ protocol: 'Udp' }], [{ protocol: 'Udp', source_address_prefix: '10.0.0.0/8' }]),
  'AZ-NET-005': cases(
    SUBNET,
    [{ 'azurerm_subnet_network_security_group_association.Nodes': REMOVED }],
    [{ 'azurerm_subnet_network_security_group_association.Nodes': REMOVED, name: 'GatewaySubnet' }],
  ),
  'AZ-AKS-001': cases(CLUSTER, [{ local_account_disabled: false }, { local_account_disabled: REMOVED }]),
  'AZ-AKS-002': cases(
    CLUSTER,
    [{ role_based_access_control_enabled: false }],
    [{ role_based_access_control_enabled: true }],
  ),
  'AZ-AKS-003': cases(
    CLUSTER,
    [
      { api_server_access_profile: REMOVED },
      { 'api_server_access_profile.authorized_ip_ranges': [] },
      { 'api_server_access_profile.authorized_ip_ranges': ['0.0.0.0/0'] },
    ],
    [{ api_server_access_profile: REMOVED, private_cluster_enabled: true }],
  ),
  'AZ-AKS-004': cases(CLUSTER, [{ 'network_profile.network_policy': REMOVED }]),
  'AZ-AKS-005': cases(
    CLUSTER,
    [{ 'default_node_pool.node_public_ip_enabled': true }],
    [{ 'default_node_pool.node_public_ip_enabled': false }],
  ),
  'AZ-AKS-006': cases(
    CLUSTER,
    [{ http_application_routing_enabled: true }],
    [{ http_application_routing_enabled: false }],
  ),
  'AZ-AKS-007': cases(CLUSTER, [{ automatic_upgrade_channel: REMOVED }], [{ automatic_upgrade_channel: 'stable' }]),
  'AZ-ROLE-001': cases(ROLE, [{ 'permissions.0.actions': ['*'] }], [{ 'permissions.0.actions': ['*/read'] }]),
  'AZ-ROLE-002': cases(ASSIGNMENT, [
    { role_definition_name: 'Owner', scope: '/subscriptions/00000000-0000-4000-8000-000000000001' },
    { scope: `\${data.azurerm_subscription.Current.id}` },
  ]),
  'AZ-WEB-001': cases(APP, [{ https_only: false }, { https_only: REMOVED }]),
  'AZ-WEB-002': cases(APP, [{ 'site_config.ftps_state': 'AllAllowed' }], [{ 'site_config.ftps_state': 'FtpsOnly' }]),
  'AZ-WEB-003': cases(
    APP,
    [{ 'site_config.remote_debugging_enabled': true }],
    [{ 'site_config.remote_debugging_enabled': false }],
  ),
  'AZ-VM-001': cases(
    MACHINE,
    [{ disable_password_authentication: false }],
    [{ disable_password_authentication: REMOVED }],
  ),
};
