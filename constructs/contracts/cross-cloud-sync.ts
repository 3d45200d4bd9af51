/**
 * CrossCloudSync has a half in each cloud, and each half pulls: its job reads the peer's store and writes its own, so
 * neither cloud can change the other. A half is inert until it is told of its peer: its job is suspended and no
 * identity of the other cloud is trusted. Both stacks are deployed once without peers; their outputs are the peers.
 */
interface SyncPeer {
  /** The peer's model store: its stack's `model_store_url` output. */
  readonly modelStoreUrl: string;
  /** OIDC issuer of the peer's cluster, whose sync job may read this cloud's store: its `oidc_issuer_url` output. */
  readonly issuerUrl: string;
}

/** The AWS half, as the Azure half knows it. */
export interface AwsSyncPeer extends SyncPeer {
  /** ARN of the role that may read the model store: the AWS stack's `sync_reader_role_arn` output. */
  readonly readerRoleArn: string;
}

/** The Azure half, as the AWS half knows it. */
export interface AzureSyncPeer extends SyncPeer {
  /** Client id of the identity that may read the model store: the Azure stack's `sync_reader_client_id` output. */
  readonly readerClientId: string;
  /** The Entra tenant of that identity: the Azure stack's `tenant_id` output. */
  readonly tenantId: string;
}

/** Namespace and service account of the sync job, the same in either cluster. */
export const SYNC_SERVICE_ACCOUNT = { namespace: 'recommender', serviceAccountName: 'model-sync' } as const;

/** Subject of the sync job's token, which the peer's cloud trusts. */
export const SYNC_SUBJECT = `system:serviceaccount:${SYNC_SERVICE_ACCOUNT.namespace}:${SYNC_SERVICE_ACCOUNT.serviceAccountName}`;
