import { TerraformOutput } from 'cdktf';
import type { AzureConfig } from '../src/config/schema';
import type { AzureStack } from './azure-stack';

/** What other stacks and people need to know of a deployed `azure-<environment>`. */
export function addAzureOutputs(stack: AzureStack, { existingCluster }: AzureConfig): void {
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
      model_server: 'kubectl port-forward --namespace recommender service/model-server 8080:80',
      grafana: 'kubectl port-forward --namespace monitoring service/kube-prometheus-stack-grafana 3000:80',
    },
  };
  for (const [name, value] of Object.entries(outputs)) new TerraformOutput(stack, name, { value });
}
