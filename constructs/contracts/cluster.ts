import type { ITerraformDependable } from 'cdktf';
import type { IWorkloadIdentity, WorkloadIdentityProps } from './workload-identity';

/** How Terraform reaches the API server. Credentials come from a program at run time, so none is in the state. */
export interface ClusterConnection {
  /** URL of the API server. */
  readonly host: string;
  /** Its CA's certificate, PEM. */
  readonly clusterCaCertificate: string;
  /** Program that prints a short-lived credential, as in kubeconfig's `exec`. */
  readonly exec: {
    readonly apiVersion: string;
    readonly command: string;
    readonly args: string[];
  };
}

/** A Kubernetes cluster the recommender runs in, on either cloud. */
export interface IRecommenderCluster<Identity extends IWorkloadIdentity = IWorkloadIdentity> {
  readonly clusterName: string;
  readonly connection: ClusterConnection;
  /** Issuer of the service account tokens, `https://…`; other clouds trust it by federation. */
  readonly oidcIssuerUrl: string;
  /** What must exist before anything runs in the cluster, and must outlive it on destroy. */
  readonly ready: ITerraformDependable[];
  /** Storage class for volumes, backed by encrypted disks. */
  readonly storageClassName: string;
  /** A cloud identity that pods of one service account act as. */
  addWorkloadIdentity(id: string, props: WorkloadIdentityProps): Identity;
}
