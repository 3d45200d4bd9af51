import {
  MLFLOW_SERVICE_ACCOUNT,
  Mlflow,
  type MlflowProps,
  MODEL_SERVER_SERVICE_ACCOUNT,
} from '../../../constructs/kubernetes';
import { IMAGE, identity, inCluster, keepDefault, modelServer } from './fixtures';

// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
type Json = any;

let mlflow: Mlflow;
const synthesized = keepDefault((props?: Partial<MlflowProps>) =>
  inCluster((stack, namespace) => {
    mlflow = new Mlflow(stack, 'Mlflow', {
      namespace,
      image: IMAGE,
      database: { url: { secretName: 'mlflow', key: 'url', ready: [] }, location: { cidr: '10.66.244.0/22' } },
      artifactsUrl: 's3://shop-mlflow/artifacts',
      identity: identity(MLFLOW_SERVICE_ACCOUNT),
      ...props,
    });
    mlflow.allowFrom(modelServer(stack, namespace), 'The model server reports what it serves');
  }),
);
const own = (type: string, name = 'mlflow'): Json => {
  const found = Object.values(synthesized().resources(type)).filter(({ metadata }: Json) => metadata.name === name);
  expect(found).toHaveLength(1);
  return found[0];
};
const pod = (): Json => own('kubernetes_deployment_v1').spec.template.spec;

test('two replicas keep runs in the database and artifacts in the store, by the names of the Service', () => {
  expect(own('kubernetes_deployment_v1').spec.replicas).toBe('2');
  expect(pod().container[0]).toMatchObject({
    image: IMAGE,
    command: ['mlflow'],
    args: [
      'server',
      '--host=0.0.0.0',
      '--port=5000',
      '--workers=2',
      '--artifacts-destination=s3://shop-mlflow/artifacts',
      expect.stringMatching(/^--allowed-hosts=mlflow,mlflow\..*,mlflow\..*\.svc,mlflow\..*\.svc\.cluster\.local,loc/),
    ],
  });
});

test("the database's URL comes from a Secret, and is in no argument of the server", () => {
  const [{ env, args }] = pod().container;
  expect(env[0]).toEqual({
    name: 'MLFLOW_BACKEND_STORE_URI',
    value_from: { secret_key_ref: { name: 'mlflow', key: 'url' } },
  });
  expect(args.join()).not.toMatch(/store-uri|postgresql/);
});

test("a new version's tables are made before it serves", () => {
  expect(pod().init_container).toMatchObject([
    { image: IMAGE, command: ['mlflow'], args: ['db', 'upgrade', '$(MLFLOW_BACKEND_STORE_URI)'] },
  ]);
});

test('pods keep to "restricted", have a size and no token for the API server', () => {
  expect(pod()).toMatchObject({
    automount_service_account_token: false,
    security_context: { run_as_non_root: true, seccomp_profile: { type: 'RuntimeDefault' } },
  });
  for (const container of [...pod().container, ...pod().init_container]) {
    expect(container).toMatchObject({
      security_context: { read_only_root_filesystem: true, capabilities: { drop: ['ALL'] } },
      resources: { requests: { memory: '1536Mi' }, limits: { memory: '1536Mi' } },
      volume_mount: [{ name: 'tmp', mount_path: '/tmp' }],
    });
  }
});

test('it reaches its database and its cloud, and is reached by whom it was told', () => {
  const { ingress, egress } = own('kubernetes_network_policy_v1').spec;
  expect(egress).toContainEqual({
    to: [{ ip_block: { cidr: '10.66.244.0/22' } }],
    ports: [{ port: '5432', protocol: 'TCP' }],
  });
  expect(ingress).toMatchObject([
    { from: [{ pod_selector: { match_labels: { 'app.kubernetes.io/component': 'model-server' } } }] },
  ]);
  expect(own('kubernetes_network_policy_v1', 'model-server').spec.egress.at(-1)).toMatchObject({
    to: [{ pod_selector: { match_labels: { 'app.kubernetes.io/name': 'mlflow' } } }],
    ports: [{ port: '5000' }],
  });
});

test('clients find it by its Service', () => {
  synthesized({});
  expect(mlflow.trackingUrl).toMatch(/^http:\/\/mlflow\./);
  expect(own('kubernetes_service_v1').spec).toMatchObject({ type: 'ClusterIP', port: [{ port: 80 }] });
});

test.each([
  [{ image: 'mlflow:3.17.2' }, 'image is mlflow:3.17.2, which has no digest'],
  [{ artifactsUrl: '/mlruns' }, 'artifactsUrl is /mlruns; allowed is s3://bucket/path or abfss://'],
  [{ replicas: 0 }, 'replicas is 0; allowed is a whole number of 1 or more.'],
  [{ identity: identity(MODEL_SERVER_SERVICE_ACCOUNT) }, 'identity belongs to the service account '],
])('fails with %j', (props, message) => {
  expect(() => synthesized(props)).toThrow(`test/Mlflow: ${message}`);
});

test('the HCL of MLflow', async () => {
  const hcl = await synthesized().hcl();
  const end = hcl.indexOf('resource "kubernetes_service_account_v1" "ModelServer_');
  expect(hcl.slice(hcl.indexOf('resource "kubernetes_service_account_v1" "Mlflow_'), end)).toMatchSnapshot();
});
