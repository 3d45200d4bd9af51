import type { TerraformStack } from 'cdktf';
import { RecommenderCluster } from '../../../constructs/azure';
import { onAzure, RESOURCE_GROUP, ref, rendered } from './fixtures';

const existing = (stack: TerraformStack) =>
  RecommenderCluster.fromExisting(stack, 'Cluster', {
    clusterName: 'shared',
    clusterResourceGroupName: 'platform',
    resourceGroup: RESOURCE_GROUP,
  });
const synthesized = () =>
  onAzure((stack) => {
    existing(stack).addWorkloadIdentity('Reader', { namespace: 'recommender', serviceAccountName: 'reader' });
  });

test('an existing cluster is looked up by name and resource group, and none is made', () => {
  const stack = synthesized();
  expect(stack.dataSources('azurerm_kubernetes_cluster')).toMatchObject({
    Cluster_EB0386A7: { name: 'shared', resource_group_name: 'platform' },
  });
  expect(stack.resourceTypes()).toEqual(['azurerm_federated_identity_credential', 'azurerm_user_assigned_identity']);
});

test("identities for it are made in the stack's own resource group, and trust its issuer", () => {
  const stack = synthesized();
  expect(stack.resource('azurerm_user_assigned_identity')).toMatchObject({
    name: 'shared-recommender-reader',
    resource_group_name: 'shop',
  });
  expect(stack.resource('azurerm_federated_identity_credential')).toMatchObject({
    issuer: ref('data.azurerm_kubernetes_cluster.Cluster_EB0386A7.oidc_issuer_url'),
  });
});

test('it is connected to as a new one is', () => {
  expect(rendered((stack) => existing(stack).connection)).toMatchObject({
    host: ref('data.azurerm_kubernetes_cluster.Cluster_EB0386A7.kube_config[0].host'),
    exec: { command: 'kubelogin' },
  });
});

test('the template reads as expected', async () => {
  expect(await synthesized().hcl()).toMatchSnapshot();
});
