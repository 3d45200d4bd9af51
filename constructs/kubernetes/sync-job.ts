import { CronJobV1 } from '@cdktf/provider-kubernetes/lib/cron-job-v1';
import { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import { Construct } from 'constructs';
import { ConfigError } from '../../src';
import { type IWorkloadIdentity, SYNC_SERVICE_ACCOUNT } from '../contracts';
import { containerResources } from './model-server-size';
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from './pod-security';
import type { RecommenderNamespace } from './recommender-namespace';

/** File with the service account's token for the peer's cloud, for `AWS_WEB_IDENTITY_TOKEN_FILE` and its like. */
export const PEER_TOKEN_FILE = '/var/run/secrets/recommender/peer/token';

/** The peer's store, and how its cloud recognizes the job. */
export interface ModelSyncSource {
  /** `s3://bucket/prefix` or `az://account/container/prefix`. */
  readonly modelStoreUrl: string;
  /** Audience the peer's cloud expects in the token at {@link PEER_TOKEN_FILE}. */
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
   * More environment variables, such as the region of this cloud.
   * @default {}
   */
  readonly environment?: Record<string, string>;
  /**
   * When it runs, in cron's format, UTC.
   * @default '*\/15 * * * *'
   */
  readonly schedule?: string;
}

/** A scheduled job that copies new model versions from the peer's store to this cloud's, with checksums. */
export class ModelSyncJob extends Construct {
  readonly serviceAccount: ServiceAccountV1;
  readonly resource: CronJobV1;

  constructor(scope: Construct, id: string, props: ModelSyncJobProps) {
    super(scope, id);
    this.checkIdentity(props.identity);
    this.serviceAccount = this.addServiceAccount(props);
    this.resource = this.addJob(props);
  }

  private checkIdentity(identity: IWorkloadIdentity): void {
    const { namespace, serviceAccountName } = SYNC_SERVICE_ACCOUNT;
    if (identity.namespace === namespace && identity.serviceAccountName === serviceAccountName) return;
    throw new ConfigError(
      `identity belongs to the service account ${identity.namespace}/${identity.serviceAccountName}; the sync job runs as ${namespace}/${serviceAccountName}. Make it by cluster.addWorkloadIdentity('…', SYNC_SERVICE_ACCOUNT).`,
      this,
    );
  }

  private addServiceAccount({ namespace, identity }: ModelSyncJobProps): ServiceAccountV1 {
    return new ServiceAccountV1(this, 'ServiceAccount', {
      metadata: {
        name: identity.serviceAccountName,
        namespace: namespace.namespaceName,
        annotations: identity.serviceAccountAnnotations,
      },
      automountServiceAccountToken: false,
    });
  }

  private addJob(props: ModelSyncJobProps): CronJobV1 {
    const { namespace, image, identity, source } = props;
    const environment = { ...props.environment, ...source?.environment };
    return new CronJobV1(this, 'Resource', {
      metadata: { name: 'model-sync', namespace: namespace.namespaceName },
      spec: {
        schedule: props.schedule ?? '*/15 * * * *',
        timezone: 'Etc/UTC',
        suspend: source === undefined,
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: 300,
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          metadata: {},
          spec: {
            backoffLimit: 2,
            activeDeadlineSeconds: 600,
            template: {
              metadata: { labels: { 'app.kubernetes.io/name': 'model-sync', ...identity.podLabels } },
              spec: {
                serviceAccountName: this.serviceAccount.metadata.name,
                automountServiceAccountToken: false,
                enableServiceLinks: false,
                restartPolicy: 'Never',
                securityContext: RESTRICTED_POD,
                container: [
                  {
                    name: 'model-sync',
                    image,
                    command: ['node', 'sync-main.js'],
                    args: source ? [source.modelStoreUrl, props.destinationUrl] : [],
                    env: Object.entries(environment).map(([name, value]) => ({ name, value })),
                    resources: containerResources({ cpuMillis: 100, memoryMib: 256, cpuLimitMillis: 1000 }),
                    securityContext: RESTRICTED_CONTAINER,
                    volumeMount: [
                      { name: 'tmp', mountPath: '/tmp' },
                      ...(source
                        ? [{ name: 'peer-token', mountPath: '/var/run/secrets/recommender/peer', readOnly: true }]
                        : []),
                    ],
                  },
                ],
                volume: [
                  { name: 'tmp', emptyDir: { sizeLimit: '1Gi' } },
                  ...(source
                    ? [
                        {
                          name: 'peer-token',
                          projected: [
                            {
                              sources: [
                                {
                                  serviceAccountToken: {
                                    audience: source.tokenAudience,
                                    path: 'token',
                                    expirationSeconds: 3600,
                                  },
                                },
                              ],
                            },
                          ],
                        },
                      ]
                    : []),
                ],
              },
            },
          },
        },
      },
      dependsOn: identity.ready,
    });
  }
}
