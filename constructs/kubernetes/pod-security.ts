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

/** The same for charts, which hand numbers on as they are; Terraform's provider has them as text. */
export const RESTRICTED_POD_VALUES = {
  ...RESTRICTED_POD,
  runAsUser: Number(USER),
  runAsGroup: Number(USER),
  fsGroup: Number(USER),
};

/** Container half; the root file system is read-only beyond what the standard asks. */
export const RESTRICTED_CONTAINER = {
  allowPrivilegeEscalation: false,
  privileged: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/**
 * Labels that make the API server refuse pods below a Pod Security Standard, and warn below "restricted". "privileged"
 * refuses none: it is for what sets up, watches or backs up a node from inside, and each use says so.
 */
export function podSecurityLabels(enforced: 'privileged' | 'baseline' | 'restricted'): Record<string, string> {
  return {
    'pod-security.kubernetes.io/enforce': enforced,
    'pod-security.kubernetes.io/warn': 'restricted',
    'pod-security.kubernetes.io/audit': 'restricted',
  };
}
