import { parse } from 'yaml';
import {
  CertManager,
  CHARTS,
  EnvoyGateway,
  KServe,
  KServeModel,
  type KServeModelProps,
} from '../../../constructs/kubernetes';
import { CLUSTER, identity, inCluster, keepDefault, modelServer } from './fixtures';

// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
type Json = any;

const IMAGE = `nvcr.io/nvidia/tritonserver@sha256:${'b'.repeat(64)}`;

let model: KServeModel;
const synthesized = keepDefault((props?: Partial<KServeModelProps> & { readonly values?: object }) =>
  inCluster((stack, namespace) => {
    const envoyGateway = new EnvoyGateway(stack, 'EnvoyGateway', { cluster: CLUSTER });
    const certManager = new CertManager(stack, 'CertManager', { cluster: CLUSTER, gatewayApi: envoyGateway.release });
    const kserve = new KServe(stack, 'KServe', { cluster: CLUSTER, certManager, values: props?.values });
    const name = props?.name ?? 'ranker';
    model = new KServeModel(stack, 'Ranker', {
      namespace,
      kserve,
      name,
      image: IMAGE,
      storageUri: 's3://models/rankers',
      identity: identity({ namespace: 'recommender', serviceAccountName: name }),
      ...props,
    });
    model.allowFrom(modelServer(stack, namespace), 'The model server asks it');
  }),
);
const release = (name: string, props?: Parameters<typeof synthesized>[0]): Json => {
  const found = Object.values(synthesized(props).resources('helm_release')).filter((one) => one.name === name);
  expect(found).toHaveLength(1);
  return found[0];
};
const object = (kind: string, props?: Partial<KServeModelProps>): Json => {
  const { objects } = parse(release('ranker-model', props).values[0], { version: '1.1' });
  const found = objects.filter((one: Json) => one.kind === kind);
  expect(found).toHaveLength(1);
  return found[0];
};
const policy = (name: string): Json =>
  Object.values(synthesized().resources('kubernetes_network_policy_v1')).find(({ metadata }: Json) => {
    return metadata.name === name;
  });

describe('KServe', () => {
  test('is of the pinned charts, its kinds first, and after what makes the certificate of its webhooks', () => {
    expect(release('kserve-crd')).toMatchObject(CHARTS.kserveCrd);
    expect(release('kserve')).toMatchObject(CHARTS.kserve);
    expect(release('kserve').depends_on).toEqual([
      expect.stringMatching(/^helm_release\.KServe_Definitions_/),
      expect.stringMatching(/^helm_release\.CertManager_/),
    ]);
  });

  test('serves models as Deployments, opens no way in from outside, and has its sizes', () => {
    expect(parse(release('kserve').values[0], { version: '1.1' })).toEqual({
      kserve: {
        controller: {
          deploymentMode: 'Standard',
          gateway: { disableIngressCreation: true, disableIstioVirtualHost: true },
          resources: { requests: { cpu: '50m', memory: '384Mi' }, limits: { cpu: '500m', memory: '384Mi' } },
          rbacProxy: {
            resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { cpu: '100m', memory: '64Mi' } },
          },
        },
        service: { serviceClusterIPNone: false },
      },
    });
  });

  test("takes a user's values last", () => {
    const { values } = release('kserve', { values: { kserve: { version: 'v0.20.1' } } });
    expect(values).toHaveLength(2);
    expect(parse(values[1])).toEqual({ kserve: { version: 'v0.20.1' } });
  });
});

describe('a model', () => {
  test('is an ONNX model of the store, served by the Open Inference Protocol', () => {
    expect(object('InferenceService')).toMatchObject({
      apiVersion: 'serving.kserve.io/v1beta1',
      metadata: { name: 'ranker', annotations: { 'serving.kserve.io/deploymentMode': 'Standard' } },
      spec: {
        predictor: {
          minReplicas: 2,
          maxReplicas: 6,
          scaleMetric: 'cpu',
          scaleTarget: 60,
          model: {
            modelFormat: { name: 'onnx', version: '1' },
            protocolVersion: 'v2',
            runtime: 'ranker',
            storageUri: 's3://models/rankers',
          },
        },
      },
    });
  });

  test('runs on an image by digest, which is for ONNX and this protocol only', () => {
    const { supportedModelFormats, protocolVersions, containers } = object('ServingRuntime').spec;
    expect(supportedModelFormats).toEqual([{ name: 'onnx', version: '1' }]);
    expect(protocolVersions).toEqual(['v2']);
    expect(containers).toMatchObject([{ name: 'kserve-container', image: IMAGE, ports: [{ containerPort: 8080 }] }]);
    expect(containers[0].args).toContain('--http-port=8080');
  });

  test('keeps to "restricted", with numbers where the API server wants numbers, and has a size', () => {
    expect(object('InferenceService').spec.predictor.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 10001,
      fsGroup: 10001,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(object('ServingRuntime').spec.containers[0]).toMatchObject({
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
      resources: {
        requests: { cpu: '500m', memory: '2Gi', 'ephemeral-storage': '1Gi' },
        limits: { cpu: '2', memory: '2Gi', 'ephemeral-storage': '4Gi' },
      },
      volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
    });
  });

  test('reads the store by its own identity, and has no token for the API server', () => {
    expect(object('InferenceService').spec.predictor).toMatchObject({
      labels: { 'cloud.example.com/use': 'true' },
      serviceAccountName: expect.stringMatching(/^\$\{kubernetes_service_account_v1\.Ranker_ServiceAccount_/),
      automountServiceAccountToken: false,
    });
  });

  test('is asked by whom it lets in, who may go there', () => {
    const pods = { 'serving.kserve.io/inferenceservice': 'ranker' };
    expect(policy('ranker').spec.pod_selector.match_labels).toEqual(pods);
    expect(policy('ranker').spec.ingress).toMatchObject([
      {
        from: [{ pod_selector: { match_labels: { 'app.kubernetes.io/component': 'model-server' } } }],
        ports: [{ port: '8080' }],
      },
    ]);
    expect(policy('model-server').spec.egress.at(-1)).toMatchObject({
      to: [{ pod_selector: { match_labels: pods } }],
      ports: [{ port: '8080' }],
    });
  });

  test('says how the model server asks it', () => {
    synthesized({});
    expect(model.backend).toEqual({
      backend: 'open-inference',
      url: expect.stringMatching(/^http:\/\/ranker-predictor\..*\.svc$/),
      model: 'ranker',
    });
  });

  test.each(['s3://models/rankers', 'https://account.blob.core.windows.net/models/rankers'])(
    'comes from %s',
    (storageUri) => {
      expect(object('InferenceService', { storageUri }).spec.predictor.model.storageUri).toBe(storageUri);
    },
  );

  test.each([
    [
      { image: 'nvcr.io/nvidia/tritonserver:26.10-py3' },
      'image is nvcr.io/nvidia/tritonserver:26.10-py3, which has no',
    ],
    [{ name: 'Ranker' }, 'name is Ranker; allowed are up to 40 lowercase letters'],
    [{ storageUri: 's3://models' }, 'storageUri is s3://models; allowed is s3://bucket/path'],
    [{ storageUri: 'az://account/models/rankers' }, 'storageUri is az://account/models/rankers; allowed is'],
    [{ minReplicas: 0 }, 'minReplicas is 0 and maxReplicas 6; allowed are whole numbers'],
    [{ minReplicas: 3, maxReplicas: 2 }, 'minReplicas is 3 and maxReplicas 2; allowed are whole numbers'],
    [
      { identity: identity({ namespace: 'recommender', serviceAccountName: 'other' }) },
      'identity belongs to the service account recommender/other, but the pods run as recommender/ranker.',
    ],
  ])('fails with %j', (props, message) => {
    expect(() => synthesized(props)).toThrow(`test/Ranker: ${message}`);
  });
});

test('the HCL of a model', async () => {
  const hcl = await synthesized().hcl();
  const end = hcl.indexOf('resource "kubernetes_service_account_v1" "ModelServer_');
  expect(hcl.slice(hcl.indexOf('resource "kubernetes_service_account_v1" "Ranker_'), end)).toMatchSnapshot();
});
