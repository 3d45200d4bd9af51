import { DataAwsIamSessionContext } from '@cdktf/provider-aws/lib/data-aws-iam-session-context';
import { Fn, TerraformOutput } from 'cdktf';
import { AwsAccount } from '../constructs/aws/aws-account';
import type { AwsConfig } from '../src/config/schema';
import type { AwsStack } from './aws-stack';

/** What other stacks and people need to know of a deployed `aws-<environment>`. */
export function addAwsOutputs(stack: AwsStack, region: string): void {
  const { cluster, modelStore, sync } = stack;
  const outputs: Record<string, unknown> = {
    cluster_name: cluster.clusterName,
    cluster_endpoint: cluster.connection.host,
    model_store_url: modelStore.modelStoreUrl,
    oidc_issuer_url: cluster.oidcIssuerUrl,
    sync_reader_role_arn: sync.readerRoleArn,
    commands: {
      kubeconfig: `aws eks update-kubeconfig --name ${cluster.clusterName} --region ${region}`,
      model_server: 'kubectl port-forward --namespace recommender service/model-server 8080:80',
      grafana: 'kubectl port-forward --namespace monitoring service/kube-prometheus-stack-grafana 3000:80',
    },
  };
  for (const [name, value] of Object.entries(outputs)) new TerraformOutput(stack, name, { value });
}

/**
 * Fails a plan by somebody who may not administer the cluster: the deploy would make it and then be refused by it.
 */
export function requireAdminDeployer(stack: AwsStack, settings: AwsConfig): void {
  if (settings.existingCluster || settings.workloads === 'skip') return;
  const deployer = new DataAwsIamSessionContext(stack, 'Deployer', { arn: AwsAccount.of(stack).callerArn }).issuerArn;
  new TerraformOutput(stack, 'admin_principal_arns', {
    value: settings.adminPrincipalArns,
    description: 'IAM roles and users that administer the cluster.',
    precondition: {
      condition: Fn.contains(settings.adminPrincipalArns, deployer),
      errorMessage: `${deployer} deploys, but is not in adminPrincipalArns of the config, so the cluster would refuse it. Add it, or deploy as one of them.`,
    },
  });
}
