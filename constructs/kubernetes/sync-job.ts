import { CronJobV1 } from '@cdktf/provider-kubernetes/lib/cron-job-v1';
import type { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import { Construct } from 'constructs';
import { type IWorkloadIdentity, SYNC_SERVICE_ACCOUNT } from '../contracts';
import { cloudConnections } from './cloud-connections';
import type { Connections } from './connections';
import { resourcesOf } from './container-sizes';
import { checkImageDigest } from './image-digest';
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from './pod-security';
import type { RecommenderNamespace } from './recommender-namespace';
import { workloadServiceAccount } from './workload-service-account';

const PEER_TOKEN_DIRECTORY = '/var/run/secrets/recommender/peer';

/** File with the service account's token for the peer's cloud, for `AWS_WEB_IDENTITY_TOKEN_FILE` and its like. */
export const PEER_TOKEN_FILE = `${PEER_TOKEN_DIRECTORY}/token`;

/** The sync program of model-registry in the model server's image. */
const SYNC_PROGRAM = '/app/model-registry/dist/sync-main.js';

const NAME = 'model-sync';
const POD_LABELS = { 'app.kubernetes.io/name': NAME };

/** The peer's store, and how its cloud recognizes the job. */
export interface ModelSyncSource {
  /** `s3://bucket/prefix` or `az://account/container/prefix`. */
  readonly modelStoreUrl: string;
  /** Audience that the peer's cloud expects in the token at {@link PEER_TOKEN_FILE}. */
  readonly tokenAudience: string;
  /** Environment variables by which the cloud's SDK finds the identity and {@link PEER_TOKEN_FILE}. */
  readonly environment: Record<string, string>;
}

export interface ModelSyncJobProps {
  readonly namespace: RecommenderNamespace;
  /** The model server's image by digest, which carries the sync program. */
  readonly image: string;
  /** Cloud identity of the service account `SYNC_SERVICE_ACCOUNT`, which may write the destination. */
  readonly identity: IWorkloadIdentity;
  /** This cloud's model store, which versions are copied to. */
  readonly destinationUrl: string;
  /**
   * The store that versions are copied from.
   * @default - none: the job is suspended
   */
  readonly source?: ModelSyncSource;
  /**
   * Name of the model in both stores.
   * @default 'online-retail'
   */
  readonly model?: string;
  /**
   * More environment variables, such as the region of this cloud.
   * @default {}
   */
  readonly environment?: Record<string, string>;
  /**
   * When it runs, in cron's format, UTC.
   * @default '0,15,30,45 * * * *'
   */
  readonly schedule?: string;
}

/**
 * A scheduled job that copies the model versions which the peer's store has and this one lacks, with checksums. Inert
 * until it is told of the peer.
 */
export class ModelSyncJob extends Construct {
  readonly serviceAccount: ServiceAccountV1;
  readonly cronJob: CronJobV1;
  readonly connections: Connections;

  constructor(scope: Construct, id: string, props: ModelSyncJobProps) {
    super(scope, id);
    checkImageDigest(props.image, this);
    this.serviceAccount = this.addServiceAccount(props);
    this.cronJob = this.addCronJob(props);
    this.connections = cloudConnections(this, {
      name: NAME,
      namespaceName: props.namespace.namespaceName,
      podLabels: POD_LABELS,
      identity: props.identity,
      reason: 'It copies model versions from store to store',
    });
  }

  private addServiceAccount({ namespace, identity }: ModelSyncJobProps): ServiceAccountV1 {
    const expected = SYNC_SERVICE_ACCOUNT;
    return workloadServiceAccount(this, { namespace, identity, expected, constant: 'SYNC_SERVICE_ACCOUNT' });
  }

  private addCronJob(props: ModelSyncJobProps): CronJobV1 {
    const { namespace, identity, source } = props;
    return new CronJobV1(this, 'Resource', {
      metadata: { name: NAME, namespace: namespace.namespaceName },
      spec: {
        schedule: props.schedule ?? '0,15,30,45 * * * *',
        timezone: 'Etc/UTC',
        suspend: source === undefined,
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: 300,
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          metadata: {},
          spec: {
            // A run that stopped anywhere goes on where it was, so few retries and a short deadline are enough.
            backoffLimit: 2,
            activeDeadlineSeconds: 600,
            template: {
              metadata: { labels: { ...POD_LABELS, ...identity.podLabels } },
              spec: {
                serviceAccountName: this.serviceAccount.metadata.name,
                automountServiceAccountToken: false,
                enableServiceLinks: false,
                restartPolicy: 'Never',
                securityContext: RESTRICTED_POD,
                container: [syncContainer(this, props)],
                volume: [{ name: 'tmp', emptyDir: { sizeLimit: '1Gi' } }, ...(source ? [peerToken(source)] : [])],
              },
            },
          },
        },
      },
      dependsOn: identity.ready,
    });
  }
}

function syncContainer(scope: Construct, { image, source, destinationUrl, model, environment }: ModelSyncJobProps) {
  const variables = {
    ...environment,
    ...source?.environment,
    ...(source && { SYNC_SOURCE_URL: source.modelStoreUrl }),
    SYNC_DESTINATION_URL: destinationUrl,
    SYNC_MODEL: model ?? 'online-retail',
  };
  const tokenMount = { name: 'peer-token', mountPath: PEER_TOKEN_DIRECTORY, readOnly: true };
  return {
    name: NAME,
    image,
    command: ['node', SYNC_PROGRAM],
    env: Object.entries(variables).map(([name, value]) => ({ name, value })),
    resources: resourcesOf(scope, 'modelSync'),
    securityContext: RESTRICTED_CONTAINER,
    volumeMount: [{ name: 'tmp', mountPath: '/tmp' }, ...(source ? [tokenMount] : [])],
  };
}

function peerToken({ tokenAudience }: ModelSyncSource) {
  const serviceAccountToken = { audience: tokenAudience, path: 'token', expirationSeconds: 3600 };
  return { name: 'peer-token', projected: [{ sources: [{ serviceAccountToken }] }] };
}
