import type { DeploymentV1SpecTemplateSpecContainer } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { containerResources, MODEL_SERVER_SIZE } from './model-server-size';
import { RESTRICTED_CONTAINER } from './pod-security';

interface ModelServerContainerProps {
  readonly image: string;
  /** Name of the ConfigMap with the server's environment. */
  readonly settings: string;
  readonly portName: string;
  readonly port: number;
}

/** Seconds between a pod's removal from the Service and SIGTERM, in which load balancers forget it. */
const DRAIN_SECONDS = 5;

export function modelServerContainer(props: ModelServerContainerProps): DeploymentV1SpecTemplateSpecContainer {
  const probe = (path: string) => ({ httpGet: { path, port: props.portName }, timeoutSeconds: 2 });
  return {
    name: 'model-server',
    image: props.image,
    port: [{ name: props.portName, containerPort: props.port, protocol: 'TCP' }],
    envFrom: [{ configMapRef: { name: props.settings } }],
    resources: containerResources(MODEL_SERVER_SIZE),
    securityContext: RESTRICTED_CONTAINER,
    volumeMount: [{ name: 'tmp', mountPath: '/tmp' }],
    // Two minutes to fetch and check a model; after that the kubelet starts the container anew.
    startupProbe: { ...probe('/startupz'), periodSeconds: 2, failureThreshold: 60 },
    readinessProbe: { ...probe('/readyz'), periodSeconds: 5, failureThreshold: 2 },
    livenessProbe: { ...probe('/livez'), periodSeconds: 10, failureThreshold: 3 },
    // By node, because the image need not have a shell.
    lifecycle: { preStop: [{ exec: { command: ['node', '-e', `setTimeout(() => {}, ${DRAIN_SECONDS * 1000})`] } }] },
  };
}
