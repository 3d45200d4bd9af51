import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import type { Construct } from 'constructs';
import type { ClusterConnection } from '../constructs/contracts';

/** One context of a kubeconfig. Both are names only: what is in the file stays there. */
export interface KubeconfigContext {
  /** Path of the file. */
  readonly kubeconfig: string;
  readonly context: string;
}

/** The providers by which a stack deploys into its cluster. */
export function addKubernetesProviders(scope: Construct, connection: ClusterConnection | KubeconfigContext): void {
  if ('kubeconfig' in connection) {
    const { kubeconfig, context } = connection;
    new KubernetesProvider(scope, 'Kubernetes', { configPath: kubeconfig, configContext: context });
    addHelm(scope, { config_path: kubeconfig, config_context: context });
    return;
  }
  const { host, clusterCaCertificate, exec } = connection;
  new KubernetesProvider(scope, 'Kubernetes', { host, clusterCaCertificate, exec: [exec] });
  addHelm(scope, {
    host,
    cluster_ca_certificate: clusterCaCertificate,
    exec: { api_version: exec.apiVersion, command: exec.command, args: exec.args },
  });
}

function addHelm(scope: Construct, kubernetes: object): void {
  // An override, because `cdktf synth --hcl` of cdktf 0.21 writes the argument `kubernetes` as a block, which the
  // Helm provider 3 refuses: https://registry.terraform.io/providers/hashicorp/helm/3.1.1/docs
  new HelmProvider(scope, 'Helm', {}).addOverride('kubernetes', kubernetes);
}
