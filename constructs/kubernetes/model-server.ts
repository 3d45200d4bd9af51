import { ConfigMapV1 } from '@cdktf/provider-kubernetes/lib/config-map-v1';
import { DeploymentV1 } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import type { HorizontalPodAutoscalerV2 } from '@cdktf/provider-kubernetes/lib/horizontal-pod-autoscaler-v2';
import { PodDisruptionBudgetV1 } from '@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1';
import type { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import { ServiceV1 } from '@cdktf/provider-kubernetes/lib/service-v1';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import type { CapacityPlan, ServiceLevelObjective } from '../../src';
import { asksCallers, modelServerSettings } from '../../src/model-server/settings';
import type { IWorkloadIdentity, SecretKey, WorkloadIdentityProps } from '../contracts';
import { Autoscaling } from './autoscaling/autoscaling';
import { cloudConnections } from './cloud-connections';
import type { Connections } from './connections';
import type { CustomResources } from './custom-resources';
import type { Flagger } from './delivery/flagger';
import { checkImageDigest } from './image-digest';
import type { ScrapeTarget } from './kube-prometheus-stack-values';
import { HTTP_PORT_NAME, METRICS_PORT_NAME, modelServerPod } from './model-server-pod';
import { inUse, type ModelServerCaches, secretFiles, secretsReady, settingsFromSecrets } from './model-server-secrets';
import { ModelVersion } from './model-version';
import { NetworkPeer } from './network-peer';
import { RECOMMENDER_NAMESPACE, type RecommenderNamespace } from './recommender-namespace';
import { workloadServiceAccount } from './workload-service-account';

const NAME = 'model-server';

/** Annotation by which the follower makes new pods, where no Flagger does; Terraform leaves it alone. */
const VERSION_ANNOTATION = 'recommender/model-version';

/** Service account of the model server, the same in either cluster: what its cloud identity is bound to. */
export const MODEL_SERVER_SERVICE_ACCOUNT: WorkloadIdentityProps = {
  namespace: RECOMMENDER_NAMESPACE,
  serviceAccountName: NAME,
};

/** Labels that select the Deployment's pods. */
const SELECTOR = { 'app.kubernetes.io/name': NAME };
/** Labels of all its pods: Flagger runs what it has promoted under another name, as a Deployment of its own. */
const POD_LABELS = { 'app.kubernetes.io/component': NAME };

/** As the connections' reasons call what caches keep. */
const CACHED = { histories: 'histories', answers: 'answers', requestCounts: 'counts of requests' } as const;

export interface ModelServerProps {
  readonly namespace: RecommenderNamespace;
  /** Image by digest, `registry/path@sha256:…`. */
  readonly image: string;
  /** Cloud identity of the service account {@link MODEL_SERVER_SERVICE_ACCOUNT}, which may read the model store. */
  readonly identity: IWorkloadIdentity;
  /** Where model versions come from: `s3://bucket/prefix` or `az://account/container/prefix`. */
  readonly modelStoreUrl: string;
  /**
   * Which version of the model it serves, and who changes that.
   * @default ModelVersion.followsChannel()
   */
  readonly modelVersion?: ModelVersion;
  /** Bounds of the autoscaler, and the replicas of the first apply. */
  readonly capacity: CapacityPlan;
  /** Its latency sets the deadline after which a simpler answer is given, and the timeouts of probes and caches. */
  readonly slo: ServiceLevelObjective;
  /**
   * What replicas follow, within the bounds of `capacity`.
   * @default Autoscaling.cpu()
   */
  readonly autoscaling?: Autoscaling;
  /**
   * What lets new versions at requests, by a `ProgressiveDelivery`. It makes the Services, so the construct makes none.
   * @default - a rolling update
   */
  readonly rolledOutBy?: Flagger;
  /**
   * File of API keys, lines that `recommender keys create` writes; a changed one is read within two minutes.
   * @default - nobody is asked for one
   */
  readonly apiKeys?: SecretKey;
  /**
   * What replicas share, in a Redis: customers' histories, answers, counts of requests.
   * @default - each replica keeps them to itself
   */
  readonly caches?: ModelServerCaches;
  /**
   * More environment variables: the server's settings (`RECOMMENDER_…`) and the region of the cloud's SDK. One that the
   * construct sets itself is refused.
   * @default {}
   */
  readonly environment?: Record<string, string>;
}

/**
 * The model server in a cluster: Deployment, Service inside the cluster, autoscaler and disruption budget. Terraform
 * ignores the number of replicas, which the autoscaler owns.
 */
export class ModelServer extends Construct {
  readonly serviceAccount: ServiceAccountV1;
  readonly settings: ConfigMapV1;
  /** What a `ModelFollower` writes; absent when none does. */
  readonly versionPin?: ConfigMapV1;
  readonly deployment: DeploymentV1;
  /** Absent when Flagger makes the Services. */
  readonly service?: ServiceV1;
  readonly serviceName = NAME;
  readonly autoscaler: HorizontalPodAutoscalerV2 | CustomResources;
  readonly disruptionBudget: PodDisruptionBudgetV1;
  /** Who may call it: nobody until `connections.allowFrom` says so. */
  readonly connections: Connections;
  readonly capacity: CapacityPlan;
  /** The one of `ModelVersion.fixed`; absent when the channel or a follower says which. */
  readonly modelVersion?: string;
  /** Which kind of autoscaler it has, called as the Deployment. */
  readonly autoscalerKind: Autoscaling['kind'];
  /** The HorizontalPodAutoscaler whose replicas answer: Flagger's copy, where it rolls versions out. */
  readonly autoscalerName: string;
  readonly rolledOutByFlagger: boolean;
  /** Where Prometheus finds the pods. */
  readonly scrapeTarget: ScrapeTarget;
  /** The port that callers connect to, as the pods name it. */
  readonly portName = HTTP_PORT_NAME;

  constructor(scope: Construct, id: string, props: ModelServerProps) {
    super(scope, id);
    checkImageDigest(props.image, this);
    const { autoscaling = Autoscaling.cpu(), rolledOutBy, modelVersion = ModelVersion.followsChannel() } = props;
    this.capacity = props.capacity;
    this.modelVersion = modelVersion.fixedVersion;
    this.rolledOutByFlagger = rolledOutBy !== undefined;
    this.autoscalerKind = autoscaling.kind;
    this.autoscalerName = rolledOutBy ? `${NAME}-primary` : NAME;
    this.scrapeTarget = scrapeTarget(props);
    this.serviceAccount = this.addServiceAccount(props);
    this.settings = this.addSettings(modelVersion, props);
    if (modelVersion.pin) this.versionPin = this.addVersionPin(modelVersion.pin, props);
    this.deployment = this.addDeployment(props);
    if (!rolledOutBy) this.service = this.addService(props);
    this.autoscaler = this.addAutoscaler(autoscaling, props);
    this.disruptionBudget = this.addDisruptionBudget(props);
    this.connections = this.addConnections(props);
  }

  private addServiceAccount({ namespace, identity }: ModelServerProps): ServiceAccountV1 {
    const expected = MODEL_SERVER_SERVICE_ACCOUNT;
    return workloadServiceAccount(this, { namespace, identity, expected, constant: 'MODEL_SERVER_SERVICE_ACCOUNT' });
  }

  private addSettings(modelVersion: ModelVersion, props: ModelServerProps): ConfigMapV1 {
    const { namespace, modelStoreUrl, slo, environment = {} } = props;
    return new ConfigMapV1(this, 'Settings', {
      metadata: { name: NAME, namespace: namespace.namespaceName },
      data: modelServerSettings(this, {
        modelStoreUrl,
        versionSettings: modelVersion.settings,
        slo,
        secretFiles: secretFiles(props),
        fromSecrets: settingsFromSecrets(props),
        environment,
      }),
    });
  }

  private addVersionPin(data: Readonly<Record<string, string>>, { namespace }: ModelServerProps): ConfigMapV1 {
    return new ConfigMapV1(this, 'VersionPin', {
      metadata: { name: `${NAME}-version`, namespace: namespace.namespaceName },
      data: { ...data },
      // The follower owns it after the first apply.
      lifecycle: { ignoreChanges: ['data'] },
    });
  }

  private addDeployment(props: ModelServerProps): DeploymentV1 {
    const { settings, versionPin } = this;
    const { namespace, image, identity, capacity, slo, apiKeys, caches } = props;
    return new DeploymentV1(this, 'Resource', {
      metadata: { name: NAME, namespace: namespace.namespaceName, labels: SELECTOR },
      spec: {
        replicas: `${capacity.initialReplicas}`,
        selector: { matchLabels: SELECTOR },
        // A new pod is ready before an old one goes.
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '0', maxSurge: '25%' } },
        template: {
          metadata: {
            labels: { ...SELECTOR, ...POD_LABELS, ...identity.podLabels },
            // A pod reads its settings when it starts; a new hash makes new pods.
            annotations: { 'recommender/settings-sha256': Fn.sha256(Fn.jsonencode(settings.data)) },
          },
          spec: modelServerPod(this, {
            image,
            labels: SELECTOR,
            serviceAccountName: this.serviceAccount.metadata.name,
            settingsNames: [settings, ...(versionPin ? [versionPin] : [])].map(({ metadata }) => metadata.name),
            secrets: { apiKeys, caches },
            metricsApart: this.scrapeTarget.portName === METRICS_PORT_NAME,
            probeTimeoutSeconds: slo.latency.probeTimeoutSeconds,
          }),
        },
      },
      lifecycle: { ignoreChanges: this.ownedByOthers() },
      dependsOn: [...identity.ready, ...secretsReady(props)],
    });
  }

  /** What the autoscaler and the follower own after the first apply. */
  private ownedByOthers(): string[] {
    const replicas = 'spec[0].replicas';
    if (!this.versionPin || this.rolledOutByFlagger) return [replicas];
    return [replicas, `spec[0].template[0].metadata[0].annotations["${VERSION_ANNOTATION}"]`];
  }

  private addService({ namespace }: ModelServerProps): ServiceV1 {
    return new ServiceV1(this, 'Service', {
      metadata: { name: NAME, namespace: namespace.namespaceName, labels: SELECTOR },
      spec: {
        type: 'ClusterIP',
        selector: SELECTOR,
        port: [{ name: HTTP_PORT_NAME, port: 80, targetPort: HTTP_PORT_NAME, appProtocol: 'http' }],
      },
    });
  }

  private addAutoscaler(autoscaling: Autoscaling, { namespace, capacity }: ModelServerProps) {
    const { namespaceName } = namespace;
    const deploymentName = this.deployment.metadata.name;
    return autoscaling.bind(this, { name: NAME, deploymentName, namespaceName, capacity });
  }

  private addDisruptionBudget({ namespace }: ModelServerProps): PodDisruptionBudgetV1 {
    return new PodDisruptionBudgetV1(this, 'DisruptionBudget', {
      metadata: { name: NAME, namespace: namespace.namespaceName },
      spec: { maxUnavailable: '1', selector: { matchLabels: POD_LABELS } },
    });
  }

  private addConnections({ namespace, identity, caches = {} }: ModelServerProps): Connections {
    const { namespaceName } = namespace;
    const reason = 'It reads model versions from the store';
    const connections = cloudConnections(this, { name: NAME, namespaceName, podLabels: POD_LABELS, identity, reason });
    for (const [what, cache] of inUse(caches)) {
      const reason = `keeps ${CACHED[what]} in it`;
      connections.allowTo(NetworkPeer.at(cache.location), [{ port: cache.port }], `It ${reason}`);
      cache.allowFrom?.({ namespaceName, podLabels: POD_LABELS }, `The model server ${reason}`);
    }
    return connections;
  }
}

/** Prometheus can't say who it is, so where callers have to, metrics are on a port of their own. */
function scrapeTarget(props: ModelServerProps): ScrapeTarget {
  const apart = asksCallers({ ...secretFiles(props), ...props.environment });
  const portName = apart ? METRICS_PORT_NAME : HTTP_PORT_NAME;
  return { namespaceName: RECOMMENDER_NAMESPACE, podLabels: POD_LABELS, portName };
}
