import type { ITerraformDependable } from 'cdktf';

/** A key of a Secret in the cluster, by name: what a pod mounts, or has in a variable. */
export interface SecretKey {
  readonly secretName: string;
  readonly key: string;
  /** What brings the Secret. */
  readonly ready: readonly ITerraformDependable[];
}
