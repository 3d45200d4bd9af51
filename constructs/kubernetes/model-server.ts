import { ConfigMapV1 } from '@cdktf/provider-kubernetes/lib/config-map-v1';
import { DeploymentV1 } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { HorizontalPodAutoscalerV2 } from '@cdktf/provider-kubernetes/lib/horizontal-pod-autoscaler-v2';
import { PodDisruptionBudgetV1 } from '@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1';
import { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import { ServiceV1 } from '@cdktf/provider-kubernetes/lib/service-v1';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { type CapacityPlan, ConfigError } from '../../src';
import type { IWorkloadIdentity, WorkloadIdentityProps } from '../contracts';
import { modelServerContainer } from './model-server-container';
import { RESTRICTED_POD } from './pod-security';
import { RECOMMENDER_NAMESPACE, type RecommenderNamespace } from './recommender-namespace';

/** Service account of the model server, the same in either cluster: what its cloud identity is bound to. */
export const MODEL_SERVER_SERVICE_ACCOUNT: WorkloadIdentityProps = {
  namespace: RECOMMENDER_NAMESPACE,
  serviceAccountName: 'model-server',
};

/** Labels that select the model server's pods. */
const POD_LABELS = { 'app.kubernetes.io/name': 'model-server' };

/** Name of the port that serves the API and `/metrics`. */
const HTTP_PORT_NAME = 'http';
const HTTP_PORT = 8080;

export interface ModelServerProps {
  readonly namespace: RecommenderNamespace;
  /** Image by digest, `registry/path@sha256:…`. */
  readonly image: string;
  /** Cloud identity of the service account {@link MODEL_SERVER_SERVICE_ACCOUNT}, which may read the model store. */
  readonly identity: IWorkloadIdentity;
  /** Where model versions come from: `s3://bucket/prefix` or `az://account/container/prefix`. */
  readonly modelStoreUrl: string;
  /** Bounds of the autoscaler. */
  readonly capacity: CapacityPlan;
  /**
   * More environment variables of the server; one that the construct sets itself is refused.
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
  readonly deployment: DeploymentV1;
  readonly service: ServiceV1;
  readonly autoscaler: HorizontalPodAutoscalerV2;
  readonly disruptionBudget: PodDisruptionBudgetV1;
  /** Where Prometheus finds the pods. */
  readonly scrapeTarget = { namespaceName: RECOMMENDER_NAMESPACE, podLabels: POD_LABELS, portName: HTTP_PORT_NAME };

  constructor(scope: Construct, id: string, props: ModelServerProps) {
    super(scope, id);
    this.checkIdentity(props.identity);
    this.serviceAccount = this.addServiceAccount(props);
    this.settings = this.addSettings(props);
    this.deployment = this.addDeployment(props);
    this.service = this.addService(props);
    this.autoscaler = this.addAutoscaler(props);
    this.disruptionBudget = this.addDisruptionBudget(props);
  }

  private checkIdentity(identity: IWorkloadIdentity): void {
    const { namespace, serviceAccountName } = MODEL_SERVER_SERVICE_ACCOUNT;
    if (identity.namespace === namespace && identity.serviceAccountName === serviceAccountName) return;
    throw new ConfigError(
      `identity belongs to the service account ${identity.namespace}/${identity.serviceAccountName}; the model server runs as ${namespace}/${serviceAccountName}. Make it by cluster.addWorkloadIdentity('…', MODEL_SERVER_SERVICE_ACCOUNT).`,
      this,
    );
  }

  private addServiceAccount({ namespace, identity }: ModelServerProps): ServiceAccountV1 {
    return new ServiceAccountV1(this, 'ServiceAccount', {
      metadata: {
        name: identity.serviceAccountName,
        namespace: namespace.namespaceName,
        annotations: identity.serviceAccountAnnotations,
      },
      automountServiceAccountToken: false,
    });
  }

  private addSettings({ namespace, modelStoreUrl, environment = {} }: ModelServerProps): ConfigMapV1 {
    const own = {
      RECOMMENDER_HOST: '0.0.0.0',
      RECOMMENDER_PORT: `${HTTP_PORT}`,
      RECOMMENDER_MODEL_STORE: modelStoreUrl,
    };
    const taken = Object.keys(environment).find((name) => name in own);
    if (taken) {
      throw new ConfigError(`environment has ${taken}, which the construct sets itself; leave it out.`, this);
    }
    return new ConfigMapV1(this, 'Settings', {
      metadata: { name: 'model-server', namespace: namespace.namespaceName },
      data: { ...own, ...environment },
    });
  }

  private addDeployment({ namespace, image, identity, capacity }: ModelServerProps): DeploymentV1 {
    return new DeploymentV1(this, 'Resource', {
      metadata: { name: 'model-server', namespace: namespace.namespaceName, labels: POD_LABELS },
      spec: {
        replicas: `${capacity.minReplicas}`,
        selector: { matchLabels: POD_LABELS },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '0', maxSurge: '25%' } },
        template: {
          metadata: {
            labels: { ...POD_LABELS, ...identity.podLabels },
            // A pod reads its settings when it starts; a new hash makes new pods.
            annotations: { 'recommender/settings': Fn.sha256(Fn.jsonencode(this.settings.data)) },
          },
          spec: {
            serviceAccountName: this.serviceAccount.metadata.name,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            terminationGracePeriodSeconds: 45,
            securityContext: RESTRICTED_POD,
            container: [
              modelServerContainer({
                image,
                settings: this.settings.metadata.name,
                portName: HTTP_PORT_NAME,
                port: HTTP_PORT,
              }),
            ],
            volume: [{ name: 'tmp', emptyDir: { sizeLimit: '1Gi' } }],
            topologySpreadConstraint: ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
              topologyKey,
              maxSkew: 1,
              // A replica in a crowded zone serves more people than one that waits for an even spread.
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: [{ matchLabels: POD_LABELS }],
              matchLabelKeys: ['pod-template-hash'],
            })),
          },
        },
      },
      // The autoscaler owns the number of replicas after the first apply.
      lifecycle: { ignoreChanges: ['spec[0].replicas'] },
      dependsOn: identity.ready,
    });
  }

  private addService({ namespace }: ModelServerProps): ServiceV1 {
    return new ServiceV1(this, 'Service', {
      metadata: { name: 'model-server', namespace: namespace.namespaceName, labels: POD_LABELS },
      spec: {
        type: 'ClusterIP',
        selector: POD_LABELS,
        port: [{ name: HTTP_PORT_NAME, port: 80, targetPort: HTTP_PORT_NAME, appProtocol: 'http' }],
      },
    });
  }

  private addAutoscaler({ namespace, capacity }: ModelServerProps): HorizontalPodAutoscalerV2 {
    return new HorizontalPodAutoscalerV2(this, 'Autoscaler', {
      metadata: { name: 'model-server', namespace: namespace.namespaceName },
      spec: {
        minReplicas: capacity.minReplicas,
        maxReplicas: capacity.maxReplicas,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: this.deployment.metadata.name },
        metric: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } },
          },
        ],
        behavior: {
          // Up at once, doubling every 15 s; down by a tenth a minute, once five minutes have needed less.
          scaleUp: [
            {
              stabilizationWindowSeconds: 0,
              selectPolicy: 'Max',
              policy: [
                { type: 'Percent', value: 100, periodSeconds: 15 },
                { type: 'Pods', value: 4, periodSeconds: 15 },
              ],
            },
          ],
          scaleDown: [
            {
              stabilizationWindowSeconds: 300,
              selectPolicy: 'Max',
              policy: [
                { type: 'Percent', value: 10, periodSeconds: 60 },
                { type: 'Pods', value: 1, periodSeconds: 60 },
              ],
            },
          ],
        },
      },
    });
  }

  private addDisruptionBudget({ namespace }: ModelServerProps): PodDisruptionBudgetV1 {
    return new PodDisruptionBudgetV1(this, 'DisruptionBudget', {
      metadata: { name: 'model-server', namespace: namespace.namespaceName },
      spec: { maxUnavailable: '1', selector: { matchLabels: POD_LABELS } },
    });
  }
}
