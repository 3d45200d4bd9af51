import type { TerraformStack } from 'cdktf';
import { parse } from 'yaml';
import {
  EXTERNAL_SECRETS_SERVICE_ACCOUNT,
  ExternalSecret,
  type ExternalSecretProps,
  ExternalSecrets,
  type ModelServerCaches,
  type RecommenderNamespace,
  SecretValue,
} from '../../../constructs/kubernetes';
import { loadServerConfig } from '../../../model-server/src/config';
import { securityProblems } from '../../../model-server/src/security/security-problems';
import { CLUSTER, identity, inCluster, keepDefault, modelServer, release } from './fixtures';

// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
type Json = any;
type Options = Partial<ExternalSecretProps> & {
  readonly keeps?: readonly (keyof ModelServerCaches)[];
  readonly account?: string;
};

const STORE = {
  provider: { example: { url: 'https://secrets.example.com' } },
  secretNames: ['api-keys', 'redis-password'],
};
const REDIS = { url: 'rediss://cache.example.com:6380', password: 'redis-password' };
const KEYS = {
  'api-keys.jsonl': SecretValue.stored('api-keys'),
  'redis-url': SecretValue.redisUrl(REDIS),
};

const synthesized = keepDefault(
  ({ keeps = ['histories', 'answers'], account = 'external-secrets', ...props }: Options = {}) =>
    inCluster((stack: TerraformStack, namespace: RecommenderNamespace) => {
      const operator = new ExternalSecrets(stack, 'ExternalSecrets', {
        cluster: CLUSTER,
        namespace,
        identity: identity({ ...EXTERNAL_SECRETS_SERVICE_ACCOUNT, serviceAccountName: account }),
      });
      const secret = new ExternalSecret(stack, 'Secret', {
        operator,
        namespace,
        store: STORE,
        secretName: 'model-server',
        keys: KEYS,
        ...props,
      });
      const cache = { url: secret.key('redis-url'), port: 6380, location: { cidr: '10.0.8.0/24' } };
      modelServer(stack, namespace, {
        apiKeys: secret.key('api-keys.jsonl'),
        caches: Object.fromEntries(keeps.map((what) => [what, cache])),
      });
    }),
);
const valuesOf = (name: string, props?: Options): Json =>
  parse(release(synthesized(props), name).values[0], { version: '1.1' });
const objects = (props?: Options): Json[] => valuesOf('secret-model-server', props).objects;
const container = (props?: Options): Json =>
  (synthesized(props).resource('kubernetes_deployment_v1') as Json).spec.template.spec.container[0];
const settings = (props?: Options) =>
  (synthesized(props).resource('kubernetes_config_map_v1') as { data: Record<string, string> }).data;

describe('the operator', () => {
  test('works for one namespace, where its roles are', () => {
    const { scopedNamespace, scopedRBAC } = valuesOf('external-secrets');
    expect([scopedNamespace, scopedRBAC]).toEqual([expect.stringMatching(/kubernetes_namespace_v1\./), true]);
  });

  test('acts by the cloud identity, as the service account that it belongs to', () => {
    expect(valuesOf('external-secrets')).toMatchObject({
      serviceAccount: { name: 'external-secrets', annotations: { 'cloud.example.com/identity': 'reader' } },
      podLabels: { 'cloud.example.com/use': 'true' },
    });
  });

  test('has requests and limits in each of its three Deployments', () => {
    const { resources, webhook, certController } = valuesOf('external-secrets');
    for (const { requests, limits } of [resources, webhook.resources, certController.resources]) {
      expect(requests).toEqual({ cpu: expect.any(String), memory: limits.memory });
      expect(limits.cpu).toMatch(/^\d+m$/);
    }
  });

  test('fails when the identity belongs to another service account', () => {
    expect(() => synthesized({ account: 'default' })).toThrow(
      'test/ExternalSecrets: identity belongs to the service account external-secrets/default, but the pods run as external-secrets/external-secrets. Make it by cluster.addWorkloadIdentity(id, EXTERNAL_SECRETS_SERVICE_ACCOUNT).',
    );
  });
});

describe('the Secret', () => {
  test('is copied from the store, by names and templates: no prop takes a value, so none is in plan, state or manifest', () => {
    const [store, secret] = objects();
    expect(store).toEqual({
      apiVersion: 'external-secrets.io/v1',
      kind: 'SecretStore',
      metadata: { name: 'model-server' },
      spec: { provider: STORE.provider },
    });
    expect(secret.spec).toMatchObject({
      secretStoreRef: { kind: 'SecretStore', name: 'model-server' },
      data: [
        { secretKey: 'api-keys', remoteRef: { key: 'api-keys' } },
        { secretKey: 'redis-password', remoteRef: { key: 'redis-password' } },
      ],
      target: {
        name: 'model-server',
        creationPolicy: 'Owner',
        template: {
          engineVersion: 'v2',
          data: {
            'api-keys.jsonl': '{{ index . "api-keys" }}',
            'redis-url':
              'rediss://:{{ index . "redis-password" | trim | urlquery | replace "+" "%20" }}@cache.example.com:6380',
          },
        },
      },
    });
    expect(synthesized().resourceTypes()).not.toContain('kubernetes_secret_v1');
  });

  test('follows the store: a rotated value is there within five minutes, or as often as asked', () => {
    expect(objects()[1].spec).toMatchObject({ refreshPolicy: 'Periodic', refreshInterval: '300s' });
    expect(objects({ refreshSeconds: 60 })[1].spec.refreshInterval).toBe('60s');
  });

  test('is not copied by Flagger: a withdrawn key is withdrawn at once, not with the next version', () => {
    expect(objects()[1].spec.target.template.metadata).toEqual({
      annotations: { 'flagger.app/config-tracking': 'disabled' },
    });
  });

  test('keeps its last values while the store has none', () => {
    expect(objects()[1].spec.target.deletionPolicy).toBe('Retain');
  });

  test('comes after the operator, which brings the kinds', () => {
    expect(release(synthesized(), 'secret-model-server').depends_on).toEqual([
      expect.stringMatching(/^helm_release\.ExternalSecrets_/),
    ]);
  });

  test.each([
    ['keys is empty; name at least one key.', { keys: {} }],
    [
      'token is made of tokens, which the store has not; it has api-keys, redis-password. Add it to the store',
      { keys: { token: SecretValue.stored('tokens') } },
    ],
    ['refreshSeconds is 9; allowed are whole seconds from 10.', { refreshSeconds: 9 }],
    ['key is redis-url, which the Secret has not; allowed is other.', { keys: { other: KEYS['redis-url'] } }],
  ])('fails when %s', (message, props) => {
    expect(() => synthesized(props)).toThrow(`test/Secret: ${message}`);
  });

  test.each(['http://cache.example.com', 'rediss://user:secret@cache.example.com:6380', 'cache.example.com:6379'])(
    'fails when a Redis is at %s, and shows no login',
    (url) => {
      const attempt = () => SecretValue.redisUrl({ url, password: 'redis-password' });
      expect(attempt).toThrow('allowed is redis://, rediss://');
      expect(attempt).not.toThrow('secret@');
    },
  );
});

describe('the model server', () => {
  test('has the API keys as a file, in a directory that follows the Secret', () => {
    const { volume, security_context } = (synthesized().resource('kubernetes_deployment_v1') as Json).spec.template
      .spec;
    expect(volume).toContainEqual({
      name: 'api-keys',
      secret: {
        secret_name: 'model-server',
        default_mode: '0440',
        items: [{ key: 'api-keys.jsonl', path: 'api-keys.jsonl' }],
      },
    });
    // Exactly this: a `sub_path` would never change.
    expect(container().volume_mount).toContainEqual({
      name: 'api-keys',
      mount_path: '/etc/recommender/api-keys',
      read_only: true,
    });
    expect(security_context.fs_group).toBe(security_context.run_as_group);
  });

  test('asks callers for one of them', () => {
    // The files are in the cluster only.
    const here = Object.entries(settings()).filter(([, value]) => !value.startsWith('/etc/recommender/cache-urls/'));
    const config = loadServerConfig(Object.fromEntries(here));
    expect(config.apiKeysFile).toBe('/etc/recommender/api-keys/api-keys.jsonl');
    expect(settings()).not.toHaveProperty('RECOMMENDER_AUTHENTICATION');
    expect(securityProblems(config)).toEqual([]);
  });

  test.each([
    [undefined, { RECOMMENDER_USERS: 'histories', RECOMMENDER_RESULT_CACHE: 'answers' }],
    [['requestCounts'], { RECOMMENDER_RATE_LIMIT_REDIS: 'requestCounts' }],
  ] as const)('has the Redis of %j in files of the Secret, which the ConfigMap names', (keeps, files) => {
    const props = keeps && { keeps };
    const { volume } = (synthesized(props).resource('kubernetes_deployment_v1') as Json).spec.template.spec;
    const { projected } = volume.find(({ name }: Json) => name === 'cache-urls');
    expect(projected[0].sources).toEqual(
      Object.values(files).map((path) => ({
        secret: [{ name: 'model-server', items: [{ key: 'redis-url', path }] }],
      })),
    );
    const urls = Object.entries(files).map(([name, path]) => [`${name}_FILE`, `/etc/recommender/cache-urls/${path}`]);
    expect(settings(props)).toMatchObject(Object.fromEntries(urls));
    expect(Object.keys(settings(props)).filter((name) => name in files)).toEqual([]);
  });

  test('may connect to the Redis, and says why', () => {
    const policy = Object.values(synthesized().resources('kubernetes_network_policy_v1')).find(
      ({ metadata }: Json) => metadata.name === 'model-server',
    ) as Json;
    expect(policy.spec.egress).toContainEqual({
      to: [{ ip_block: { cidr: '10.0.8.0/24' } }],
      ports: [{ port: '6380', protocol: 'TCP' }],
    });
    expect(policy.metadata.annotations['recommender/reasons']).toContain(
      'to 10.0.8.0/24 on 6380/TCP: It keeps histories in it.',
    );
  });

  test('starts after the Secret is asked for', () => {
    const { depends_on } = synthesized().resource('kubernetes_deployment_v1') as { depends_on: string[] };
    expect(depends_on).toContainEqual(expect.stringMatching(/^helm_release\.Secret_/));
  });
});

test('fails when the environment sets what comes from a Secret', () => {
  const build = () =>
    inCluster((stack, namespace) => {
      const key = { secretName: 'redis', key: 'url', ready: [] };
      modelServer(stack, namespace, {
        caches: { histories: { url: key, port: 6379, location: { cidr: '10.0.8.0/24' } } },
        environment: { RECOMMENDER_USERS: 'redis://elsewhere' },
      });
    });
  expect(build).toThrow('test/ModelServer: environment has RECOMMENDER_USERS, which the construct sets itself');
});

test('the HCL', async () => {
  const hcl = await synthesized().hcl();
  expect(
    hcl.slice(
      hcl.indexOf('resource "helm_release" "ExternalSecrets'),
      hcl.indexOf('resource "kubernetes_service_account_v1"'),
    ),
  ).toMatchSnapshot();
});
