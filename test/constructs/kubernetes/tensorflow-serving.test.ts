import { TensorflowServing, type TensorflowServingProps } from '../../../constructs/kubernetes';
import { IMAGE, inCluster, keepDefault, modelServer } from './fixtures';

// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
type Json = any;

let serving: TensorflowServing;
const synthesized = keepDefault((props?: Partial<TensorflowServingProps>) =>
  inCluster((stack, namespace) => {
    serving = new TensorflowServing(stack, 'Serving', { namespace, name: 'ranker', image: IMAGE, ...props });
    serving.allowFrom(modelServer(stack, namespace), 'The model server asks the ranker');
  }),
);
const own = (type: string, name = 'ranker', props?: Partial<TensorflowServingProps>): Json => {
  const found = Object.values(synthesized(props).resources(type)).filter(
    ({ metadata }: Json) => metadata.name === name,
  );
  expect(found).toHaveLength(1);
  return found[0];
};
const container = (): Json => own('kubernetes_deployment_v1').spec.template.spec.container[0];

test('two replicas serve the model of the image over REST, and nothing over gRPC', () => {
  expect(own('kubernetes_deployment_v1').spec.replicas).toBe('2');
  expect(container()).toMatchObject({
    image: IMAGE,
    command: ['tensorflow_model_server'],
    args: ['--port=0', '--rest_api_port=8501', '--model_name=ranker', '--model_base_path=/models/ranker'],
    port: [{ name: 'http', container_port: 8501 }],
  });
});

test('a replica is asked once its model is loaded, and is started anew when it stops listening', () => {
  const model = { path: '/v1/models/ranker', port: 'http' };
  expect(container()).toMatchObject({
    startup_probe: { http_get: model, period_seconds: 2, failure_threshold: 60 },
    readiness_probe: { http_get: model },
    liveness_probe: { tcp_socket: [{ port: 'http' }] },
  });
});

test('one replica may be away at a time, and a new one is ready before an old one goes', () => {
  expect(own('kubernetes_pod_disruption_budget_v1').spec.max_unavailable).toBe('1');
  expect(own('kubernetes_deployment_v1').spec.strategy.rolling_update).toEqual({
    max_unavailable: '0',
    max_surge: '25%',
  });
});

test('pods keep to "restricted", have a size and no token for the API server', () => {
  const { spec } = own('kubernetes_deployment_v1').spec.template;
  expect(spec).toMatchObject({
    automount_service_account_token: false,
    security_context: { run_as_non_root: true, seccomp_profile: { type: 'RuntimeDefault' } },
  });
  expect(container()).toMatchObject({
    security_context: { read_only_root_filesystem: true, capabilities: { drop: ['ALL'] } },
    resources: {
      requests: { cpu: '500m', memory: '1Gi', 'ephemeral-storage': '64Mi' },
      limits: { cpu: '2', memory: '1Gi', 'ephemeral-storage': '512Mi' },
    },
  });
});

test('the model server may ask it, and goes nowhere else for it', () => {
  expect(own('kubernetes_network_policy_v1').spec.ingress).toMatchObject([
    {
      from: [{ pod_selector: { match_labels: { 'app.kubernetes.io/component': 'model-server' } } }],
      ports: [{ port: 'http' }],
    },
  ]);
  // Names are looked up; nothing else.
  expect(own('kubernetes_network_policy_v1').spec.egress).toHaveLength(1);
  expect(own('kubernetes_network_policy_v1', 'model-server').spec.egress.at(-1)).toMatchObject({
    to: [{ pod_selector: { match_labels: { 'app.kubernetes.io/name': 'ranker' } } }],
    ports: [{ port: '8501' }],
  });
});

test('says how the model server asks it, where its Service is', () => {
  synthesized({});
  expect(serving.backend).toEqual({
    backend: 'tensorflow-serving',
    url: expect.stringMatching(/^http:\/\/ranker\..*\.svc:8501$/),
    model: 'ranker',
  });
  expect(own('kubernetes_service_v1').spec).toMatchObject({
    type: 'ClusterIP',
    port: [{ port: 8501, target_port: 'http' }],
  });
});

test.each([
  [{ image: 'tensorflow/serving:2.20.0' }, 'image is tensorflow/serving:2.20.0, which has no digest'],
  [{ name: 'Ranker' }, 'name is Ranker; allowed are up to 63 lowercase letters'],
  [{ replicas: 0 }, 'replicas is 0; allowed is a whole number of 1 or more.'],
])('fails with %j', (props, message) => {
  expect(() => synthesized(props)).toThrow(`test/Serving: ${message}`);
});

test('the HCL of a model', async () => {
  const hcl = await synthesized().hcl();
  const end = hcl.indexOf('resource "kubernetes_service_account_v1" "ModelServer_');
  expect(hcl.slice(hcl.indexOf('resource "kubernetes_deployment_v1" "Serving_'), end)).toMatchSnapshot();
});
