import type { CustomResource } from '../custom-resources';
import { RESTRICTED_CONTAINER, RESTRICTED_POD_VALUES } from '../pod-security';
import { containerResources, KSERVE_SIZES } from '../workload-sizes';
import type { KServeModelProps } from './kserve-model';

/** Port of a model's pods; its Service has port 80 for it. */
export const MODEL_PORT = 8080;

/** CPU that replicas are kept at, in percent of what they request. */
const TARGET_PERCENT = 60;

interface KServeObjectsProps extends KServeModelProps {
  readonly serviceAccountName: string;
}

/** A model, and what runs it: Triton, which serves ONNX by the Open Inference Protocol. */
export function kserveObjects(props: KServeObjectsProps): CustomResource[] {
  return [runtime(props), service(props)];
}

function runtime({ name, image }: KServeObjectsProps): CustomResource {
  return {
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'ServingRuntime',
    metadata: { name },
    spec: {
      supportedModelFormats: [{ name: 'onnx', version: '1' }],
      protocolVersions: ['v2'],
      containers: [
        {
          // KServe finds it by this name.
          name: 'kserve-container',
          image,
          args: [
            'tritonserver',
            '--model-store=/mnt/models',
            `--http-port=${MODEL_PORT}`,
            '--allow-http=true',
            '--allow-grpc=false',
          ],
          ports: [{ containerPort: MODEL_PORT, protocol: 'TCP' }],
          resources: containerResources(KSERVE_SIZES.model),
          securityContext: RESTRICTED_CONTAINER,
          volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
        },
      ],
      volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '1Gi' } }],
    },
  };
}

function service(props: KServeObjectsProps): CustomResource {
  const { name, storageUri, identity, serviceAccountName, minReplicas = 2, maxReplicas = 6 } = props;
  return {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: { name, annotations: { 'serving.kserve.io/deploymentMode': 'Standard' } },
    spec: {
      predictor: {
        minReplicas,
        maxReplicas,
        scaleMetric: 'cpu',
        scaleTarget: TARGET_PERCENT,
        labels: identity.podLabels,
        serviceAccountName,
        automountServiceAccountToken: false,
        securityContext: RESTRICTED_POD_VALUES,
        model: {
          modelFormat: { name: 'onnx', version: '1' },
          protocolVersion: 'v2',
          runtime: name,
          storageUri,
        },
      },
    },
  };
}
