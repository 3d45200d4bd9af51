import { DeploymentV1 } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { RoleBindingV1 } from '@cdktf/provider-kubernetes/lib/role-binding-v1';
import { RoleV1 } from '@cdktf/provider-kubernetes/lib/role-v1';
import type { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import { Construct } from 'constructs';
import { ConfigError } from '../../src';
import type { IWorkloadIdentity, WorkloadIdentityProps } from '../contracts';
import { cloudConnections } from './cloud-connections';
import type { Connections } from './connections';
import { resourcesOf } from './container-sizes';
import { checkImageDigest } from './image-digest';
import type { ModelServer } from './model-server';
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from './pod-security';
import { RECOMMENDER_NAMESPACE, type RecommenderNamespace } from './recommender-namespace';
import { workloadServiceAccount } from './workload-service-account';

const NAME = 'model-follower';
const POD_LABELS = { 'app.kubernetes.io/name': NAME };
const PORT = 8080;
const PORT_NAME = 'health';
const probe = (path: string) => ({
  httpGet: { path, port: PORT_NAME },
  timeoutSeconds: 2,
  periodSeconds: 10,
  failureThreshold: 3,
});

/** The follower's program in the model server's image. */
const PROGRAM = '/app/model-follower/dist/main.js';

/** Service account of the follower, the same in either cluster: what its cloud identity is bound to. */
export const MODEL_FOLLOWER_SERVICE_ACCOUNT: WorkloadIdentityProps = {
  namespace: RECOMMENDER_NAMESPACE,
  serviceAccountName: NAME,
};

export interface ModelFollowerProps {
  readonly namespace: RecommenderNamespace;
  /** The model server's image by digest, which carries the follower. */
  readonly image: string;
  /**
   * Cloud identity of the service account {@link MODEL_FOLLOWER_SERVICE_ACCOUNT}, which may read the model store and tell
   * of rollouts: `modelStore.grants.reportRollouts(identity)`.
   */
  readonly identity: IWorkloadIdentity;
  /** Whose version it pins, made with `modelVersion: ModelVersion.pinnedByFollower()`. */
  readonly modelServer: ModelServer;
  /** Where the channel and the versions are: `s3://bucket/prefix` or `az://account/container/prefix`. */
  readonly modelStoreUrl: string;
  /** Name that verdicts are told under, another one for each cluster: 1 to 100 letters, digits, hyphens, underscores. */
  readonly clusterName: string;
  /**
   * Channel whose version it brings into the cluster.
   * @default 'production'
   */
  readonly channel?: string;
  /**
   * Name of the model in the store.
   * @default 'online-retail'
   */
  readonly model?: string;
  /**
   * Seconds between two looks at the channel, 1 to 3600.
   * @default 10
   */
  readonly pollSeconds?: number;
  /**
   * More environment variables, such as the region of the cloud's SDK.
   * @default {}
   */
  readonly environment?: Record<string, string>;
}

/**
 * Brings what a channel points to into the cluster: it pins the version, watches its rollout, takes it back if that fails
 * (Flagger does that by itself where it rolls out), and tells the model store how it went.
 */
export class ModelFollower extends Construct {
  readonly serviceAccount: ServiceAccountV1;
  readonly role: RoleV1;
  readonly roleBinding: RoleBindingV1;
  readonly deployment: DeploymentV1;
  /** Nobody may connect to it. */
  readonly connections: Connections;

  constructor(scope: Construct, id: string, props: ModelFollowerProps) {
    super(scope, id);
    checkImageDigest(props.image, this);
    const { pollSeconds = 10 } = props;
    if (!(Number.isInteger(pollSeconds) && pollSeconds >= 1 && pollSeconds <= 3600)) {
      throw new ConfigError(`pollSeconds is ${pollSeconds}; allowed are whole seconds from 1 to 3600.`, this);
    }
    this.serviceAccount = this.addServiceAccount(props);
    this.role = this.addRole(props);
    this.roleBinding = this.addRoleBinding(props);
    this.deployment = this.addDeployment(props, pollSeconds);
    this.connections = this.addConnections(props);
  }

  private addServiceAccount({ namespace, identity }: ModelFollowerProps): ServiceAccountV1 {
    const expected = MODEL_FOLLOWER_SERVICE_ACCOUNT;
    return workloadServiceAccount(this, { namespace, identity, expected, constant: 'MODEL_FOLLOWER_SERVICE_ACCOUNT' });
  }

  /** What it pins, and what says how the rollout gets on; only a Deployment alone has to be told of a new version. */
  private addRole({ namespace, modelServer }: ModelFollowerProps): RoleV1 {
    const resourceNames = [modelServer.deployment.metadata.name];
    return new RoleV1(this, 'Role', {
      metadata: { name: NAME, namespace: namespace.namespaceName },
      rule: [
        {
          apiGroups: [''],
          resources: ['configmaps'],
          resourceNames: [this.pinOf(modelServer)],
          verbs: ['get', 'patch'],
        },
        modelServer.rolledOutByFlagger
          ? { apiGroups: ['flagger.app'], resources: ['canaries'], resourceNames, verbs: ['get'] }
          : { apiGroups: ['apps'], resources: ['deployments'], resourceNames, verbs: ['get', 'patch'] },
      ],
    });
  }

  private addRoleBinding({ namespace }: ModelFollowerProps): RoleBindingV1 {
    const { name } = this.serviceAccount.metadata;
    return new RoleBindingV1(this, 'RoleBinding', {
      metadata: { name: NAME, namespace: namespace.namespaceName },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: this.role.metadata.name },
      subject: [{ kind: 'ServiceAccount', name, namespace: namespace.namespaceName }],
    });
  }

  private addDeployment(props: ModelFollowerProps, pollSeconds: number): DeploymentV1 {
    const { namespace, identity } = props;
    return new DeploymentV1(this, 'Resource', {
      metadata: { name: NAME, namespace: namespace.namespaceName, labels: POD_LABELS },
      spec: {
        // One is enough: the model servers don't need it to serve, and it goes on wherever another one stopped.
        replicas: '1',
        selector: { matchLabels: POD_LABELS },
        // Two at once would do no harm, only the same twice.
        strategy: { type: 'Recreate' },
        template: {
          metadata: { labels: { ...POD_LABELS, ...identity.podLabels } },
          spec: {
            serviceAccountName: this.serviceAccount.metadata.name,
            automountServiceAccountToken: true,
            enableServiceLinks: false,
            securityContext: RESTRICTED_POD,
            container: [this.container(props, pollSeconds)],
          },
        },
      },
      dependsOn: [...identity.ready, this.roleBinding],
    });
  }

  private container(props: ModelFollowerProps, pollSeconds: number) {
    const { namespace, modelServer, environment = {} } = props;
    const own = {
      FOLLOWER_STORE: props.modelStoreUrl,
      FOLLOWER_MODEL: props.model ?? 'online-retail',
      FOLLOWER_CHANNEL: props.channel ?? 'production',
      FOLLOWER_CLUSTER: props.clusterName,
      FOLLOWER_NAMESPACE: namespace.namespaceName,
      FOLLOWER_DEPLOYMENT: modelServer.deployment.metadata.name,
      FOLLOWER_CONFIG_MAP: this.pinOf(modelServer),
      FOLLOWER_ROLLED_OUT_BY: modelServer.rolledOutByFlagger ? 'flagger' : 'deployment',
      FOLLOWER_POLL_SECONDS: `${pollSeconds}`,
      FOLLOWER_HOST: '0.0.0.0',
      FOLLOWER_PORT: `${PORT}`,
    };
    const taken = Object.keys(environment).filter((name) => name in own);
    if (taken.length > 0) {
      throw new ConfigError(
        `environment has ${taken.join(', ')}, which the construct sets itself from its other props; leave it out. Allowed is any other name.`,
        this,
      );
    }
    return {
      name: NAME,
      image: props.image,
      command: ['node', PROGRAM],
      port: [{ name: PORT_NAME, containerPort: PORT, protocol: 'TCP' }],
      env: Object.entries({ ...environment, ...own }).map(([name, value]) => ({ name, value })),
      resources: resourcesOf(this, 'modelFollower'),
      securityContext: RESTRICTED_CONTAINER,
      livenessProbe: probe('/livez'),
      // Nobody asks it anything: a rollout of it waits until a look worked.
      readinessProbe: probe('/readyz'),
    };
  }

  /** Name of the ConfigMap. */
  private pinOf({ versionPin }: ModelServer): string {
    if (versionPin) return versionPin.metadata.name;
    throw new ConfigError(
      'modelServer is not made with `modelVersion: ModelVersion.pinnedByFollower()`, so there is nothing to pin its version by. Add it.',
      this,
    );
  }

  private addConnections({ namespace, identity }: ModelFollowerProps): Connections {
    const { namespaceName } = namespace;
    // The API server's address is none of a pod, and on EKS and AKS its port is 443 too.
    const reason = 'It reads the channel from the store, tells of rollouts there, and asks the API server';
    return cloudConnections(this, { name: NAME, namespaceName, podLabels: POD_LABELS, identity, reason });
  }
}
