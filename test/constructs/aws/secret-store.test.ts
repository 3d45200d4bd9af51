import { SecretStore, type SecretStoreProps } from '../../../constructs/aws';
import { addCluster, named, onAws, rendered, statements } from './fixtures';

const NAMES = ['api-keys', 'redis-password'];
const withProps = (props: Partial<SecretStoreProps> = {}) =>
  onAws(
    (stack) =>
      void new SecretStore(stack, 'Secrets', {
        storeName: 'shop-prod',
        secretNames: NAMES,
        ...props,
      }),
  );
const defaults = withProps();

test('the secrets are called after the store, and have no values: a plan and a state have none to show', () => {
  const secrets = Object.values(defaults.resources('aws_secretsmanager_secret'));
  expect(secrets.map(({ name }) => name)).toEqual(['shop-prod/api-keys', 'shop-prod/redis-password']);
  // A value would be a version of a secret. That the type has no place for one is checked by the compiler.
  expect(defaults.resourceTypes()).toEqual(['aws_kms_alias', 'aws_kms_key', 'aws_secretsmanager_secret']);
});

test('they are encrypted by a key of the store’s own, which rotates', () => {
  for (const secret of Object.values(defaults.resources('aws_secretsmanager_secret'))) {
    expect(secret.kms_key_id).toMatch(/aws_kms_key\.Secrets_Key_\w+\.arn/);
  }
  expect(defaults.resource('aws_kms_key').enable_key_rotation).toBe(true);
  expect(defaults.resource('aws_kms_alias').name).toBe('alias/shop-prod-secrets');
});

test('External Secrets finds them by their short names, in the region of the stack, by the pod’s own identity', () => {
  const provider = rendered(
    (stack) =>
      new SecretStore(stack, 'Secrets', {
        storeName: 'shop-prod',
        secretNames: NAMES,
      }).provider,
  );
  expect(provider).toEqual({
    aws: {
      service: 'SecretsManager',
      region: expect.stringMatching(/^\$\{data\.aws_region\.\w+\.id\}$/),
      prefix: 'shop-prod/',
    },
  });
});

test('grants.read reads the named secrets and nothing else, and decrypts through Secrets Manager only', () => {
  const granted = onAws((stack) => {
    const account = {
      namespace: 'external-secrets',
      serviceAccountName: 'external-secrets',
    };
    const identity = addCluster(stack).addWorkloadIdentity('Identity', account);
    new SecretStore(stack, 'Secrets', {
      storeName: 'shop-prod',
      secretNames: NAMES,
    }).grants.read(identity);
    expect(identity.ready).toHaveLength(2);
  });
  expect(statements(named(granted, 'aws_iam_role_policy', 'Cluster_Identity_SecretsRead').policy)).toEqual([
    {
      Effect: 'Allow',
      Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
      Resource: ['ApiKeys', 'RedisPassword'].map((name) =>
        expect.stringMatching(new RegExp(`aws_secretsmanager_secret\\.Secrets_${name}_\\w+\\.arn`)),
      ),
    },
    {
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: expect.stringMatching(/aws_kms_key\.Secrets_Key_/),
      Condition: {
        StringEquals: {
          'kms:ViaService': expect.stringMatching(/^secretsmanager\..+\.amazonaws\.com$/),
        },
      },
    },
  ]);
});

test.each([
  [undefined, true, 30],
  [false, false, 0],
])(
  'with protection %p, a destroy is refused: %p, and a secret can be brought back for %i days',
  (protection, refused, days) => {
    for (const secret of Object.values(withProps({ protection }).resources('aws_secretsmanager_secret'))) {
      expect(secret).toMatchObject({
        lifecycle: { prevent_destroy: refused },
        recovery_window_in_days: days,
      });
    }
    expect(withProps({ protection }).resource('aws_kms_key').lifecycle).toEqual({ prevent_destroy: refused });
  },
);

test('the logical ids of the secrets and their key stay what they are', () => {
  expect(Object.keys(defaults.resources('aws_secretsmanager_secret'))).toEqual([
    'Secrets_ApiKeys_60337EBE',
    'Secrets_RedisPassword_1D9F517C',
  ]);
  expect(Object.keys(defaults.resources('aws_kms_key'))).toEqual(['Secrets_Key_9BF95D68']);
});

test.each([
  ['storeName is Shop; it must be 2 to 63 lowercase letters', { storeName: 'Shop' }],
  ['secretNames is empty; name the secrets that pods need.', { secretNames: [] }],
  ['secretNames has api_keys; allowed are 1 to 100 lowercase letters', { secretNames: ['api_keys'] }],
  ['secretNames has a twice; name each secret once.', { secretNames: ['a', 'a'] }],
])('fails when %s', (message, props) => {
  expect(() => withProps(props)).toThrow(`test/Secrets: ${message}`);
});

test('the HCL', async () => {
  expect(await defaults.hcl()).toMatchSnapshot();
});
