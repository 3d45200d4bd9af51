import type { CapacityPlan, ServiceLevelObjective } from '../../src';

/** A model store of which `Grantee` is what a cloud gives permissions to. */
export interface ReadableModelStore<Grantee> {
  /** What the model registry opens: `s3://bucket/prefix` or `az://account/container/prefix`. */
  readonly modelStoreUrl: string;
  readonly grants: {
    /** May list and read versions, channels, rollouts and runs. */
    read(grantee: Grantee): void;
  };
}

/** What the model server needs to be told wherever it runs without Kubernetes: in containers, or on machines. */
export interface ModelServerComputeProps<Grantee> {
  /** Name of the service, which other names begin with: 2 to 24 lowercase letters, digits and hyphens. */
  readonly serviceName: string;
  /** Image by digest, `registry/path@sha256:…`, for arm64. */
  readonly image: string;
  /** Where model versions come from. The server may read it. */
  readonly modelStore: ReadableModelStore<Grantee>;
  /**
   * The version of the model it serves, 64 hex digits, until another one is deployed.
   * @default - the channel's: each replica swaps in place as soon as it moves
   */
  readonly modelVersion?: string;
  /** Bounds of the autoscaler, what it aims at, and the replicas of the first apply. */
  readonly capacity: CapacityPlan;
  /** Sets the deadline after which a simpler answer is given, and when a rollout is taken back. */
  readonly slo: ServiceLevelObjective;
  /**
   * More environment variables: the server's settings (`RECOMMENDER_…`). One that the construct sets itself is refused.
   * @default {}
   */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The model server on a compute without Kubernetes, behind a load balancer of its own. */
export interface IModelServerCompute {
  readonly serviceName: string;
  /** `https://…`, where callers reach it. */
  readonly url: string;
  readonly capacity: CapacityPlan;
  readonly slo: ServiceLevelObjective;
}
