import type { NetworkLocation } from './network-location';
import type { IWorkloadIdentity } from './workload-identity';

/** A MongoDB outside the cluster, which knows its clients by their cloud identities: there is no password. */
export interface IDocumentStore<Identity extends IWorkloadIdentity = IWorkloadIdentity> {
  /** `mongodb+srv://…` without a login. */
  readonly url: string;
  readonly location: NetworkLocation;
  readonly grants: {
    /** May read a database. */
    read(identity: Identity, databaseName: string): void;
    /** May also write to it. */
    readWrite(identity: Identity, databaseName: string): void;
  };
}
