import { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import type { Construct } from 'constructs';
import type { IWorkloadIdentity, WorkloadIdentityProps } from '../contracts';
import { checkIdentity } from './check-identity';
import type { RecommenderNamespace } from './recommender-namespace';

interface WorkloadServiceAccountProps {
  readonly namespace: RecommenderNamespace;
  readonly identity: IWorkloadIdentity;
  /** The service account the workload runs as. */
  readonly expected: WorkloadIdentityProps;
  /** Name of the exported constant that `expected` is, for the error. */
  readonly constant: string;
}

/** The service account of a workload, bound to its cloud identity; pods get no token for the API server. */
export function workloadServiceAccount(scope: Construct, props: WorkloadServiceAccountProps): ServiceAccountV1 {
  const { namespace, identity, expected, constant } = props;
  checkIdentity(scope, { identity, expected, constant });
  return new ServiceAccountV1(scope, 'ServiceAccount', {
    metadata: {
      name: expected.serviceAccountName,
      namespace: namespace.namespaceName,
      annotations: identity.serviceAccountAnnotations,
    },
    automountServiceAccountToken: false,
  });
}
