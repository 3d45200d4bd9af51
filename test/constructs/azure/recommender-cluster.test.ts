import type { Sleep } from '@cdktf/provider-time/lib/sleep';
import { EndpointAccess, type KubernetesVersion, type RecommenderClusterProps } from '../../../constructs/azure';
import { CapacityPlan } from '../../../src';
import { ADMIN_GROUP, CLUSTER_NETWORK, cluster, onAzure, RESOURCE_GROUP, ref, rendered } from './fixtures';

const synthesized = (props?: Partial<RecommenderClusterProps>) =>
  onAzure((stack) => {
    cluster(stack, props);
  });
const aks = (props?: Partial<RecommenderClusterProps>) => synthesized(props).resource('azurerm_kubernetes_cluster');
const roles = (props?: Partial<RecommenderClusterProps>) =>
  Object.values(synthesized(props).resources('azurerm_role_assignment'));

describe('who gets in', () => {
  test('Entra groups administer the cluster, and local accounts are off', () => {
    expect(aks()).toMatchObject({
      local_account_disabled: true,
      role_based_access_control_enabled: true,
      azure_active_directory_role_based_access_control: {
        azure_rbac_enabled: true,
        admin_group_object_ids: [ADMIN_GROUP],
      },
    });
  });

  test('a public API server answers the given ranges and the nodes themselves', () => {
    expect(aks()).toMatchObject({
      private_cluster_enabled: false,
      api_server_access_profile: { authorized_ip_ranges: ['198.51.100.0/24', '203.0.113.10/32'] },
    });
  });

  test('a private API server has no public name and no ranges', () => {
    const template = aks({ endpointAccess: EndpointAccess.private() });
    expect(template).toMatchObject({
      private_cluster_enabled: true,
      private_cluster_public_fqdn_enabled: false,
      private_dns_zone_id: 'System',
    });
    expect(template).not.toHaveProperty('api_server_access_profile');
  });

  test.each([EndpointAccess.private(), EndpointAccess.public({ cidrs: ['198.51.100.0/24'] })])(
    'nobody runs commands in it around the network',
    (endpointAccess) => {
      expect(aks({ endpointAccess }).run_command_enabled).toBe(false);
    },
  );

  test('pods act as identities by tokens of its issuer', () => {
    expect(aks()).toMatchObject({ oidc_issuer_enabled: true, workload_identity_enabled: true });
  });

  test('fails when no group may administer it', () => {
    expect(() => aks({ adminGroupObjectIds: [] })).toThrow('test/Cluster: adminGroupObjectIds is empty');
  });
});

describe('the control plane', () => {
  test('it runs 1.35, and nodes the same', () => {
    expect(aks()).toMatchObject({ kubernetes_version: '1.35', default_node_pool: { orchestrator_version: '1.35' } });
  });

  test('it runs 1.36 when asked to', () => {
    expect(aks({ kubernetesVersion: '1.36' }).kubernetes_version).toBe('1.36');
  });

  test.each([
    ['1.34', 'AKS ends standard support of 1.34 on 2026-11-30, and ended that of earlier versions before'],
    ['1.9', 'AKS ends standard support of 1.34 on 2026-11-30, and ended that of earlier versions before'],
    ['1.37', 'this library was not made for it'],
  ])('fails when the version is %s', (version, reason) => {
    expect(() => aks({ kubernetesVersion: version as KubernetesVersion })).toThrow(
      `test/Cluster: kubernetesVersion is ${version}: ${reason}. Allowed are 1.35 and 1.36.`,
    );
  });

  test('it has the SLA by default, and goes without when asked to', () => {
    expect(aks().sku_tier).toBe('Standard');
    expect(aks({ tier: 'Free' }).sku_tier).toBe('Free');
  });

  test('patches and node images come at night on different days of the weekend', () => {
    expect(aks()).toMatchObject({
      automatic_upgrade_channel: 'patch',
      node_os_upgrade_channel: 'NodeImage',
      maintenance_window_auto_upgrade: { day_of_week: 'Sunday', start_time: '02:00', duration: 4 },
      maintenance_window_node_os: { day_of_week: 'Saturday', start_time: '02:00', duration: 4 },
    });
  });

  test('unused images are removed every two days', () => {
    expect(aks()).toMatchObject({ image_cleaner_enabled: true, image_cleaner_interval_hours: 48 });
  });

  test('its identity may change the subnet of the nodes and hand them theirs, and nothing else', () => {
    const principal_id = ref('azurerm_user_assigned_identity.Cluster_Identities_ControlPlane_40B70FC8.principal_id');
    expect(roles()).toEqual([
      expect.objectContaining({
        scope: ref('azurerm_user_assigned_identity.Cluster_Identities_Kubelet_2BEE1A21.id'),
        role_definition_name: 'Managed Identity Operator',
        principal_id,
      }),
      expect.objectContaining({
        scope: CLUSTER_NETWORK.nodeSubnetId,
        role_definition_name: 'Network Contributor',
        principal_id,
      }),
    ]);
  });

  test('its identities have their roles before it exists', () => {
    const stack = synthesized();
    const assignments = Object.keys(stack.resources('azurerm_role_assignment')).map(
      (id) => `azurerm_role_assignment.${id}`,
    );
    expect(assignments).toHaveLength(2);
    expect((stack.resource('azurerm_kubernetes_cluster').depends_on as string[]).sort()).toEqual(assignments.sort());
  });

  test.each(['', 'a'.repeat(55), '-shop', 'shop_prod'])('fails when its name is "%s"', (clusterName) => {
    expect(() => aks({ clusterName })).toThrow(`test/Cluster: clusterName is ${clusterName}; allowed are 1 to 54`);
  });
});

describe('the network in it', () => {
  test('or the load balancer takes it out, from the address that the control plane may join it to', () => {
    const loadBalancerEgressIpId = `${RESOURCE_GROUP.id}/providers/Microsoft.Network/publicIPAddresses/shop-egress`;
    const network = { ...CLUSTER_NETWORK, loadBalancerEgressIpId };
    expect(aks({ network }).network_profile).toMatchObject({
      outbound_type: 'loadBalancer',
      load_balancer_profile: { outbound_ip_address_ids: [loadBalancerEgressIpId] },
    });
    expect(roles({ network })).toContainEqual(
      expect.objectContaining({ scope: loadBalancerEgressIpId, role_definition_name: 'Network Contributor' }),
    );
  });

  test('Cilium carries and filters the traffic of an overlay, and the NAT gateway takes it out', () => {
    expect(aks().network_profile).toEqual({
      network_plugin: 'azure',
      network_plugin_mode: 'overlay',
      network_data_plane: 'cilium',
      network_policy: 'cilium',
      load_balancer_sku: 'standard',
      outbound_type: 'userAssignedNATGateway',
      pod_cidr: '10.244.0.0/16',
      service_cidr: '10.0.0.0/16',
      dns_service_ip: '10.0.0.10',
    });
  });
});

describe('the nodes', () => {
  test('they scale by themselves between what the plan needs, in three zones', () => {
    expect(aks().default_node_pool).toMatchObject({
      vm_size: 'Standard_D2ps_v6',
      auto_scaling_enabled: true,
      min_count: 2,
      max_count: 18,
      zones: ['1', '2', '3'],
      vnet_subnet_id: CLUSTER_NETWORK.nodeSubnetId,
    });
  });

  test('Terraform neither sets nor takes back their number', () => {
    const template = aks();
    expect(template.default_node_pool).not.toHaveProperty('node_count');
    expect(template.lifecycle).toMatchObject({ ignore_changes: ['default_node_pool[0].node_count'] });
  });

  test('another size is put in place by way of a temporary pool', () => {
    expect(aks({ vmSize: 'Standard_D4ps_v6' }).default_node_pool).toMatchObject({
      vm_size: 'Standard_D4ps_v6',
      temporary_name_for_rotation: 'systemtmp',
    });
  });

  test('bounds that are given take the place of the derived ones', () => {
    expect(aks({ nodeCount: { min: 3, max: 6 } }).default_node_pool).toMatchObject({ min_count: 3, max_count: 6 });
  });

  test.each([
    { min: 0, max: 3 },
    { min: 4, max: 3 },
    { min: 1, max: 1001 },
  ])('fails when the bounds are $min to $max', (nodeCount) => {
    expect(() => aks({ nodeCount })).toThrow(
      `nodeCount is ${nodeCount.min} to ${nodeCount.max}; allowed are 1 to 1000`,
    );
  });

  test('fails when a size says nothing of its CPU and memory and no bounds are given', () => {
    const props = { vmSize: 'Standard_NC24', capacity: new CapacityPlan() };
    expect(() => aks(props)).toThrow("vmSize is Standard_NC24, whose CPU and memory can't be told from its name");
    expect(aks({ ...props, nodeCount: { min: 2, max: 3 } }).default_node_pool).toMatchObject({ min_count: 2 });
  });

  test('they pull from a private registry only when one is named', () => {
    const registry = '/subscriptions/x/resourceGroups/y/providers/Microsoft.ContainerRegistry/registries/images';
    expect(roles().map((role) => role.role_definition_name)).not.toContain('AcrPull');
    expect(roles({ containerRegistryId: registry })).toContainEqual(
      expect.objectContaining({
        scope: registry,
        role_definition_name: 'AcrPull',
        principal_id: ref('azurerm_user_assigned_identity.Cluster_Identities_Kubelet_2BEE1A21.principal_id'),
      }),
    );
  });
});

describe('deploy and destroy', () => {
  test('it refuses a destroy unless protection is off', () => {
    expect(aks().lifecycle).toMatchObject({ prevent_destroy: true });
    expect(aks({ protection: false }).lifecycle).toMatchObject({ prevent_destroy: false });
  });

  test('what is in it is gone for a minute before it goes', () => {
    const stack = onAzure((scope) => {
      const { ready, node } = cluster(scope);
      expect(ready.map(({ fqn }) => fqn)).toEqual([(node.findChild('CleanupTime') as Sleep).fqn]);
    });
    expect(stack.resource('time_sleep')).toMatchObject({
      destroy_duration: '60s',
      depends_on: ['azurerm_kubernetes_cluster.Cluster_EB0386A7'],
    });
  });

  test('providers connect by host, CA and kubelogin, without a credential in the state', () => {
    expect(rendered((stack) => cluster(stack).connection)).toEqual({
      host: ref('azurerm_kubernetes_cluster.Cluster_EB0386A7.kube_config[0].host'),
      clusterCaCertificate: ref(
        'base64decode(azurerm_kubernetes_cluster.Cluster_EB0386A7.kube_config[0].cluster_ca_certificate)',
      ),
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1beta1',
        command: 'kubelogin',
        args: ['get-token', '--login', 'azurecli', '--server-id', '6dae42f8-4368-4678-94ff-3960e28e3630'],
      },
    });
  });

  test('volumes are encrypted managed disks', () => {
    onAzure((stack) => {
      expect(cluster(stack).storageClassName).toBe('managed-csi');
    });
  });

  test('its logical id is a contract', () => {
    expect(Object.keys(synthesized().resources('azurerm_kubernetes_cluster'))).toEqual(['Cluster_EB0386A7']);
  });
});

test('the template reads as expected', async () => {
  expect(await synthesized().hcl()).toMatchSnapshot();
});
