import { ModelStore, type ModelStoreProps } from '../../../constructs/aws';
import { addCluster, named, onAws, rendered, statements } from './fixtures';

const BUCKET = 'shop-prod-models-111122223333';
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

  test('nobody gets in without TLS', () => {
    expect(statements(store().resource('aws_s3_bucket_policy').policy)).toEqual([
      {
        Sid: 'TlsOnly',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [expect.stringMatching(/\.arn\}$/), expect.stringMatching(/\.arn\}\/\*$/)],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ]);
  });

  test('without grants no role may use it', () => {
    expect(store().resourceTypes()).not.toContain('aws_iam_role_policy');
    expect(store().resourceTypes()).toContain('aws_s3_bucket');
  });
});

describe('grants', () => {
  const granted = (grant: 'read' | 'readWrite') =>
    onAws((stack) => {
      const identity = addCluster(stack).addWorkloadIdentity('Identity', {
        namespace: 'recommender',
        serviceAccountName: 'model-server',
      });
      new ModelStore(stack, 'ModelStore', { bucketName: BUCKET }).grants[grant](identity);
      expect(identity.ready).toHaveLength(2);
    });
  const permissions = (grant: 'read' | 'readWrite') => {
    const id = grant === 'read' ? 'Cluster_Identity_ModelStoreRead' : 'Cluster_Identity_ModelStoreReadWrite';
    return statements(named(granted(grant), 'aws_iam_role_policy', id).policy);
  };

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

  test('readWrite also puts and encrypts', () => {
    const actions = permissions('readWrite').flatMap(({ Action }) => Action);
    expect(actions).toEqual([
      's3:ListBucket',
      's3:GetObject',
      's3:PutObject',
      's3:AbortMultipartUpload',
      'kms:Decrypt',
      'kms:GenerateDataKey',
    ]);
  });

  test.each(['read', 'readWrite'] as const)('%s lets nobody delete', (grant) => {
    const actions = permissions(grant).flatMap(({ Action }) => Action);
    expect(actions).toContain('s3:GetObject');
    expect(actions.filter((action) => /Delete|\*/.test(action))).toEqual([]);
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

  test('current objects never expire', () => {
    const { rule } = store().resource('aws_s3_bucket_lifecycle_configuration');
    expect(rule).toHaveLength(2);
    for (const entry of rule as object[]) expect(entry).not.toHaveProperty('expiration');
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

test('the HCL', async () => {
  expect(await store().hcl()).toMatchSnapshot();
});
