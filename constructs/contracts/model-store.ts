import type { IWorkloadIdentity } from './workload-identity';

/** Where model versions are kept: a bucket on AWS, a blob container on Azure. */
export interface IModelStore<Identity extends IWorkloadIdentity = IWorkloadIdentity> {
  /** What the model registry opens: `s3://bucket/prefix` or `az://account/container/prefix`. */
  readonly modelStoreUrl: string;
  readonly grants: IModelStoreGrants<Identity>;
}

/** The part of a store that a grant is for. */
export interface ModelScope {
  /**
   * Name of the model.
   * @default - every model of the store
   */
  readonly model?: string;
}

export interface ChannelScope extends ModelScope {
  /**
   * Name of the channel.
   * @default - every channel
   */
  readonly channel?: string;
}

/** Who may do what with a store. Nobody may delete. */
export interface IModelStoreGrants<Identity extends IWorkloadIdentity = IWorkloadIdentity> {
  /** May list and read versions, channels, rollouts and runs: who serves a model. */
  read(identity: Identity): void;
  /** May also add versions and the records of training runs, and move no channel: a trainer, a copy between clouds. */
  write(identity: Identity, scope?: ModelScope): void;
  /** May also point channels to versions, and add none. */
  promote(identity: Identity, scope?: ChannelScope): void;
  /** May also tell how rollouts go, and write nothing else. */
  reportRollouts(identity: Identity, scope?: ChannelScope): void;
}
