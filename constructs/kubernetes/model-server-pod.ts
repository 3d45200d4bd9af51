import type {
  DeploymentV1SpecTemplateSpec,
  DeploymentV1SpecTemplateSpecContainer,
} from '@cdktf/provider-kubernetes/lib/deployment-v1';
import type { Construct } from 'constructs';
import {
  DATA_DIRECTORY,
  HEALTH_PATHS,
  HTTP_PORT,
  METRICS_PORT,
  TERMINATION_GRACE_SECONDS,
} from '../../src/model-server/serving';
import { resourcesOf } from './container-sizes';
import { type ModelServerSecrets, secretMounts, secretVolumes } from './model-server-secrets';
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from './pod-security';
import { podSpread } from './pod-spread';

/** Name of the port that serves the API, the probes and `/metrics`. */
export const HTTP_PORT_NAME = 'http';
export const METRICS_PORT_NAME = 'metrics';

interface ModelServerPodProps {
  readonly image: string;
  /** Labels that select the pods. */
  readonly labels: Record<string, string>;
  readonly serviceAccountName: string;
  /** Names of the ConfigMaps with the server's environment. */
  readonly settingsNames: readonly string[];
  readonly secrets: ModelServerSecrets;
  /** Whether metrics are on a port of their own. */
  readonly metricsApart: boolean;
  readonly probeTimeoutSeconds: number;
}

export function modelServerPod(scope: Construct, props: ModelServerPodProps): DeploymentV1SpecTemplateSpec {
  return {
    serviceAccountName: props.serviceAccountName,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    // The server drains by itself on SIGTERM, so no preStop hook waits first; the kubelet gives it time for all of it.
    terminationGracePeriodSeconds: TERMINATION_GRACE_SECONDS,
    securityContext: RESTRICTED_POD,
    container: [container(scope, props)],
    volume: [
      { name: 'tmp', emptyDir: { sizeLimit: '1Gi' } },
      { name: 'data', emptyDir: { sizeLimit: '1Gi' } },
      ...secretVolumes(props.secrets),
    ],
    topologySpreadConstraint: podSpread(props.labels),
  };
}

function container(
  scope: Construct,
  { image, settingsNames, secrets, metricsApart, probeTimeoutSeconds: timeoutSeconds }: ModelServerPodProps,
): DeploymentV1SpecTemplateSpecContainer {
  const probe = (path: string) => ({ httpGet: { path, port: HTTP_PORT_NAME }, timeoutSeconds });
  return {
    name: 'model-server',
    image,
    port: [
      { name: HTTP_PORT_NAME, containerPort: HTTP_PORT, protocol: 'TCP' },
      ...(metricsApart ? [{ name: METRICS_PORT_NAME, containerPort: METRICS_PORT, protocol: 'TCP' }] : []),
    ],
    envFrom: settingsNames.map((name) => ({ configMapRef: { name } })),
    resources: resourcesOf(scope, 'modelServer'),
    securityContext: RESTRICTED_CONTAINER,
    volumeMount: [
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'data', mountPath: DATA_DIRECTORY },
      ...secretMounts(secrets),
    ],
    // Two minutes to fetch and check a model; after that the kubelet starts the container anew.
    startupProbe: { ...probe(HEALTH_PATHS.startup), periodSeconds: 2, failureThreshold: 60 },
    readinessProbe: { ...probe(HEALTH_PATHS.ready), periodSeconds: 5, failureThreshold: 2 },
    livenessProbe: { ...probe(HEALTH_PATHS.live), periodSeconds: 10, failureThreshold: 3 },
  };
}
