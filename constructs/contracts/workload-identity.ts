import type { ITerraformDependable } from 'cdktf';

/** The Kubernetes service account that an identity belongs to. Both are plain text, known at synth. */
export interface WorkloadIdentityProps {
  readonly namespace: string;
  readonly serviceAccountName: string;
}

/** A cloud identity without a key, bound to one Kubernetes service account. */
export interface IWorkloadIdentity extends WorkloadIdentityProps {
  /** Annotations its service account needs. */
  readonly serviceAccountAnnotations: Record<string, string>;
  /** Labels its pods need. */
  readonly podLabels: Record<string, string>;
  /** Where its pods get credentials, beyond the cloud's own addresses: `169.254.170.23/32`, and the TCP port. */
  readonly credentialSources: readonly { readonly cidr: string; readonly port: number }[];
  /** What must exist before its pods start: the binding and the permissions granted to it so far. */
  readonly ready: ITerraformDependable[];
}
