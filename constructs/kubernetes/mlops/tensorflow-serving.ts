import { DeploymentV1, type DeploymentV1SpecTemplateSpec } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { PodDisruptionBudgetV1 } from '@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1';
import { ServiceV1 } from '@cdktf/provider-kubernetes/lib/service-v1';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { Connections } from '../connections';
import { checkImageDigest } from '../image-digest';
import { NetworkPeer } from '../network-peer';
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from '../pod-security';
import { podSpread } from '../pod-spread';
import type { RecommenderNamespace } from '../recommender-namespace';
import { containerResources, TENSORFLOW_SERVING_SIZE } from '../workload-sizes';

/** Of its REST API; gRPC is off. */
const PORT = 8501;
const PORT_NAME = 'http';

export interface TensorflowServingProps {
  readonly namespace: RecommenderNamespace;
  /** Name of the model, of its Service, and as callers name it. */
  readonly name: string;
  /**
   * Image of TensorFlow Serving by digest, `registry/path@sha256:…`, which has the model in `/models/<name>/<number>`,
   * so that a rollout is of both.
   */
  readonly image: string;
  /** @default 2 */
  readonly replicas?: number;
}

/** A TensorFlow model in pods of its own, for the model server's back end `tensorflow-serving` to ask. */
export class TensorflowServing extends Construct {
  readonly deployment: DeploymentV1;
  readonly service: ServiceV1;
  readonly disruptionBudget: PodDisruptionBudgetV1;
  /** Who may ask it: nobody until `allowFrom` says so. */
  readonly connections: Connections;
  /** What the model server's `backend.json` says of it. */
  readonly backend: { readonly backend: 'tensorflow-serving'; readonly url: string; readonly model: string };
  /** Its pods, as a network policy selects them. */
  readonly peer: NetworkPeer;
  readonly port = PORT;

  constructor(scope: Construct, id: string, props: TensorflowServingProps) {
    super(scope, id);
    const { namespace, name, replicas = 2 } = props;
    this.check(props, replicas);
    const { namespaceName } = namespace;
    const podLabels = { 'app.kubernetes.io/name': name };
    const metadata = { name, namespace: namespaceName, labels: podLabels };
    this.deployment = new DeploymentV1(this, 'Resource', {
      metadata,
      spec: {
        replicas: `${replicas}`,
        selector: { matchLabels: podLabels },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '0', maxSurge: '25%' } },
        template: { metadata: { labels: podLabels }, spec: servingPod(props, podLabels) },
      },
    });
    this.service = new ServiceV1(this, 'Service', {
      metadata,
      spec: {
        type: 'ClusterIP',
        selector: podLabels,
        port: [{ name: PORT_NAME, port: PORT, targetPort: PORT_NAME, appProtocol: 'http' }],
      },
    });
    this.disruptionBudget = new PodDisruptionBudgetV1(this, 'DisruptionBudget', {
      metadata: { name, namespace: namespaceName },
      spec: { maxUnavailable: '1', selector: { matchLabels: podLabels } },
    });
    this.connections = new Connections(this, 'Connections', { name, namespaceName, podLabels });
    this.peer = NetworkPeer.pods(namespaceName, podLabels);
    this.backend = { backend: 'tensorflow-serving', url: `http://${name}.${namespaceName}.svc:${PORT}`, model: name };
  }

  /** Lets a workload ask it, and its own policy let it out. */
  allowFrom(caller: { readonly connections: Connections }, reason: string): void {
    const { namespaceName, podLabels } = caller.connections;
    this.connections.allowFrom(NetworkPeer.pods(namespaceName, podLabels), [{ port: PORT_NAME }], reason);
    caller.connections.allowTo(this.peer, [{ port: PORT }], reason);
  }

  private check({ name, image }: TensorflowServingProps, replicas: number): void {
    checkImageDigest(image, this);
    if (!/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) {
      throw new ConfigError(
        `name is ${name}; allowed are up to 63 lowercase letters, digits and hyphens, a letter first.`,
        this,
      );
    }
    if (Number.isInteger(replicas) && replicas >= 1) return;
    throw new ConfigError(`replicas is ${replicas}; allowed is a whole number of 1 or more.`, this);
  }
}

function servingPod(
  { name, image }: TensorflowServingProps,
  labels: Record<string, string>,
): DeploymentV1SpecTemplateSpec {
  // It listens once the model is loaded.
  const probe = { httpGet: { path: `/v1/models/${name}`, port: PORT_NAME }, timeoutSeconds: 2 };
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: RESTRICTED_POD,
    container: [
      {
        name: 'tensorflow-serving',
        image,
        command: ['tensorflow_model_server'],
        args: ['--port=0', `--rest_api_port=${PORT}`, `--model_name=${name}`, `--model_base_path=/models/${name}`],
        port: [{ name: PORT_NAME, containerPort: PORT, protocol: 'TCP' }],
        resources: containerResources(TENSORFLOW_SERVING_SIZE),
        securityContext: RESTRICTED_CONTAINER,
        volumeMount: [{ name: 'tmp', mountPath: '/tmp' }],
        startupProbe: { ...probe, periodSeconds: 2, failureThreshold: 60 },
        readinessProbe: { ...probe, periodSeconds: 5, failureThreshold: 2 },
        livenessProbe: { tcpSocket: [{ port: PORT_NAME }], periodSeconds: 10, failureThreshold: 3 },
      },
    ],
    volume: [{ name: 'tmp', emptyDir: { sizeLimit: '256Mi' } }],
    topologySpreadConstraint: podSpread(labels),
  };
}
