/** User and group that pods run as, and the same for volumes: above 10,000, where no user of a node is. */
const USER = '10001';

/** Pod half of the Pod Security Standard "restricted". */
export const RESTRICTED_POD = {
  runAsNonRoot: true,
  runAsUser: USER,
  runAsGroup: USER,
  fsGroup: USER,
  seccompProfile: { type: 'RuntimeDefault' },
};

/** Container half; the root file system is read-only beyond what the standard asks. */
export const RESTRICTED_CONTAINER = {
  allowPrivilegeEscalation: false,
  privileged: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** Labels that make the API server refuse pods below a Pod Security Standard, and warn below "restricted". */
export function podSecurityLabels(enforced: 'baseline' | 'restricted'): Record<string, string> {
  return {
    'pod-security.kubernetes.io/enforce': enforced,
    'pod-security.kubernetes.io/warn': 'restricted',
    'pod-security.kubernetes.io/audit': 'restricted',
  };
}
