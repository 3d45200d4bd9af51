import { type ConfigInput, parseConfig } from '../../src';
import { localDeployNeeds } from '../../src/config/deploy-needs';
import { LocalStack } from '../../stacks/local-stack';
import { type SynthesizedStack, synthesize } from '../helpers/synth';
import { NOTIFY, stackOn } from './both-clouds';

type Attributes = Record<string, unknown>;
type Local = NonNullable<ConfigInput['local']>;

const parse = (local: Partial<Local>, config: Partial<ConfigInput> = {}) =>
  parseConfig(
    { owner: 'shop', budget: NOTIFY, environments: {}, local: { context: 'kind-shop', ...local }, ...config },
    'test',
  );
const stack = (local: Partial<Local> = {}, config?: Partial<ConfigInput>): SynthesizedStack =>
  synthesize((app) => new LocalStack(app, { config: parse(local, config) }));
const local = stack();

test('is called local, and needs no environment in the config', () => {
  expect((local.json['//'] as { metadata: Attributes }).metadata.stackName).toBe('local');
});

test('loads no cloud: only the providers of what runs in a cluster', () => {
  const { required_providers } = local.json.terraform as { required_providers: Attributes };
  expect(Object.keys(required_providers).sort()).toEqual(['helm', 'kubernetes']);
});

test('both providers get the file and the context by name, and no credential', () => {
  const connection = { config_path: '/home/me/kubeconfig', config_context: 'kind-shop' };
  expect(stack({ kubeconfig: '/home/me/kubeconfig' }).json.provider).toEqual({
    kubernetes: [connection],
    helm: [{ kubernetes: connection }],
  });
});

const names = (synthesized: SynthesizedStack) =>
  Object.entries(synthesized.json.resource as Record<string, Record<string, Attributes>>)
    .filter(([type]) => /^(kubernetes|helm)_/.test(type))
    .flatMap(([type, resources]) =>
      Object.values(resources).map(({ name, metadata }) => `${type} ${name ?? (metadata as Attributes).name}`),
    );

test('has in its cluster what a cloud has, but for what has to do with the store and the storage class', () => {
  const onlyInClouds = names(stackOn('aws')).filter((name) => !names(local).includes(name));
  expect(onlyInClouds.sort()).toEqual([
    'kubernetes_config_map_v1 model-server-version',
    'kubernetes_cron_job_v1 model-sync',
    'kubernetes_deployment_v1 model-follower',
    'kubernetes_network_policy_v1 model-follower',
    'kubernetes_network_policy_v1 model-sync',
    'kubernetes_role_binding_v1 model-follower',
    'kubernetes_role_v1 model-follower',
    'kubernetes_service_account_v1 model-follower',
    'kubernetes_service_account_v1 model-sync',
    'kubernetes_storage_class_v1 recommender-gp3',
  ]);
  expect(names(local).filter((name) => !names(stackOn('aws')).includes(name))).toEqual([]);
});

test("the server's store is a folder of the pod's own, so that it serves the model of its image", () => {
  const [settings] = Object.values(local.resources('kubernetes_config_map_v1'));
  expect(settings?.data).toMatchObject({ RECOMMENDER_STORE: '/var/lib/recommender/store' });
  const { spec } = local.resource('kubernetes_deployment_v1') as { spec: { template: { spec: Attributes } } };
  expect(spec.template.spec.container).toEqual([
    expect.objectContaining({
      volume_mount: expect.arrayContaining([{ name: 'data', mount_path: '/var/lib/recommender' }]),
    }),
  ]);
});

test("Prometheus' volume is of the class that the config names", () => {
  expect(JSON.stringify(local.resource('helm_release').values)).toContain('storageClassName: standard');
  expect(JSON.stringify(stack({ storageClassName: 'local-path' }).resource('helm_release').values)).toContain(
    'storageClassName: local-path',
  );
});

describe('the image', () => {
  type Variable = { default: string; validation: { condition: string }[] };
  const variable = (synthesized: SynthesizedStack) => (synthesized.json.variable as { image: Variable }).image;

  test("is the config's, by tag", () => {
    expect(variable(local).default).toBe('model-server:local');
    expect(variable(stack({ image: 'localhost:5001/model-server:7' })).default).toBe('localhost:5001/model-server:7');
  });

  test.each(['model-server', 'localhost:5001/model-server', 'Model:1', 'model-server@sha256:abc'])(
    'fails with %s, which has neither tag nor digest',
    (image) => {
      expect(() => parse({ image })).toThrow(
        `local.image: must be a name with a tag or a digest, such as model-server:local (received "${image}")`,
      );
    },
  );

  test('fails with the tag latest', () => {
    expect(() => parse({ image: 'model-server:latest' })).toThrow(
      'local.image: must have another tag than latest, which Kubernetes always pulls',
    );
    expect(variable(local).validation[0]?.condition).toContain('!endswith(var.image, ":latest")');
  });

  test('is what a deploy needs on the nodes', () => {
    expect(localDeployNeeds(parse({}).local as never)).toMatch(
      /^the image model-server:local on the nodes of kind-shop: docker build -f model-server\/Dockerfile -t model-server:local \./,
    );
  });
});

test('commands name the context, so that none goes to another cluster', () => {
  expect(local.outputs().commands?.value).toEqual({
    model_server: 'kubectl --context kind-shop port-forward --namespace recommender service/model-server 8080:80',
    grafana:
      'kubectl --context kind-shop port-forward --namespace monitoring service/kube-prometheus-stack-grafana 3000:80',
  });
});

test('a rehearsal keeps the state in its folder', () => {
  const rehearsed = stack({}, { rehearsal: { stateDirectory: '/tmp/rehearsal' } });
  expect((rehearsed.json.terraform as Attributes).backend).toEqual({ local: { path: '/tmp/rehearsal/local.tfstate' } });
});

test('fails without a context, and without local', () => {
  expect(() => parse({ context: undefined })).toThrow('local.context: is missing; expected a string');
  const config = { ...parse({}), local: undefined };
  expect(() => synthesize((app) => new LocalStack(app, { config }))).toThrow(
    'the config has no local; add it, or make no LocalStack.',
  );
});
