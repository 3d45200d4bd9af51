/** Where something listens: in pods of the cluster, or at addresses outside it. */
export type NetworkLocation =
  | { readonly namespaceName: string; readonly podLabels: Record<string, string> }
  | { readonly cidr: string };
