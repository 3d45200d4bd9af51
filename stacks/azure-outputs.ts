import { TerraformOutput } from 'cdktf';
import { PORT_FORWARDS } from '../constructs/kubernetes/port-forwards';
import type { AzureConfig } from '../src/config/schema';
import type { AzureStack } from './azure-stack';

/** What other stacks and people need to know of a deployed `azure-<environment>`. */
export function addAzureOutputs(stack: AzureStack, { existingCluster, workloads }: AzureConfig): void {
  const { cluster, modelStore, sync } = stack;
  const clusterGroup = existingCluster?.resourceGroupName ?? stack.resourceGroup.name;
  const outputs: Record<string, unknown> = {
    cluster_name: cluster.clusterName,
    model_store_url: modelStore.modelStoreUrl,
    oidc_issuer_url: cluster.oidcIssuerUrl,
    sync_reader_client_id: sync.reader.clientId,
    tenant_id: sync.reader.identity.tenantId,
    commands: {
      kubeconfig: `az aks get-credentials --resource-group ${clusterGroup} --name ${cluster.clusterName} && kubelogin convert-kubeconfig --login azurecli`,
      ...(workloads === 'deploy' && PORT_FORWARDS),
    },
  };
  for (const [name, value] of Object.entries(outputs)) new TerraformOutput(stack, name, { value });
}
