import type {
  DeploymentV1SpecTemplateSpec,
  DeploymentV1SpecTemplateSpecContainer,
} from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from './pod-security';
import { containerResources, MODEL_SERVER_SIZE } from './workload-sizes';

export const HTTP_PORT = 8080;
/** Name of the port that serves the API, the probes and `/metrics`. */
export const HTTP_PORT_NAME = 'http';

/** Seconds that the server still takes requests after SIGTERM, in which load balancers forget it. */
export const DRAIN_SECONDS = 5;
/** Seconds after which it cuts off requests that are still being answered. */
export const SHUTDOWN_SECONDS = 25;

const DATA = '/var/lib/recommender';
/** Customers' histories, gone with the pod. */
export const USERS_DIRECTORY = `${DATA}/users`;

interface ModelServerPodProps {
  readonly image: string;
  /** Labels that select the pods. */
  readonly labels: Record<string, string>;
  readonly serviceAccountName: string;
  /** Name of the ConfigMap with the server's environment. */
  readonly settingsName: string;
}

export function modelServerPod(props: ModelServerPodProps): DeploymentV1SpecTemplateSpec {
  return {
    serviceAccountName: props.serviceAccountName,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    // The server drains by itself on SIGTERM, so no preStop hook waits first; the kubelet gives it time for all of it.
    terminationGracePeriodSeconds: DRAIN_SECONDS + SHUTDOWN_SECONDS + 10,
    securityContext: RESTRICTED_POD,
    container: [container(props)],
    volume: [
      { name: 'tmp', emptyDir: { sizeLimit: '1Gi' } },
      { name: 'data', emptyDir: { sizeLimit: '1Gi' } },
    ],
    topologySpreadConstraint: ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
      topologyKey,
      maxSkew: 1,
      // A replica in a crowded zone serves more people than one that waits for an even spread.
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: [{ matchLabels: props.labels }],
      // Counts this version's pods only, or the old ones would skew the new ones' places in a rollout.
      matchLabelKeys: ['pod-template-hash'],
    })),
  };
}

function container({ image, settingsName }: ModelServerPodProps): DeploymentV1SpecTemplateSpecContainer {
  const probe = (path: string) => ({ httpGet: { path, port: HTTP_PORT_NAME }, timeoutSeconds: 2 });
  return {
    name: 'model-server',
    image,
    port: [{ name: HTTP_PORT_NAME, containerPort: HTTP_PORT, protocol: 'TCP' }],
    envFrom: [{ configMapRef: { name: settingsName } }],
    resources: containerResources(MODEL_SERVER_SIZE),
    securityContext: RESTRICTED_CONTAINER,
    volumeMount: [
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'data', mountPath: DATA },
    ],
    // Two minutes to fetch and check a model; after that the kubelet starts the container anew.
    startupProbe: { ...probe('/startupz'), periodSeconds: 2, failureThreshold: 60 },
    readinessProbe: { ...probe('/readyz'), periodSeconds: 5, failureThreshold: 2 },
    livenessProbe: { ...probe('/livez'), periodSeconds: 10, failureThreshold: 3 },
  };
}
