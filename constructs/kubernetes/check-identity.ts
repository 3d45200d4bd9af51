import type { Construct } from 'constructs';
import { ConfigError } from '../../src';
import type { IWorkloadIdentity, WorkloadIdentityProps } from '../contracts';

interface CheckedIdentity {
  readonly identity: IWorkloadIdentity;
  /** The service account the workload runs as. */
  readonly expected: WorkloadIdentityProps;
  /** Name of the exported constant that `expected` is, for the error. */
  readonly constant: string;
}

/** Refuses an identity of another service account, whose pods would start and be denied. */
export function checkIdentity(scope: Construct, { identity, expected, constant }: CheckedIdentity): void {
  if (identity.namespace === expected.namespace && identity.serviceAccountName === expected.serviceAccountName) return;
  throw new ConfigError(
    `identity belongs to the service account ${identity.namespace}/${identity.serviceAccountName}, but the pods run as ${expected.namespace}/${expected.serviceAccountName}. Make it by cluster.addWorkloadIdentity(id, ${constant}).`,
    scope,
  );
}
