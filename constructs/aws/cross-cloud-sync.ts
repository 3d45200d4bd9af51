import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Construct } from 'constructs';
import { type AzureSyncPeer, type IRecommenderCluster, SYNC_SERVICE_ACCOUNT, SYNC_SUBJECT } from '../contracts';
import type { RecommenderNamespace } from '../kubernetes/recommender-namespace';
import { ModelSyncJob, type ModelSyncSource, PEER_TOKEN_FILE } from '../kubernetes/sync-job';
import { AwsAccount } from './aws-account';
import type { ModelStore } from './model-store/model-store';
import type { PodIdentity } from './pod-identity';
import { type IGrantee, type PolicyStatement, policyDocument } from './policy-document';

export interface CrossCloudSyncProps {
  readonly cluster: IRecommenderCluster<PodIdentity>;
  /** What the job writes, and what the peer may read. */
  readonly modelStore: ModelStore;
  /** Name of the role that the peer's job reads this cloud's store by. */
  readonly readerRoleName: string;
  /**
   * The Azure half.
   * @default - none: the job is suspended and nobody of Azure is trusted
   */
  readonly peer?: AzureSyncPeer;
  /**
   * Where the job runs, and the model server's image by digest, which carries its program.
   * @default - the cloud's half only, without a job in the cluster
   */
  readonly job?: { readonly namespace: RecommenderNamespace; readonly image: string };
}

/** The audience that Entra ID expects in a token of another issuer. */
const ENTRA_AUDIENCE = 'api://AzureADTokenExchange';
/** The audience that AWS STS expects in one. */
const STS_AUDIENCE = 'sts.amazonaws.com';

/**
 * The AWS half of the copying of model versions between clouds: an identity and a job that pull from Azure, and a role
 * by which Azure's job pulls from here. No key is exchanged: each cloud trusts the other cluster's tokens.
 */
export class CrossCloudSync extends Construct {
  readonly identity: PodIdentity;
  /** ARN of the role of the peer's job; the role exists once a peer is named. */
  readonly readerRoleArn: string;
  readonly reader?: PeerReader;
  readonly job?: ModelSyncJob;

  constructor(scope: Construct, id: string, props: CrossCloudSyncProps) {
    super(scope, id);
    this.identity = props.cluster.addWorkloadIdentity('SyncIdentity', SYNC_SERVICE_ACCOUNT);
    props.modelStore.grants.write(this.identity);
    this.readerRoleArn = AwsAccount.of(this).iamArn(`role/${props.readerRoleName}`);
    this.reader = this.addReader(props);
    this.job = this.addJob(props);
  }

  private addReader({ peer, readerRoleName, modelStore }: CrossCloudSyncProps): PeerReader | undefined {
    if (!peer) return undefined;
    const reader = new PeerReader(this, 'Reader', readerRoleName, peer.issuerUrl);
    modelStore.grants.read(reader);
    return reader;
  }

  private addJob({ job, peer, modelStore }: CrossCloudSyncProps): ModelSyncJob | undefined {
    if (!job) return undefined;
    return new ModelSyncJob(this, 'Job', {
      ...job,
      identity: this.identity,
      destinationUrl: modelStore.modelStoreUrl,
      environment: { AWS_REGION: AwsAccount.of(this).region },
      source: peer && azureSource(peer),
    });
  }
}

/** What the SDK for Azure reads, named by its `WorkloadIdentityCredential`. */
function azureSource(peer: AzureSyncPeer): ModelSyncSource {
  return {
    modelStoreUrl: peer.modelStoreUrl,
    tokenAudience: ENTRA_AUDIENCE,
    environment: {
      AZURE_CLIENT_ID: peer.readerClientId,
      AZURE_TENANT_ID: peer.tenantId,
      AZURE_FEDERATED_TOKEN_FILE: PEER_TOKEN_FILE,
      AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.com/',
    },
  };
}

/** The role that the peer cluster's sync job, and nothing else of the peer's, may assume. */
class PeerReader extends Construct implements IGrantee {
  readonly issuer: IamOpenidConnectProvider;
  readonly role: IamRole;

  constructor(scope: Construct, id: string, roleName: string, issuerUrl: string) {
    super(scope, id);
    this.issuer = new IamOpenidConnectProvider(this, 'Issuer', { url: issuerUrl, clientIdList: [STS_AUDIENCE] });
    // Condition keys begin with the issuer as its tokens spell it, without the scheme; AKS's end with a slash.
    const issuer = issuerUrl.replace(/^https:\/\//, '');
    this.role = new IamRole(this, 'Role', {
      name: roleName,
      description: 'Sync job of the peer cluster, which copies model versions from here',
      assumeRolePolicy: policyDocument({
        Effect: 'Allow',
        Principal: { Federated: this.issuer.arn },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${issuer}:aud`]: STS_AUDIENCE, [`${issuer}:sub`]: SYNC_SUBJECT } },
      }),
    });
  }

  addPolicy(name: string, statements: readonly PolicyStatement[]): void {
    new IamRolePolicy(this, name, { name, role: this.role.name, policy: policyDocument(...statements) });
  }
}
