import type { TerraformStack } from 'cdktf';
import { WorkloadIdentity } from '../../../constructs/azure';
import { cluster, onAzure, RESOURCE_GROUP, ref, rendered } from './fixtures';

const ACCOUNT = { namespace: 'recommender', serviceAccountName: 'model-server' };
const identity = (stack: TerraformStack, identityName = 'reader', issuerUrl?: string) =>
  new WorkloadIdentity(stack, 'Identity', { ...ACCOUNT, identityName, issuerUrl, resourceGroup: RESOURCE_GROUP });

test('only pods of the one service account may act as it', () => {
  const stack = onAzure((scope) => {
    cluster(scope).addWorkloadIdentity('ModelServerIdentity', ACCOUNT);
  });
  expect(stack.resource('azurerm_federated_identity_credential')).toMatchObject({
    name: 'model-server',
    parent_id: ref('azurerm_user_assigned_identity.Cluster_ModelServerIdentity_356781FF.id'),
    issuer: ref('azurerm_kubernetes_cluster.Cluster_EB0386A7.oidc_issuer_url'),
    subject: 'system:serviceaccount:recommender:model-server',
    audience: ['api://AzureADTokenExchange'],
  });
});

test('an identity without an issuer can be used by nobody', () => {
  const stack = onAzure((scope) => {
    expect(identity(scope).ready).toEqual([]);
  });
  expect(stack.resourceTypes()).toEqual(['azurerm_user_assigned_identity']);
});

test('its service account and pods carry what the AKS webhook looks for', () => {
  expect(rendered((stack) => identity(stack).serviceAccountAnnotations)).toEqual({
    'azure.workload.identity/client-id': ref('azurerm_user_assigned_identity.Identity_2D60E2CC.client_id'),
    'azure.workload.identity/tenant-id': ref('azurerm_user_assigned_identity.Identity_2D60E2CC.tenant_id'),
  });
  expect(rendered((stack) => identity(stack).podLabels)).toEqual({ 'azure.workload.identity/use': 'true' });
});

test('pods wait for its credential', () => {
  onAzure((stack) => {
    const { credential, ready } = identity(stack, 'reader', 'https://issuer.example.com/');
    expect(ready.map(({ fqn }) => fqn)).toEqual([credential?.fqn]);
  });
});

test.each(['ab', '_reader', 'a'.repeat(129), 'a.b'])('fails when the name is %s', (name) => {
  expect(() => onAzure((stack) => void identity(stack, name))).toThrow(
    `test/Identity: identityName is ${name}; allowed are 3 to 128 letters`,
  );
});

test('the template reads as expected', async () => {
  const stack = onAzure((scope) => void identity(scope, 'reader', 'https://issuer.example.com/'));
  expect(await stack.hcl()).toMatchSnapshot();
});
