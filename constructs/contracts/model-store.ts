import type { IWorkloadIdentity } from './workload-identity';

/** Where model versions are kept: a bucket on AWS, a blob container on Azure. */
export interface IModelStore<Identity extends IWorkloadIdentity = IWorkloadIdentity> {
  /** What the model registry opens: `s3://bucket/prefix` or `az://account/container/prefix`. */
  readonly modelStoreUrl: string;
  readonly grants: IModelStoreGrants<Identity>;
}

export interface IModelStoreGrants<Identity extends IWorkloadIdentity = IWorkloadIdentity> {
  /** May list and read versions, channels and runs. */
  read(identity: Identity): void;
  /** May also add versions and move channels. Nobody may delete. */
  readWrite(identity: Identity): void;
}
