import type { NetworkLocation } from './network-location';
import type { ISecretStore } from './secret-store';
import type { IWorkloadIdentity } from './workload-identity';

/** A secret of a cloud's store, as External Secrets finds it. */
export interface StoredSecret {
  /** `spec.provider` of a SecretStore of External Secrets. */
  readonly provider: ISecretStore['provider'];
  /** `remoteRef.key`: the secret's name or ARN in that store. */
  readonly key: string;
}

/** A PostgreSQL outside the cluster, over TLS only. No password of it is in Terraform's state. */
export interface IDatabase<Identity extends IWorkloadIdentity = IWorkloadIdentity> {
  /** Host name that clients connect to, which its certificate is for. */
  readonly host: string;
  readonly port: number;
  /** Of the database in it that is there from the start. */
  readonly databaseName: string;
  /** The administrator's login, which the cloud makes and rotates: JSON with `username` and `password`. */
  readonly administrator: StoredSecret;
  readonly location: NetworkLocation;
  readonly grants: IDatabaseGrants<Identity>;
}

export interface IDatabaseGrants<Identity extends IWorkloadIdentity = IWorkloadIdentity> {
  /**
   * May log in as a user, by a token instead of a password, and as no other.
   *
   * @param userName of the user in the database, who an administrator makes
   */
  connect(identity: Identity, userName: string): void;
  /** May read the administrator's login, to make users and tables. */
  readAdministrator(identity: Identity): void;
}
