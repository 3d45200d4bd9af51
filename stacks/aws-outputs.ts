import { TerraformOutput } from 'cdktf';
import { PORT_FORWARDS } from '../constructs/kubernetes/port-forwards';
import type { AwsConfig } from '../src/config/schema';
import type { AwsStack } from './aws-stack';

/** What other stacks and people need to know of a deployed `aws-<environment>`. */
export function addAwsOutputs(stack: AwsStack, { region, workloads }: AwsConfig): void {
  const { cluster, modelStore, sync } = stack;
  const outputs: Record<string, unknown> = {
    cluster_name: cluster.clusterName,
    model_store_url: modelStore.modelStoreUrl,
    oidc_issuer_url: cluster.oidcIssuerUrl,
    sync_reader_role_arn: sync.readerRoleArn,
    commands: {
      kubeconfig: `aws eks update-kubeconfig --name ${cluster.clusterName} --region ${region}`,
      ...(workloads === 'deploy' && PORT_FORWARDS),
    },
  };
  for (const [name, value] of Object.entries(outputs)) new TerraformOutput(stack, name, { value });
}
