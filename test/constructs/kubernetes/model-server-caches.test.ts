import { Valkey, ValkeyData } from '../../../constructs/kubernetes';
import { CLUSTER, inCluster, modelServer } from './fixtures';

// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
type Json = any;

const stack = inCluster((scope, namespace) => {
  const cluster = CLUSTER;
  const histories = new Valkey(scope, 'Histories', { cluster, namespace, data: ValkeyData.histories() });
  const answers = new Valkey(scope, 'Answers', { cluster, namespace, data: ValkeyData.answers() });
  modelServer(scope, namespace, { caches: { histories, answers, requestCounts: histories } });
});
const policy = (name: string): Json =>
  Object.values(stack.resources('kubernetes_network_policy_v1')).find(({ metadata }: Json) => metadata.name === name);
const pod = (stack.resource('kubernetes_deployment_v1') as Json).spec.template.spec;

test('the URL of each cache, with its login, is a file of its own Secret, and in no environment', () => {
  const settings = (stack.resource('kubernetes_config_map_v1') as Json).data;
  const folder = '/etc/recommender/cache-urls';
  expect(settings).toMatchObject({
    RECOMMENDER_USERS_FILE: `${folder}/histories`,
    RECOMMENDER_RESULT_CACHE_FILE: `${folder}/answers`,
    RECOMMENDER_RATE_LIMIT_REDIS_FILE: `${folder}/requestCounts`,
  });
  const volume = pod.volume.find(({ name }: Json) => name === 'cache-urls');
  expect(volume.projected[0].default_mode).toBe('0440');
  expect(volume.projected[0].sources.map(({ secret: [secret] }: Json) => [secret.name, secret.items[0]])).toEqual([
    ['valkey-histories-credentials', { key: 'url', path: 'histories' }],
    ['valkey-answers-credentials', { key: 'url', path: 'answers' }],
    ['valkey-histories-credentials', { key: 'url', path: 'requestCounts' }],
  ]);
  expect(pod.container[0].volume_mount).toContainEqual({ name: 'cache-urls', mount_path: folder, read_only: true });
  expect(pod.container[0]).not.toHaveProperty('env');
});

test('the authorities of both are files that the server is told of, each once', () => {
  const settings = (stack.resource('kubernetes_config_map_v1') as Json).data;
  const folder = '/etc/recommender/cache-authorities';
  expect(settings.RECOMMENDER_REDIS_CA).toBe(
    `${folder}/valkey-histories-credentials.pem,${folder}/valkey-answers-credentials.pem`,
  );
  const volume = pod.volume.find(({ name }: Json) => name === 'cache-authorities');
  expect(volume.projected[0].sources.map(({ secret: [secret] }: Json) => [secret.name, secret.items[0]])).toEqual([
    ['valkey-histories-credentials', { key: 'ca.crt', path: 'valkey-histories-credentials.pem' }],
    ['valkey-answers-credentials', { key: 'ca.crt', path: 'valkey-answers-credentials.pem' }],
  ]);
  expect(pod.container[0].volume_mount).toContainEqual({
    name: 'cache-authorities',
    mount_path: folder,
    read_only: true,
  });
});

test('the server may go to the caches, and the caches let it in', () => {
  const named = (name: string) => ({ 'app.kubernetes.io/name': 'valkey', 'app.kubernetes.io/instance': name });
  const goesTo = policy('model-server').spec.egress.flatMap(({ to }: Json) => to[0].pod_selector?.match_labels ?? []);
  expect(goesTo).toEqual(expect.arrayContaining([named('valkey-histories'), named('valkey-answers')]));
  for (const name of ['valkey-histories', 'valkey-answers']) {
    const [{ from }] = policy(name).spec.ingress;
    expect(from[0].pod_selector.match_labels).toEqual({ 'app.kubernetes.io/component': 'model-server' });
  }
});
