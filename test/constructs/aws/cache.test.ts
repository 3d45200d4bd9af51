import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import type { TerraformStack } from 'cdktf';
import { parse } from 'yaml';
import {
  Cache,
  type CacheClients,
  type CacheProps,
  CacheShape,
  type ICache,
  Network,
  type PodIdentity,
  Port,
  SecretStore,
} from '../../../constructs/aws';
import {
  EXTERNAL_SECRETS_SERVICE_ACCOUNT,
  ExternalSecrets,
  MODEL_SERVER_SERVICE_ACCOUNT,
  ModelServer,
  RecommenderNamespace,
} from '../../../constructs/kubernetes';
import { CapacityPlan, ServiceLevelObjective } from '../../../src';
import { IMAGE, release } from '../kubernetes/fixtures';
import { addCluster, named, onAws, rendered, statements } from './fixtures';

const build = (stack: TerraformStack, props: Partial<CacheProps> = {}) =>
  new Cache(stack, 'Cache', {
    cacheName: 'shop-prod',
    network: new Network(stack, 'Vpc', { networkName: 'shop-prod', cidr: '10.66.0.0/16' }),
    ...props,
  });
const withProps = (props: Partial<CacheProps>) => onAws((stack) => void build(stack, props));
const defaults = withProps({});
const cache = (props?: Partial<CacheProps>) =>
  (props ? withProps(props) : defaults).resource('aws_elasticache_replication_group');
const sharded = withProps({ shape: CacheShape.sharded({ shards: 3, replicas: 2 }) });

describe('shapes', () => {
  test('one node by default, and nothing to take over', () => {
    expect(cache()).toMatchObject({
      engine: 'valkey',
      engine_version: '8.0',
      node_type: 'cache.t4g.micro',
      num_cache_clusters: 1,
      automatic_failover_enabled: false,
      multi_az_enabled: false,
    });
  });

  test('a replica is in another zone and takes over', () => {
    expect(cache({ shape: CacheShape.replicated() })).toMatchObject({
      num_cache_clusters: 2,
      automatic_failover_enabled: true,
      multi_az_enabled: true,
    });
  });

  test('shards are in cluster mode, which clients read in the URL', () => {
    expect(sharded.resource('aws_elasticache_replication_group')).toMatchObject({
      num_node_groups: 3,
      replicas_per_node_group: 2,
      automatic_failover_enabled: true,
      multi_az_enabled: true,
    });
    expect(sharded.resource('aws_elasticache_parameter_group').parameter).toContainEqual({
      name: 'cluster-enabled',
      value: 'yes',
    });
    const url = (shape?: CacheShape) => rendered((stack) => build(stack, { shape }).url);
    expect(url(CacheShape.sharded({ shards: 3 }))).toMatch(
      /^rediss\+cluster:\/\/\$\{aws_elasticache_replication_group\.\w+\.configuration_endpoint_address\}:6379$/,
    );
    expect(url()).toMatch(/^rediss:\/\/\$\{.*\.primary_endpoint_address\}:6379$/);
  });

  test.each([
    [CacheShape.single(), 'cache.t4g.micro', 9.34],
    [CacheShape.replicated(), 'cache.t4g.small', 37.38],
    [CacheShape.sharded({ shards: 2, replicas: 1 }), 'cache.t4g.medium', 151.84],
  ] as const)('%j of %s cost $%d a month', (shape, nodeType, usd) => {
    onAws((stack) => expect(build(stack, { shape, nodeType }).usdPerMonth).toBe(usd));
  });

  test.each([
    [CacheShape.replicated({ replicas: 0.5 }), '0.5'],
    [CacheShape.replicated({ replicas: 6 }), '6'],
    [CacheShape.sharded({ shards: 2, replicas: 0 }), '0'],
  ])('fails when a shape has too few or too many replicas: %j', (shape, replicas) => {
    expect(() => withProps({ shape })).toThrow(
      `test/Cache: shape has ${replicas} replicas; ElastiCache takes 1 to 5. For none, use CacheShape.single().`,
    );
  });

  test('fails when a shape has more nodes than an account may have', () => {
    expect(() => withProps({ shape: CacheShape.sharded({ shards: 46 }) })).toThrow(
      'shape has 46 shards of 2 nodes; an account may have 90 nodes in a cache.',
    );
  });
});

describe('who gets in', () => {
  test('one user, who may do what the model server does; no password is in the plan', () => {
    const user = defaults.resource('aws_elasticache_user');
    expect(user).toMatchObject({
      user_id: 'shop-prod',
      user_name: 'shop-prod',
      engine: 'valkey',
      access_string: expect.stringMatching(/^on -@all ~recommender:\* /),
      // Nobody may connect by IAM until it is granted, so the user is closed until a person sets a password.
      authentication_mode: { type: 'iam' },
      lifecycle: { ignore_changes: ['authentication_mode'] },
    });
    expect(user.access_string).not.toMatch(/\+@all|allkeys|~\*|nopass/);
    expect(user).not.toHaveProperty('passwords');
    expect(defaults.resource('aws_elasticache_user_group').user_ids).toEqual([
      expect.stringMatching(/^\$\{aws_elasticache_user\./),
    ]);
  });

  test('in cluster mode the user may also ask for the shards', () => {
    expect(sharded.resource('aws_elasticache_user').access_string).toContain('+cluster|slots');
    expect(defaults.resource('aws_elasticache_user').access_string).not.toContain('cluster');
  });

  const granted = (login: CacheProps['login']) =>
    onAws((stack) => {
      const identity: PodIdentity = addCluster(stack).addWorkloadIdentity('Identity', {
        namespace: 'recommender',
        serviceAccountName: 'model-server',
      });
      build(stack, { login }).grants.connect(identity);
    });

  test('by IAM, connect names this cache and this user', () => {
    const template = granted('iam');
    expect(statements(named(template, 'aws_iam_role_policy', 'Cluster_Identity_CacheConnect').policy)).toEqual([
      {
        Effect: 'Allow',
        Action: 'elasticache:Connect',
        Resource: [
          expect.stringMatching(/^\$\{aws_elasticache_replication_group\.\w+\.arn\}$/),
          expect.stringMatching(/^\$\{aws_elasticache_user\.\w+\.arn\}$/),
        ],
      },
    ]);
    expect(template.resource('aws_elasticache_user')).not.toHaveProperty('lifecycle');
  });

  test('fails when connect is granted on a cache with a password', () => {
    expect(() => granted('password')).toThrow("login is 'password', so IAM lets nobody in; use 'iam', or addClients.");
  });

  test('no address may connect until a sentence says so', () => {
    expect(defaults.resourceTypes()).not.toContain('aws_vpc_security_group_ingress_rule');
    const connected = onAws((stack) => {
      const made = build(stack);
      made.connections.allowFrom(addCluster(stack), Port.tcp(made.port), 'The model server keeps histories in it');
    });
    expect(connected.resource('aws_vpc_security_group_ingress_rule')).toMatchObject({ from_port: 6379, to_port: 6379 });
  });

  test('nobody speaks to it without TLS', () => {
    expect(cache()).toMatchObject({ transit_encryption_enabled: true, transit_encryption_mode: 'required' });
  });
});

describe('a model server with it', () => {
  let clients: CacheClients;
  const template = onAws((stack) => {
    new HelmProvider(stack, 'Helm');
    const cluster = addCluster(stack);
    const namespace = new RecommenderNamespace(stack, 'Namespace', { cluster });
    const store = new SecretStore(stack, 'Secrets', { storeName: 'shop-prod', secretNames: ['cache-password'] });
    const operator = new ExternalSecrets(stack, 'ExternalSecrets', {
      cluster,
      namespace,
      identity: cluster.addWorkloadIdentity('SecretsReader', EXTERNAL_SECRETS_SERVICE_ACCOUNT),
    });
    clients = build(stack, { shape: CacheShape.sharded({ shards: 2 }) }).addClients('Clients', {
      cluster,
      operator,
      namespace,
      store,
      passwordName: 'cache-password',
    });
    const shared: ICache = clients;
    new ModelServer(stack, 'ModelServer', {
      namespace,
      image: IMAGE,
      identity: cluster.addWorkloadIdentity('Server', MODEL_SERVER_SERVICE_ACCOUNT),
      modelStoreUrl: 's3://models/store',
      capacity: new CapacityPlan(),
      slo: new ServiceLevelObjective(),
      caches: { histories: shared, answers: shared },
    });
  });

  test('its pods log in by the URL that External Secrets makes of the password in the store', () => {
    const { values } = release(template, 'secret-shop-prod-login');
    const [{ spec }] = parse(values[0]).objects.filter(({ kind }: { kind: string }) => kind === 'ExternalSecret');
    expect(spec.target.template.data.url).toMatch(
      /^rediss\+cluster:\/\/shop-prod:\{\{ index \. "cache-password" \| trim \| urlquery .*\}\}@\$\{.*configuration_endpoint_address\}:6379$/,
    );
    expect(spec.data).toEqual([{ secretKey: 'cache-password', remoteRef: { key: 'cache-password' } }]);
  });

  test('its pods may go to the isolated subnets, and the nodes be let in once for all that it keeps', () => {
    expect(clients.location).toEqual({ cidr: '10.66.244.0/22' });
    const rules = template.resources('aws_vpc_security_group_ingress_rule');
    expect(Object.values(rules).map(({ description }) => description)).toEqual([
      expect.stringMatching(/^The model server /),
    ]);
    const policies = JSON.stringify(template.resources('kubernetes_network_policy_v1'));
    expect(policies).toContain('10.66.244.0/22');
  });

  test('fails when the cache has no password', () => {
    onAws((stack) => {
      expect(() => build(stack, { login: 'iam' }).addClients('Clients', {} as never)).toThrow(
        "test/Cache: login is 'iam', so there is no password; leave it out, or use grants.connect.",
      );
    });
  });
});

describe('what is lost', () => {
  test('data, snapshots and slow log are encrypted by its own key', () => {
    const key = expect.stringMatching(/aws_kms_key\.Cache_Key_\w+\.arn/);
    expect(cache()).toMatchObject({ at_rest_encryption_enabled: 'true', kms_key_id: key });
    expect(named(defaults, 'aws_cloudwatch_log_group', 'Cache_LogGroup')).toMatchObject({
      name: '/aws/elasticache/shop-prod/slow-log',
      retention_in_days: 30,
      kms_key_id: key,
    });
    expect(cache().log_delivery_configuration).toEqual([
      expect.objectContaining({ log_type: 'slow-log', destination_type: 'cloudwatch-logs', log_format: 'json' }),
    ]);
  });

  test.each([
    [undefined, 'noeviction'],
    ['evict', 'allkeys-lru'],
  ] as const)('with whenFull %p the policy is %s', (whenFull, value) => {
    const { parameter } = withProps({ whenFull }).resource('aws_elasticache_parameter_group');
    expect(parameter).toEqual([{ name: 'maxmemory-policy', value }]);
  });

  test('a snapshot a day is kept for a week, and one is taken before a destroy', () => {
    expect(cache()).toMatchObject({ snapshot_retention_limit: 7, final_snapshot_identifier: 'shop-prod-final' });
    expect(cache({ finalSnapshot: false })).not.toHaveProperty('final_snapshot_identifier');
  });

  test.each([
    [undefined, true],
    [false, false],
  ])('with protection %p, a destroy is refused: %p', (protection, refused) => {
    const template = withProps({ protection });
    expect(template.resource('aws_elasticache_replication_group').lifecycle).toEqual({ prevent_destroy: refused });
    expect(named(template, 'aws_kms_key', 'Cache_Key').lifecycle).toEqual({ prevent_destroy: refused });
  });
});

test('the logical ids of cache and key stay what they are', () => {
  expect(Object.keys(defaults.resources('aws_elasticache_replication_group'))).toEqual(['Cache_18F6EE16']);
  expect(Object.keys(defaults.resources('aws_kms_key'))).toEqual(['Cache_Key_CDF9DE27']);
});

test.each(['a', 'Upper', '1st', 'two--hyphens', 'ends-', 'a'.repeat(31)])('fails when cacheName is %s', (cacheName) => {
  expect(() => withProps({ cacheName })).toThrow(
    `cacheName is ${cacheName}; it must be 2 to 30 lowercase letters, digits and single hyphens`,
  );
});

test.each([-1, 36, 1.5])('fails when snapshotRetentionDays is %p', (snapshotRetentionDays) => {
  expect(() => withProps({ snapshotRetentionDays })).toThrow(
    `snapshotRetentionDays is ${snapshotRetentionDays}; it must be a whole number of days from 0 to 35.`,
  );
});

test('the HCL', async () => {
  const template = onAws((stack) => {
    const network = { vpc: { id: 'vpc-1' }, isolatedSubnets: [{ id: 'subnet-1', cidrBlockInput: '10.66.244.0/24' }] };
    build(stack, { network: network as unknown as Network });
  });
  expect(await template.hcl()).toMatchSnapshot();
});
