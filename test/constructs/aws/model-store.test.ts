import {
  AccessLogBucket,
  type ChannelScope,
  type IGrantee,
  type ModelAging,
  ModelStore,
  type ModelStoreProps,
  ObjectLock,
} from '../../../constructs/aws';
import type { ModelStoreGrants } from '../../../constructs/aws/model-store/model-store-grants';
import { addCluster, hclOf, named, onAws, rendered, statements } from './fixtures';

const BUCKET = 'shop-prod-models-111122223333';
const REPLICA = {
  bucketArn: 'arn:aws:s3:::shop-prod-models-west',
  keyArn: 'arn:aws:kms:us-west-2:111122223333:key/00000000-0000-4000-8000-000000000001',
  region: 'us-west-2',
};
const withProps = (props: Partial<ModelStoreProps>) =>
  onAws((stack) => void new ModelStore(stack, 'ModelStore', { bucketName: BUCKET, ...props }));
const defaults = withProps({});
const store = (props?: Partial<ModelStoreProps>) => (props ? withProps(props) : defaults);

test('is found by the URL that the model registry opens', () => {
  const url = rendered((stack) => new ModelStore(stack, 'ModelStore', { bucketName: BUCKET }).modelStoreUrl);
  expect(url).toMatch(/^s3:\/\/\$\{aws_s3_bucket\.ModelStore_926D9317\.bucket\}$/);
});

describe('who gets in', () => {
  test('nothing in it can become public', () => {
    expect(store().resource('aws_s3_bucket_public_access_block')).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(store().resource('aws_s3_bucket_ownership_controls').rule).toEqual({
      object_ownership: 'BucketOwnerEnforced',
    });
  });

  test('nobody gets in without TLS, or with one older than 1.2', () => {
    expect(statements(store().resource('aws_s3_bucket_policy').policy)).toEqual([
      {
        Sid: 'TlsOnly',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [expect.stringMatching(/\.arn\}$/), expect.stringMatching(/\.arn\}\/\*$/)],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
      expect.objectContaining({
        Sid: 'Tls12OrLater',
        Effect: 'Deny',
        Principal: '*',
        Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } },
      }),
    ]);
  });

  test('without grants no role may use it', () => {
    expect(store().resourceTypes()).not.toContain('aws_iam_role_policy');
    expect(store().resourceTypes()).toContain('aws_s3_bucket');
  });
});

describe('grants', () => {
  type Grant = keyof ModelStoreGrants;
  const granted = (grant: Grant, scope?: ChannelScope) =>
    onAws((stack) => {
      const identity = addCluster(stack).addWorkloadIdentity('Identity', {
        namespace: 'recommender',
        serviceAccountName: 'model-server',
      });
      const { grants } = new ModelStore(stack, 'ModelStore', { bucketName: BUCKET });
      (grants[grant] as (identity: IGrantee, scope?: ChannelScope) => void).call(grants, identity, scope);
      expect(identity.ready).toHaveLength(2);
    });
  const permissions = (grant: Grant, scope?: ChannelScope) => {
    const id = `Cluster_Identity_ModelStore${grant.replace(/^./, (letter) => letter.toUpperCase())}`;
    return statements(named(granted(grant, scope), 'aws_iam_role_policy', id).policy);
  };
  /** Keys that a grant may put. */
  const puts = (grant: Grant, scope?: ChannelScope) =>
    permissions(grant, scope)
      .filter(({ Action }) => Action === 's3:PutObject')
      .flatMap(({ Resource = [] }) => Resource)
      .map((resource) => resource.replace(/^.*\.arn\}\//, ''));

  test('read lists and gets, and decrypts through S3 only', () => {
    expect(permissions('read')).toEqual([
      { Effect: 'Allow', Action: 's3:ListBucket', Resource: expect.stringMatching(/ModelStore_926D9317\.arn\}$/) },
      { Effect: 'Allow', Action: ['s3:GetObject'], Resource: expect.stringMatching(/ModelStore_926D9317\.arn\}\/\*$/) },
      {
        Effect: 'Allow',
        Action: ['kms:Decrypt'],
        Resource: expect.stringMatching(/aws_kms_key\.ModelStore_Key_/),
        Condition: { StringEquals: { 'kms:ViaService': expect.stringMatching(/^s3\..+\.amazonaws\.com$/) } },
      },
    ]);
  });

  test.each<[Grant, ChannelScope | undefined, string[]]>([
    ['read', undefined, []],
    ['write', undefined, ['*/versions/*', '*/runs/*']],
    ['write', { model: 'shop' }, ['shop/versions/*', 'shop/runs/*']],
    ['promote', undefined, ['*/channels/*.json']],
    ['promote', { model: 'shop', channel: 'candidate' }, ['shop/channels/candidate.json']],
    ['reportRollouts', undefined, ['*/rollouts/*']],
    ['reportRollouts', { model: 'shop', channel: 'prod' }, ['shop/rollouts/prod/*']],
  ])('%s of %j puts %j and nothing else', (grant, scope, keys) => {
    expect(puts(grant, scope)).toEqual(keys);
    expect(permissions(grant, scope).flatMap(({ Action }) => Action)).toEqual([
      's3:ListBucket',
      's3:GetObject',
      'kms:Decrypt',
      ...(keys.length > 0 ? ['kms:GenerateDataKey', 's3:PutObject'] : []),
    ]);
  });
});

describe('what is lost', () => {
  test('every object has versions, encrypted by a key of the bucket that rotates', () => {
    expect(store().resource('aws_s3_bucket_versioning').versioning_configuration).toEqual({ status: 'Enabled' });
    expect(store().resource('aws_kms_key').enable_key_rotation).toBe(true);
    expect(store().resource('aws_kms_alias').name).toBe(`alias/${BUCKET}`);
    expect(store().resource('aws_s3_bucket_server_side_encryption_configuration').rule).toEqual([
      {
        apply_server_side_encryption_by_default: {
          sse_algorithm: 'aws:kms',
          kms_master_key_id: expect.stringMatching(/aws_kms_key\.ModelStore_Key_/),
        },
        bucket_key_enabled: true,
      },
    ]);
  });

  test.each([
    [undefined, 90],
    [7, 7],
  ])('with noncurrentVersionDays %p, what was overwritten is kept %i days', (noncurrentVersionDays, days) => {
    const { rule } = store({ noncurrentVersionDays }).resource('aws_s3_bucket_lifecycle_configuration');
    expect(rule).toContainEqual(
      expect.objectContaining({ noncurrent_version_expiration: [{ noncurrent_days: days }], status: 'Enabled' }),
    );
    expect(rule).toContainEqual(
      expect.objectContaining({ abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }] }),
    );
  });

  test('current objects never expire, unless aging says so', () => {
    const { rule } = store().resource('aws_s3_bucket_lifecycle_configuration');
    expect(rule).toHaveLength(2);
    for (const entry of rule as object[]) expect(entry).not.toHaveProperty('expiration');
  });

  test('with aging, versions of the named models get cold and runs expire; channels and rollouts stay', () => {
    const aging: ModelAging = {
      models: ['shop', 'outlet'],
      coldVersions: { afterDays: 60, storageClass: 'GLACIER_IR' },
      runDays: 365,
    };
    const { rule } = store({ aging }).resource('aws_s3_bucket_lifecycle_configuration');
    expect((rule as object[]).slice(2)).toEqual(
      ['shop', 'outlet'].flatMap((model) => [
        {
          id: `cool-versions-of-${model}`,
          status: 'Enabled',
          filter: [{ prefix: `${model}/versions/` }],
          transition: [{ days: 60, storage_class: 'GLACIER_IR' }],
        },
        {
          id: `expire-runs-of-${model}`,
          status: 'Enabled',
          filter: [{ prefix: `${model}/runs/` }],
          expiration: [{ days: 365 }],
        },
      ]),
    );
  });

  test.each([
    [ObjectLock.governance({ days: 30 }), 'GOVERNANCE', true],
    [ObjectLock.compliance({ days: 30 }), 'COMPLIANCE', false],
  ])(
    '%j is on from the start; a destroy without protection empties the bucket only where it can',
    (objectLock, mode, empties) => {
      const locked = store({ objectLock, protection: false });
      expect(locked.resource('aws_s3_bucket')).toMatchObject({ object_lock_enabled: true, force_destroy: empties });
      expect(locked.resource('aws_s3_bucket_object_lock_configuration').rule).toEqual({
        default_retention: { mode, days: 30 },
      });
      expect(store().resource('aws_s3_bucket')).not.toHaveProperty('object_lock_enabled');
      expect(store().resourceTypes()).not.toContain('aws_s3_bucket_object_lock_configuration');
    },
  );

  test('what is written is copied to the other region, what is deleted is not', () => {
    const copied = store({ replicateTo: REPLICA });
    expect(copied.resource('aws_s3_bucket_replication_configuration').rule).toEqual([
      expect.objectContaining({
        status: 'Enabled',
        filter: { prefix: '' },
        delete_marker_replication: { status: 'Disabled' },
        destination: {
          bucket: REPLICA.bucketArn,
          encryption_configuration: { replica_kms_key_id: REPLICA.keyArn },
        },
      }),
    ]);
    expect(store().resourceTypes()).not.toContain('aws_s3_bucket_replication_configuration');
  });

  test('what copies reads how long an object is kept only where there is a lock', () => {
    const retention = (objectLock?: ObjectLock) => {
      const copied = store({ replicateTo: REPLICA, objectLock });
      return statements(named(copied, 'aws_iam_role_policy', 'ModelStore_Replication_Policy').policy)
        .flatMap(({ Action }) => Action)
        .filter((action) => /Retention|LegalHold/.test(action));
    };
    expect(retention()).toEqual([]);
    expect(retention(ObjectLock.governance({ days: 1 }))).toEqual(['s3:GetObjectRetention', 's3:GetObjectLegalHold']);
  });

  test('what copies reads this bucket and writes the other, each through S3 of its region', () => {
    const policy = named(store({ replicateTo: REPLICA }), 'aws_iam_role_policy', 'ModelStore_Replication_Policy');
    const [list, read, write, decrypt, encrypt] = statements(policy.policy);
    expect([list?.Resource, read?.Resource]).toEqual([
      expect.stringMatching(/ModelStore_926D9317\.arn\}$/),
      expect.stringMatching(/ModelStore_926D9317\.arn\}\/\*$/),
    ]);
    expect(write).toMatchObject({
      Action: ['s3:ReplicateObject', 's3:ReplicateTags'],
      Resource: `${REPLICA.bucketArn}/*`,
    });
    expect(decrypt?.Resource).toMatch(/ModelStore_Key_/);
    expect(encrypt).toMatchObject({
      Resource: REPLICA.keyArn,
      Condition: { StringEquals: { 'kms:ViaService': 's3.us-west-2.amazonaws.com' } },
    });
  });

  test.each([
    [undefined, true],
    [false, false],
  ])('with protection %p, a destroy is refused: %p', (protection, refused) => {
    const stack = store({ protection });
    expect(stack.resource('aws_s3_bucket')).toMatchObject({
      lifecycle: { prevent_destroy: refused },
      force_destroy: !refused,
    });
    expect(stack.resource('aws_kms_key').lifecycle).toEqual({ prevent_destroy: refused });
  });

  test('the logical ids of bucket and key stay what they are', () => {
    expect(Object.keys(store().resources('aws_s3_bucket'))).toEqual(['ModelStore_926D9317']);
    expect(Object.keys(store().resources('aws_kms_key'))).toEqual(['ModelStore_Key_64EFBA0A']);
  });
});

test.each(['ab', 'Upper', 'under_score', '-shop', 'a'.repeat(64)])('fails when bucketName is %s', (bucketName) => {
  expect(() => store({ bucketName })).toThrow(
    `test/ModelStore: bucketName is ${bucketName}; it must be 3 to 63 lowercase letters, digits and hyphens`,
  );
});

test.each([0, 1.5, -1])('fails when noncurrentVersionDays is %p', (noncurrentVersionDays) => {
  expect(() => store({ noncurrentVersionDays })).toThrow(
    `noncurrentVersionDays is ${noncurrentVersionDays}; it must be a whole number of days from 1.`,
  );
});

test.each<[ModelAging, string]>([
  [{ models: [] }, 'aging.models has 0 names; name 1 to 400 models, as the registry does.'],
  [{ models: ['Shop'] }, "aging.models has Shop; a model's name is 1 to 63 lowercase letters, digits and hyphens."],
  [
    { models: ['shop'], coldVersions: { afterDays: 29, storageClass: 'STANDARD_IA' } },
    'aging.coldVersions.afterDays is 29; it must be a whole number of days from 30.',
  ],
  [{ models: ['shop'], runDays: 0.5 }, 'aging.runDays is 0.5; it must be a whole number of days from 1.'],
])('fails when aging is %j', (aging, message) => {
  expect(() => store({ aging })).toThrow(`test/ModelStore: ${message}`);
});

test.each([0, 1.5, 36_501])('fails when an object lock has %p days', (days) => {
  expect(() => ObjectLock.compliance({ days })).toThrow(
    `ObjectLock has ${days} days; allowed are whole days from 1 to 36500.`,
  );
});

describe('access logs', () => {
  const logged = onAws((stack) => {
    const accessLogs = new AccessLogBucket(stack, 'AccessLogs', { bucketName: 'shop-prod-logs' });
    new ModelStore(stack, 'ModelStore', { bucketName: BUCKET, accessLogs });
  });

  test('of a store are kept below its name', () => {
    expect(logged.resource('aws_s3_bucket_logging')).toMatchObject({
      bucket: expect.stringMatching(/aws_s3_bucket\.ModelStore_926D9317\.id/),
      target_bucket: expect.stringMatching(/aws_s3_bucket\.AccessLogs_.*\.id/),
      target_prefix: `${BUCKET}/`,
      depends_on: [expect.stringMatching(/^aws_s3_bucket_policy\.AccessLogs_/)],
    });
    expect(defaults.resourceTypes()).not.toContain('aws_s3_bucket_logging');
  });

  test("are written by S3 on behalf of this account only, with S3's own key, and expire", () => {
    const { policy } = named(logged, 'aws_s3_bucket_policy', 'AccessLogs_Policy');
    expect(statements(policy)[0]).toMatchObject({
      Effect: 'Allow',
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Action: 's3:PutObject',
      Condition: { StringEquals: { 'aws:SourceAccount': expect.stringMatching(/aws_caller_identity/) } },
    });
    const encryption = named(logged, 'aws_s3_bucket_server_side_encryption_configuration', 'AccessLogs_Encryption');
    expect(encryption.rule).toEqual([{ apply_server_side_encryption_by_default: { sse_algorithm: 'AES256' } }]);
    const { rule } = named(logged, 'aws_s3_bucket_lifecycle_configuration', 'AccessLogs_Lifecycle');
    expect(rule).toContainEqual(expect.objectContaining({ id: 'expire-logs', expiration: [{ days: 90 }] }));
  });
});

test('the HCL', async () => {
  expect(await store().hcl()).toMatchSnapshot();
});

test('the HCL of a bucket for access logs', async () => {
  const template = onAws((stack) => void new AccessLogBucket(stack, 'AccessLogs', { bucketName: 'shop-prod-logs' }));
  expect(await hclOf(template, 'AccessLogs')).toMatchSnapshot();
});
