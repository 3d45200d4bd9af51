import { DeploymentV1, type DeploymentV1SpecTemplateSpec } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { PodDisruptionBudgetV1 } from '@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1';
import type { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import { ServiceV1 } from '@cdktf/provider-kubernetes/lib/service-v1';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { IWorkloadIdentity, NetworkLocation, SecretKey, WorkloadIdentityProps } from '../../contracts';
import { cloudConnections } from '../cloud-connections';
import type { Connections } from '../connections';
import { checkImageDigest } from '../image-digest';
import { NetworkPeer } from '../network-peer';
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from '../pod-security';
import { podSpread } from '../pod-spread';
import { RECOMMENDER_NAMESPACE, type RecommenderNamespace } from '../recommender-namespace';
import { workloadServiceAccount } from '../workload-service-account';
import { containerResources, MLFLOW_SIZE } from '../workload-sizes';
import { MLFLOW_PORT, mlflowServerArgs, mlflowServerEnvironment } from './mlflow-command';

const NAME = 'mlflow';
const PORT_NAME = 'http';

/** Service account of MLflow, the same in either cluster: what its cloud identity is bound to. */
export const MLFLOW_SERVICE_ACCOUNT: WorkloadIdentityProps = {
  namespace: RECOMMENDER_NAMESPACE,
  serviceAccountName: NAME,
};

/** The PostgreSQL database that MLflow keeps runs and registered models in. */
export interface MlflowDatabase {
  /** `postgresql://user:password@host:5432/mlflow?sslmode=require`, from a Secret: Terraform never knows it. */
  readonly url: SecretKey;
  readonly location: NetworkLocation;
  /** @default 5432 */
  readonly port?: number;
}

export interface MlflowProps {
  readonly namespace: RecommenderNamespace;
  /** Image by digest with MLflow, the driver psycopg2 and the SDK of the artifacts' cloud. */
  readonly image: string;
  readonly database: MlflowDatabase;
  /** Where artifacts are kept: `s3://bucket/path` or `abfss://container@account.dfs.core.windows.net/path`. */
  readonly artifactsUrl: string;
  /** Cloud identity of {@link MLFLOW_SERVICE_ACCOUNT}, which may read and write `artifactsUrl`. */
  readonly identity: IWorkloadIdentity;
  /** @default 2 */
  readonly replicas?: number;
}

/**
 * MLflow's tracking server and model registry inside the cluster, at `http://mlflow.recommender`. It knows no callers by
 * name, so only those that `allowFrom` names reach it; people by `kubectl port-forward`.
 */
export class Mlflow extends Construct {
  readonly serviceAccount: ServiceAccountV1;
  readonly deployment: DeploymentV1;
  readonly service: ServiceV1;
  readonly disruptionBudget: PodDisruptionBudgetV1;
  /** Who may ask it: nobody until `allowFrom` says so. */
  readonly connections: Connections;
  /** For clients' `MLFLOW_TRACKING_URI`. */
  readonly trackingUrl: string;

  constructor(scope: Construct, id: string, props: MlflowProps) {
    super(scope, id);
    this.check(props);
    const { namespace, identity, database, replicas = 2 } = props;
    const { namespaceName } = namespace;
    const podLabels = { 'app.kubernetes.io/name': NAME };
    const metadata = { name: NAME, namespace: namespaceName, labels: podLabels };
    this.serviceAccount = workloadServiceAccount(this, {
      namespace,
      identity,
      expected: MLFLOW_SERVICE_ACCOUNT,
      constant: 'MLFLOW_SERVICE_ACCOUNT',
    });
    this.deployment = new DeploymentV1(this, 'Resource', {
      metadata,
      spec: {
        replicas: `${replicas}`,
        selector: { matchLabels: podLabels },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '0', maxSurge: '1' } },
        template: {
          metadata: { labels: { ...podLabels, ...identity.podLabels } },
          spec: this.pod(props, podLabels),
        },
      },
      dependsOn: [...database.url.ready, ...identity.ready],
    });
    this.service = new ServiceV1(this, 'Service', {
      metadata,
      spec: {
        type: 'ClusterIP',
        selector: podLabels,
        port: [{ name: PORT_NAME, port: 80, targetPort: PORT_NAME, appProtocol: 'http' }],
      },
    });
    this.disruptionBudget = new PodDisruptionBudgetV1(this, 'DisruptionBudget', {
      metadata: { name: NAME, namespace: namespaceName },
      spec: { maxUnavailable: '1', selector: { matchLabels: podLabels } },
    });
    this.connections = cloudConnections(this, {
      ...{ name: NAME, namespaceName, podLabels, identity },
      reason: 'It keeps artifacts in the cloud',
    });
    const ports = [{ port: database.port ?? 5432 }];
    this.connections.allowTo(NetworkPeer.at(database.location), ports, 'It keeps runs and models in the database');
    this.trackingUrl = `http://${NAME}.${namespaceName}`;
  }

  /** Lets a workload ask it, and its own policy let it out. */
  allowFrom(caller: { readonly connections: Connections }, reason: string): void {
    const { namespaceName, podLabels } = caller.connections;
    this.connections.allowFrom(NetworkPeer.pods(namespaceName, podLabels), [{ port: PORT_NAME }], reason);
    const pods = NetworkPeer.pods(this.connections.namespaceName, this.connections.podLabels);
    caller.connections.allowTo(pods, [{ port: MLFLOW_PORT }], reason);
  }

  private pod(props: MlflowProps, labels: Record<string, string>): DeploymentV1SpecTemplateSpec {
    const { image, database, artifactsUrl, namespace } = props;
    const { secretName, key } = database.url;
    const env = [
      { name: 'MLFLOW_BACKEND_STORE_URI', valueFrom: { secretKeyRef: { name: secretName, key } } },
      ...Object.entries(mlflowServerEnvironment()).map(([name, value]) => ({ name, value })),
    ];
    const container = {
      image,
      env,
      resources: containerResources(MLFLOW_SIZE),
      securityContext: RESTRICTED_CONTAINER,
      volumeMount: [{ name: 'tmp', mountPath: '/tmp' }],
    };
    const probe = { httpGet: { path: '/health', port: PORT_NAME }, timeoutSeconds: 5 };
    return {
      serviceAccountName: this.serviceAccount.metadata.name,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: RESTRICTED_POD,
      // A server refuses a database of an older version, and the first makes the tables.
      initContainer: [
        { ...container, name: 'migrate', command: ['mlflow'], args: ['db', 'upgrade', '$(MLFLOW_BACKEND_STORE_URI)'] },
      ],
      container: [
        {
          ...container,
          name: NAME,
          command: ['mlflow'],
          args: mlflowServerArgs({ artifactsUrl, namespaceName: namespace.namespaceName, serviceName: NAME }),
          port: [{ name: PORT_NAME, containerPort: MLFLOW_PORT, protocol: 'TCP' }],
          startupProbe: { ...probe, periodSeconds: 5, failureThreshold: 24 },
          readinessProbe: { ...probe, periodSeconds: 5, failureThreshold: 2 },
          livenessProbe: { ...probe, periodSeconds: 20, failureThreshold: 3 },
        },
      ],
      volume: [{ name: 'tmp', emptyDir: { sizeLimit: '1Gi' } }],
      topologySpreadConstraint: podSpread(labels),
    };
  }

  private check({ image, artifactsUrl, replicas = 2 }: MlflowProps): void {
    checkImageDigest(image, this);
    if (!/^(s3:\/\/[^/]+(\/.+)?|abfss:\/\/[^@/]+@[^/]+\.dfs\.core\.windows\.net(\/.+)?)$/.test(artifactsUrl)) {
      throw new ConfigError(
        `artifactsUrl is ${artifactsUrl}; allowed is s3://bucket/path or abfss://container@account.dfs.core.windows.net/path.`,
        this,
      );
    }
    if (Number.isInteger(replicas) && replicas >= 1) return;
    throw new ConfigError(`replicas is ${replicas}; allowed is a whole number of 1 or more.`, this);
  }
}
