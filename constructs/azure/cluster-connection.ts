import { Fn } from 'cdktf';
import type { ClusterConnection } from '../contracts';

/** AKS's class of encrypted managed disks, made by the disk CSI driver. */
export const STORAGE_CLASS_NAME = 'managed-csi';

/** The application id of AKS's API servers in every Entra tenant of the public cloud (kubelogin's documentation). */
const AKS_SERVER_ID = '6dae42f8-4368-4678-94ff-3960e28e3630';

interface KubeConfigs {
  get(index: number): { readonly host: string; readonly clusterCaCertificate: string };
}

/**
 * Connects by kubelogin. With local accounts off, the kubeconfig that AKS gives out has host and CA but no credential.
 *
 * A person, and a pipeline that has logged in to the Azure CLI, need nothing else. A pipeline without the CLI sets
 * `AAD_LOGIN_METHOD=workloadidentity` (or `msi`), which kubelogin lets prevail over `--login`.
 */
export function aksConnection(kubeConfigs: KubeConfigs): ClusterConnection {
  const { host, clusterCaCertificate } = kubeConfigs.get(0);
  return {
    host,
    clusterCaCertificate: Fn.base64decode(clusterCaCertificate),
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      command: 'kubelogin',
      args: ['get-token', '--login', 'azurecli', '--server-id', AKS_SERVER_ID],
    },
  };
}
