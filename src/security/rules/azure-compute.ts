import { firstOf, found, given, notOff, notOn, on, oneOf } from '../checks';
import { azure } from '../references';
import type { SecurityRule } from '../rule';

const AKS = ['azurerm_kubernetes_cluster'];
const WEB_APPS = ['azurerm_linux_web_app', 'azurerm_windows_web_app'];
const LINUX = ['azurerm_linux_virtual_machine', 'azurerm_linux_virtual_machine_scale_set'];
const CLUSTER_SECURITY = azure('aks/operator-best-practices-cluster-security');

export const AZURE_COMPUTE: readonly SecurityRule[] = [
  {
    id: 'AZ-AKS-001',
    title: 'A cluster has no accounts of its own',
    severity: 'high',
    reason: "The local administrator's certificate is past Entra ID, and can't be withdrawn.",
    fix: 'Set local_account_disabled to true.',
    reference: azure('aks/manage-local-accounts-managed-azure-ad'),
    checkov: 'CKV_AZURE_141',
    appliesTo: AKS,
    check: on('local_account_disabled'),
  },
  {
    id: 'AZ-AKS-002',
    title: 'A cluster asks what somebody may',
    severity: 'critical',
    reason: 'Without role-based access control, whoever is let in may do everything.',
    fix: 'Leave role_based_access_control_enabled on.',
    reference: azure('aks/concepts-identity'),
    checkov: 'CKV_AZURE_5',
    appliesTo: AKS,
    check: notOff('role_based_access_control_enabled'),
  },
  {
    id: 'AZ-AKS-003',
    title: "A cluster's API is not open to the internet",
    severity: 'critical',
    reason: 'Everybody can try credentials and vulnerabilities on it.',
    fix: 'Name the networks in api_server_access_profile.authorized_ip_ranges, or set private_cluster_enabled.',
    reference: azure('aks/api-server-authorized-ip-ranges'),
    checkov: 'CKV_AZURE_6',
    appliesTo: AKS,
    check: (cluster) => {
      if (cluster.isOn('private_cluster_enabled')) return undefined;
      const ranges = 'api_server_access_profile.authorized_ip_ranges';
      return cluster.list(ranges).includes('0.0.0.0/0') ? found(ranges, cluster.get(ranges)) : given(ranges)(cluster);
    },
  },
  {
    id: 'AZ-AKS-004',
    title: 'A cluster enforces network policies',
    severity: 'high',
    reason: 'Network policies are accepted and ignored: every pod reaches every other.',
    fix: 'Set network_profile.network_policy to cilium or calico.',
    reference: azure('aks/use-network-policies'),
    checkov: 'CKV_AZURE_7',
    appliesTo: AKS,
    check: given('network_profile.network_policy'),
  },
  {
    id: 'AZ-AKS-005',
    title: 'Nodes have no addresses on the internet',
    severity: 'high',
    reason: 'Whatever listens on them, now or later, is reachable.',
    fix: 'Leave node_public_ip_enabled off.',
    reference: CLUSTER_SECURITY,
    checkov: 'CKV_AZURE_143',
    appliesTo: AKS,
    check: notOn('default_node_pool.node_public_ip_enabled'),
  },
  {
    id: 'AZ-AKS-006',
    title: 'A cluster makes no public names by itself',
    severity: 'medium',
    reason: 'HTTP application routing puts whatever is deployed on the internet, and is retired.',
    fix: 'Leave http_application_routing_enabled off.',
    reference: azure('aks/http-application-routing'),
    checkov: 'CKV_AZURE_246',
    appliesTo: AKS,
    check: notOn('http_application_routing_enabled'),
  },
  {
    id: 'AZ-AKS-007',
    title: "A cluster's patches come by themselves",
    severity: 'medium',
    reason: 'A cluster that nobody upgrades keeps its known vulnerabilities.',
    fix: 'Set automatic_upgrade_channel to patch.',
    reference: azure('aks/auto-upgrade-cluster'),
    checkov: 'CKV_AZURE_171',
    appliesTo: AKS,
    check: (cluster) =>
      cluster.get('automatic_upgrade_channel') === 'none'
        ? found('automatic_upgrade_channel', 'none')
        : given('automatic_upgrade_channel')(cluster),
  },
  {
    id: 'AZ-ROLE-001',
    title: 'No role of your own allows everything',
    severity: 'critical',
    reason: 'Whoever gets one credential of it owns the subscription.',
    fix: 'Name the actions that are needed.',
    reference: azure('role-based-access-control/best-practices'),
    checkov: 'CKV_AZURE_39',
    appliesTo: ['azurerm_role_definition'],
    check: (role) =>
      firstOf(role.all('permissions'), (permissions) =>
        permissions.list('actions').includes('*') ? 'permissions.actions is "*"' : undefined,
      ),
  },
  {
    id: 'AZ-ROLE-002',
    title: 'Nobody owns a whole subscription',
    severity: 'high',
    reason: 'An owner gives itself and others every right there is.',
    fix: 'Assign a role of what is needed, on a resource group or a resource.',
    reference: azure('role-based-access-control/best-practices'),
    appliesTo: ['azurerm_role_assignment'],
    check: (assignment) =>
      /^(Owner|User Access Administrator|Contributor)$/.test(assignment.text('role_definition_name')) &&
      /^(\/subscriptions\/[^/]+\/?|\$\{data\.azurerm_subscription\.[\w-]+\.id\})$/.test(assignment.text('scope'))
        ? `${assignment.text('role_definition_name')} on ${assignment.text('scope')}`
        : undefined,
  },
  {
    id: 'AZ-WEB-001',
    title: 'Visitors come by HTTPS',
    severity: 'high',
    reason: 'What is sent over plain HTTP is read and changed on the way.',
    fix: 'Set https_only to true.',
    reference: azure('app-service/overview-security'),
    checkov: 'CKV_AZURE_14',
    appliesTo: WEB_APPS,
    check: on('https_only'),
  },
  {
    id: 'AZ-WEB-002',
    title: 'Nothing is deployed by plain FTP',
    severity: 'medium',
    reason: "The deployment's password crosses the internet in the open.",
    fix: 'Set site_config.ftps_state to Disabled or FtpsOnly.',
    reference: azure('app-service/deploy-ftp'),
    checkov: 'CKV_AZURE_78',
    appliesTo: WEB_APPS,
    check: oneOf('site_config.ftps_state', ['Disabled', 'FtpsOnly'], 'Disabled'),
  },
  {
    id: 'AZ-WEB-003',
    title: 'Nobody debugs a server from afar',
    severity: 'high',
    reason: 'Remote debugging opens ports to the internet and lets the process be read.',
    fix: 'Leave site_config.remote_debugging_enabled off.',
    reference: azure('app-service/overview-security'),
    checkov: 'CKV_AZURE_72',
    appliesTo: WEB_APPS,
    check: notOn('site_config.remote_debugging_enabled'),
  },
  {
    id: 'AZ-VM-001',
    title: 'A machine takes keys, not passwords',
    severity: 'high',
    reason: 'Passwords are guessed, and this one is in the state.',
    fix: 'Leave disable_password_authentication on, and set admin_ssh_key.',
    reference: azure('virtual-machines/linux/create-ssh-keys-detailed'),
    checkov: 'CKV_AZURE_149',
    appliesTo: LINUX,
    check: notOff('disable_password_authentication'),
  },
];
