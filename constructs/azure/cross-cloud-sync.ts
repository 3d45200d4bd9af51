import { Construct } from 'constructs';
import { ConfigError } from '../../src';
import { type AwsSyncPeer, type IModelStore, type IRecommenderCluster, SYNC_SERVICE_ACCOUNT } from '../contracts';
import type { RecommenderNamespace } from '../kubernetes/recommender-namespace';
import { ModelSyncJob, type ModelSyncSource, PEER_TOKEN_FILE } from '../kubernetes/sync-job';
import type { IResourceGroup } from './resource-group';
import { WorkloadIdentity } from './workload-identity';

export interface CrossCloudSyncProps {
  /** Name of the identity that the peer's job reads this cloud's store by. */
  readonly readerIdentityName: string;
  /** Where that identity is made. */
  readonly resourceGroup: IResourceGroup;
  /** The cluster that the job runs in. */
  readonly cluster: IRecommenderCluster<WorkloadIdentity>;
  /** This cloud's store: the job adds the peer's versions to it, the peer reads it. */
  readonly modelStore: IModelStore<WorkloadIdentity>;
  /**
   * Where the job runs, and the model server's image by digest, which carries its program.
   * @default - no job; the identities are there all the same
   */
  readonly job?: { readonly namespace: RecommenderNamespace; readonly image: string };
  /**
   * The AWS half, from the outputs of its stack.
   * @default - none: the job is suspended, and AWS is not trusted
   */
  readonly peer?: AwsSyncPeer;
}

/**
 * The Azure half of the copying of model versions between the clouds. Its job reads the AWS store and writes this one;
 * its reader is the identity that the job of the AWS half reads this store by. No key exists: each cloud trusts the
 * issuer of the other's cluster for one service account.
 */
export class CrossCloudSync extends Construct {
  /** Of this cloud's job: may add to this cloud's store. */
  readonly identity: WorkloadIdentity;
  /** Of the AWS half's job: may read this cloud's store. Nobody may act as it while there is no peer. */
  readonly reader: WorkloadIdentity;
  /** Absent when the cluster's contents are left out. */
  readonly job?: ModelSyncJob;

  constructor(scope: Construct, id: string, props: CrossCloudSyncProps) {
    super(scope, id);
    this.identity = this.addIdentity(props);
    this.reader = this.addReader(props);
    if (props.job) this.job = this.addJob({ ...props, ...props.job });
  }

  private addIdentity({ cluster, modelStore }: CrossCloudSyncProps): WorkloadIdentity {
    const identity = cluster.addWorkloadIdentity('SyncIdentity', SYNC_SERVICE_ACCOUNT);
    modelStore.grants.write(identity);
    return identity;
  }

  private addReader({ readerIdentityName, resourceGroup, modelStore, peer }: CrossCloudSyncProps): WorkloadIdentity {
    const reader = new WorkloadIdentity(this, 'Reader', {
      ...SYNC_SERVICE_ACCOUNT,
      identityName: readerIdentityName,
      resourceGroup,
      issuerUrl: peer?.issuerUrl,
    });
    modelStore.grants.read(reader);
    return reader;
  }

  private addJob(props: CrossCloudSyncProps & NonNullable<CrossCloudSyncProps['job']>): ModelSyncJob {
    return new ModelSyncJob(this, 'Job', {
      namespace: props.namespace,
      image: props.image,
      identity: this.identity,
      destinationUrl: props.modelStore.modelStoreUrl,
      source: props.peer && this.sourceOf(props.peer),
    });
  }

  private sourceOf({ modelStoreUrl, readerRoleArn, issuerUrl }: AwsSyncPeer): ModelSyncSource {
    return {
      modelStoreUrl,
      tokenAudience: 'sts.amazonaws.com',
      environment: {
        AWS_REGION: this.regionOf(issuerUrl),
        AWS_ROLE_ARN: readerRoleArn,
        AWS_ROLE_SESSION_NAME: SYNC_SERVICE_ACCOUNT.serviceAccountName,
        AWS_WEB_IDENTITY_TOKEN_FILE: PEER_TOKEN_FILE,
      },
    };
  }

  /** The store is in the region of the cluster, and the issuer of an EKS cluster names it. */
  private regionOf(issuerUrl: string): string {
    const region = /^https:\/\/oidc\.eks\.([a-z0-9-]+)\./.exec(issuerUrl)?.[1];
    if (region) return region;
    throw new ConfigError(
      `peer.issuerUrl is ${issuerUrl}; it must be the issuer of an EKS cluster, https://oidc.eks.<region>.amazonaws.com/id/…, as in the AWS stack's oidc_issuer_url output.`,
      this,
    );
  }
}
