import type { EnvironmentName } from '../../src';
import { azureConfig, azureStack, SUBSCRIPTION_ID } from './azure-fixtures';

const prod = (
  ...[azure, rest]: [azure?: Parameters<typeof azureConfig>[1], rest?: Parameters<typeof azureConfig>[2]]
) => azureStack(azureConfig('prod', azure, rest));
const PROD = prod();
const ref = (attribute: string) => `\${${attribute}}`;
const terraform = (stack: ReturnType<typeof prod>) => stack.json.terraform as Record<string, Record<string, unknown>>;
const providers = (stack: ReturnType<typeof prod>) =>
  stack.json.provider as Record<string, Record<string, unknown>[] | undefined>;

describe('what it is made of', () => {
  test('it holds network, cluster, store, budget, sync and what runs in the cluster', () => {
    expect(PROD.resourceTypes()).toEqual([
      'azurerm_consumption_budget_subscription',
      'azurerm_federated_identity_credential',
      'azurerm_kubernetes_cluster',
      'azurerm_network_security_group',
      'azurerm_network_security_rule',
      'azurerm_public_ip',
      'azurerm_resource_group',
      'azurerm_role_assignment',
      'azurerm_role_definition',
      'azurerm_storage_account',
      'azurerm_storage_container',
      'azurerm_storage_management_policy',
      'azurerm_subnet',
      'azurerm_subnet_network_security_group_association',
      'azurerm_user_assigned_identity',
      'azurerm_virtual_network',
      'helm_release',
      'kubernetes_config_map_v1',
      'kubernetes_cron_job_v1',
      'kubernetes_deployment_v1',
      'kubernetes_horizontal_pod_autoscaler_v2',
      'kubernetes_namespace_v1',
      'kubernetes_network_policy_v1',
      'kubernetes_pod_disruption_budget_v1',
      'kubernetes_role_binding_v1',
      'kubernetes_role_v1',
      'kubernetes_service_account_v1',
      'kubernetes_service_v1',
      'time_sleep',
      'time_static',
    ]);
  });

  test('a NAT gateway takes traffic out where the config wants one', () => {
    const types = prod({ egress: 'nat-gateway' }).resourceTypes();
    expect(types.filter((type) => !PROD.resourceTypes().includes(type))).toEqual([
      'azurerm_nat_gateway',
      'azurerm_nat_gateway_public_ip_association',
      'azurerm_subnet_nat_gateway_association',
    ]);
  });

  test.each([
    ['dev', '10.72.0.0/16'],
    ['staging', '10.73.0.0/16'],
    ['prod', '10.74.0.0/16'],
  ] as const)('%s has the range %s', (environment, cidr) => {
    const stack = azureStack(azureConfig(environment), environment);
    expect(stack.resource('azurerm_virtual_network').address_space).toEqual([cidr]);
  });

  test('each resource that takes tags says project, environment, owner, who pays and what made it', () => {
    const tags = {
      project: 'shop',
      environment: 'prod',
      owner: 'recommendations',
      'cost-center': 'shop',
      'managed-by': 'cdktf-recommender',
    };
    for (const type of ['azurerm_resource_group', 'azurerm_storage_account', 'azurerm_kubernetes_cluster']) {
      expect(PROD.resource(type).tags).toEqual(tags);
    }
  });

  test('two clouds share the budget, one has all of it', () => {
    const amount = (stack: ReturnType<typeof prod>) => stack.resource('azurerm_consumption_budget_subscription').amount;
    expect(amount(PROD)).toBe(500);
    const { environments } = azureConfig('prod');
    const aws = {
      accountId: '111122223333',
      endpointAccess: 'private' as const,
      adminPrincipalArns: ['arn:aws:iam::111122223333:role/deploy'],
      state: { kind: 's3' as const, bucket: 'state', region: 'us-east-1' },
    };
    expect(amount(prod({}, { environments: { prod: { ...environments.prod, aws } } }))).toBe(250);
  });

  test('fails when the config has no Azure for the environment', () => {
    expect(() => azureStack(azureConfig('dev'), 'prod')).toThrow(
      'the config has no environments.prod.azure; add it, or make no AzureStack for prod.',
    );
  });
});

describe('safety', () => {
  test.each([
    ['dev', undefined, false],
    ['staging', undefined, true],
    ['prod', undefined, true],
    ['prod', false, false],
    ['dev', true, true],
  ] as [EnvironmentName, boolean | undefined, boolean][])(
    '%s with protection %s refuses a destroy: %s',
    (environment, protection, refuses) => {
      const { azure } = azureConfig(environment).environments[environment] ?? {};
      const config = azureConfig(environment, {}, { environments: { [environment]: { protection, azure } } });
      const stack = azureStack(config, environment);
      for (const type of [
        'azurerm_resource_group',
        'azurerm_kubernetes_cluster',
        'azurerm_storage_account',
        'azurerm_storage_container',
      ]) {
        expect([type, stack.resource(type).lifecycle]).toEqual([
          type,
          expect.objectContaining({ prevent_destroy: refuses }),
        ]);
      }
    },
  );

  test('the provider touches the one subscription, registers what is used, and needs no role on data', () => {
    expect(providers(PROD).azurerm).toEqual([
      {
        subscription_id: SUBSCRIPTION_ID,
        resource_provider_registrations: 'none',
        resource_providers_to_register: [
          'Microsoft.Compute',
          'Microsoft.ContainerService',
          'Microsoft.ManagedIdentity',
          'Microsoft.Network',
          'Microsoft.Storage',
        ],
        storage_use_azuread: true,
        features: [{ storage: [{ data_plane_available: false }] }],
      },
    ]);
  });

  test('the providers of what is in the cluster know only host, CA and a program', () => {
    const { kubernetes, helm } = providers(PROD);
    const exec = { command: 'kubelogin', api_version: 'client.authentication.k8s.io/v1beta1' };
    const host = ref('azurerm_kubernetes_cluster.Cluster_EB0386A7.kube_config[0].host');
    expect(kubernetes).toEqual([
      { host, cluster_ca_certificate: expect.any(String), exec: [expect.objectContaining(exec)] },
    ]);
    expect(helm).toEqual([
      { kubernetes: { host, cluster_ca_certificate: expect.any(String), exec: expect.objectContaining(exec) } },
    ]);
  });

  test('everything in the cluster waits for it, and is gone before it', () => {
    const namespaces = Object.values(PROD.resources('kubernetes_namespace_v1'));
    expect(namespaces).toHaveLength(2);
    for (const namespace of namespaces) {
      expect(namespace.depends_on).toEqual(['time_sleep.Cluster_CleanupTime_4A04A767']);
    }
  });

  test('nothing is counted or repeated by what only an apply makes known', () => {
    const resources = Object.values(PROD.json.resource as Record<string, Record<string, object>>);
    const repeated = resources.flatMap(Object.values).filter((one) => 'for_each' in one || 'count' in one);
    expect(repeated).toEqual([]);
  });

  test('no output tells what the provider calls sensitive', () => {
    expect(JSON.stringify(PROD.outputs())).toContain('oidc_issuer_url');
    expect(JSON.stringify(PROD.outputs())).not.toMatch(/kube_config|access_key|connection_string/);
  });
});

describe('what the model server may do', () => {
  test('it reads the store under its own identity', () => {
    expect(Object.values(PROD.resources('azurerm_role_assignment'))).toContainEqual(
      expect.objectContaining({
        role_definition_name: 'Storage Blob Data Reader',
        principal_id: ref('azurerm_user_assigned_identity.Cluster_ModelServerIdentity_356781FF.principal_id'),
        scope: ref('azurerm_storage_container.ModelStore_Container_45ECEA11.id'),
      }),
    );
  });

  test('its pods start after the permission, under the account the identity trusts', () => {
    const stack = PROD;
    const [modelServer] = Object.entries(stack.resources('kubernetes_deployment_v1')).filter(([id]) =>
      id.startsWith('ModelServer_'),
    );
    expect(modelServer?.[1].depends_on).toEqual([
      'azurerm_federated_identity_credential.Cluster_ModelServerIdentity_Credential_FFCF829D',
      'azurerm_role_assignment.Cluster_ModelServerIdentity_ModelStoreRead_0E10988F',
    ]);
    expect(Object.values(stack.resources('kubernetes_service_account_v1'))).toContainEqual(
      expect.objectContaining({
        metadata: expect.objectContaining({
          name: 'model-server',
          annotations: expect.objectContaining({
            'azure.workload.identity/client-id': ref(
              'azurerm_user_assigned_identity.Cluster_ModelServerIdentity_356781FF.client_id',
            ),
          }),
        }),
      }),
    );
  });
});

describe('state', () => {
  test('a team shares it in a storage account, opened by Entra', () => {
    expect(terraform(PROD).backend).toEqual({
      azurerm: {
        resource_group_name: 'state',
        storage_account_name: 'shopstate',
        container_name: 'tfstate',
        key: 'shop/prod/azure.tfstate',
        use_azuread_auth: true,
      },
    });
  });

  test('dev may keep it beside the code', () => {
    const stack = azureStack(azureConfig('dev', { state: { kind: 'local' } }), 'dev');
    expect(terraform(stack).backend).toEqual({
      local: { path: expect.stringMatching(/terraform\.azure-dev\.tfstate$/) },
    });
  });

  test('a rehearsal keeps it in its own folder, whatever the config says', () => {
    expect(terraform(prod({}, { rehearsal: { stateDirectory: '/tmp/rehearsal' } })).backend).toEqual({
      local: { path: '/tmp/rehearsal/azure-prod.tfstate' },
    });
  });
});

describe('choices', () => {
  test("without the cluster's contents nothing needs its API server, nor an image", () => {
    const stack = prod({ workloads: 'skip' });
    expect(Object.keys(providers(stack)).sort()).toEqual(['azurerm', 'time']);
    expect(stack.resourceTypes().filter((type) => /^(kubernetes|helm)_/.test(type))).toEqual([]);
    expect(stack.json.variable).toBeUndefined();
    expect(PROD.json.variable).toHaveProperty('image');
  });

  test('leaving the contents out changes nothing of the rest', () => {
    const azure = (stack: ReturnType<typeof prod>) =>
      Object.entries(stack.json.resource as object).filter(([type]) => type.startsWith('azurerm_'));
    expect(azure(prod({ workloads: 'skip' }))).toEqual(azure(PROD));
  });

  test('an existing cluster takes the place of cluster and network', () => {
    const stack = prod({ existingCluster: { name: 'shared', resourceGroupName: 'platform' } });
    expect(Object.values(stack.dataSources('azurerm_kubernetes_cluster'))).toEqual([
      expect.objectContaining({ name: 'shared', resource_group_name: 'platform' }),
    ]);
    expect(stack.resourceTypes().filter((type) => /^azurerm_.*(cluster|network|subnet|nat_)/.test(type))).toEqual([]);
    expect(stack.outputs().commands?.value).toMatchObject({
      kubeconfig:
        'az aks get-credentials --resource-group platform --name shared && kubelogin convert-kubeconfig --login azurecli',
    });
  });

  test('a location without zones gets a cluster, an address and a store without', () => {
    const stack = prod({ zones: [] });
    expect(stack.resource('azurerm_kubernetes_cluster').default_node_pool).toMatchObject({ zones: [] });
    expect(stack.resource('azurerm_public_ip').zones).toEqual([]);
    expect(stack.resource('azurerm_storage_account').account_replication_type).toBe('LRS');
  });

  test.each([
    ['prod', 99.9, 'Standard'],
    ['prod', 99, 'Free'],
    ['dev', 99.9, 'Free'],
  ] as const)('%s with a promise of %s %% pays for the tier %s', (environment, availabilityPercent, tier) => {
    const config = azureConfig(environment, {}, { slo: { availabilityPercent } });
    expect(azureStack(config, environment).resource('azurerm_kubernetes_cluster').sku_tier).toBe(tier);
  });

  test('fails when the config asks for a version that leaves support', () => {
    expect(() => prod({ kubernetesVersion: '1.34' })).toThrow('azure-prod: kubernetesVersion is 1.34');
  });

  test('provider versions of the config replace those of the bindings, for the providers it uses', () => {
    const { required_providers } = terraform(prod({}, { providerVersions: { azurerm: '4.60.0', aws: '6.30.0' } }));
    expect(required_providers).toMatchObject({ azurerm: { version: '4.60.0' } });
    expect(required_providers).not.toHaveProperty('aws');
  });

  test('a peer starts the sync and is trusted', () => {
    const peer = {
      modelStoreUrl: 's3://shop-prod-models',
      issuerUrl: 'https://oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF',
      readerRoleArn: 'arn:aws:iam::111122223333:role/shop-prod-sync-reader',
    };
    const credentials = (stack: ReturnType<typeof prod>) =>
      Object.keys(stack.resources('azurerm_federated_identity_credential'));
    expect(credentials(PROD)).toHaveLength(3);
    expect(credentials(prod({ peer }))).toHaveLength(4);
    expect(PROD.resource('kubernetes_cron_job_v1').spec).toMatchObject({ suspend: true });
    expect(prod({ peer }).resource('kubernetes_cron_job_v1').spec).toMatchObject({ suspend: false });
  });
});

test('outputs are what people and the AWS half need', () => {
  expect(Object.keys(PROD.outputs())).toEqual([
    'cluster_name',
    'commands',
    'model_store_url',
    'oidc_issuer_url',
    'sync_reader_client_id',
    'tenant_id',
  ]);
});

test('the logical ids of what holds data are a contract', () => {
  const stack = PROD;
  expect(Object.keys(stack.resources('azurerm_resource_group'))).toEqual(['ResourceGroup']);
  expect(Object.keys(stack.resources('azurerm_storage_account'))).toEqual(['ModelStore_926D9317']);
  expect(Object.keys(stack.resources('azurerm_storage_container'))).toEqual(['ModelStore_Container_45ECEA11']);
  expect(Object.keys(stack.resources('azurerm_kubernetes_cluster'))).toEqual(['Cluster_EB0386A7']);
});

test('the template without the cluster and its contents reads as expected', async () => {
  const existingCluster = { name: 'shared', resourceGroupName: 'platform' };
  expect(await prod({ existingCluster, workloads: 'skip' }).hcl()).toMatchSnapshot();
});
