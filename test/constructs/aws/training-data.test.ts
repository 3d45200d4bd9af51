import { TrainingData, type TrainingDataProps } from '../../../constructs/aws';
import { onAws, statements } from './fixtures';

const BUCKET = 'shop-prod-training-111122223333';
const withData = (props: Partial<TrainingDataProps> = {}) =>
  onAws((stack) => void new TrainingData(stack, 'Data', { bucketName: BUCKET, ...props }));
const defaults = withData();

test('nothing in it can become public, and nobody gets in without TLS', () => {
  expect(defaults.resource('aws_s3_bucket_public_access_block')).toMatchObject({
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  });
  expect(statements(defaults.resource('aws_s3_bucket_policy').policy)).toEqual([
    expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
  ]);
});

test('every object has versions, encrypted by a key of the bucket that rotates', () => {
  expect(defaults.resource('aws_s3_bucket_versioning').versioning_configuration).toEqual({ status: 'Enabled' });
  expect(defaults.resource('aws_kms_key').enable_key_rotation).toBe(true);
  expect(defaults.resource('aws_s3_bucket_server_side_encryption_configuration').rule).toEqual([
    expect.objectContaining({
      apply_server_side_encryption_by_default: expect.objectContaining({ sse_algorithm: 'aws:kms' }),
    }),
  ]);
});

test.each([
  [{}, 7, 90, 400],
  [{ intermediateDays: 3, outputDays: 30, inputDays: 800 }, 3, 30, 800],
])(
  'with %j, intermediate files go after %i days, outputs after %i, all else, which is what the shop exported, after %i',
  (props, days, output, input) => {
    const { rule } = withData(props).resource('aws_s3_bucket_lifecycle_configuration');
    const expiring = (rule as { filter: { prefix?: string }[]; expiration?: { days: number }[] }[])
      .filter(({ expiration }) => expiration)
      .map(({ filter, expiration }) => [filter[0]?.prefix, expiration?.[0]?.days]);
    expect(expiring).toEqual([
      ['intermediate/', days],
      ['output/', output],
      [undefined, input],
    ]);
    expect(rule).toContainEqual(
      expect.objectContaining({ noncurrent_version_expiration: [{ noncurrent_days: days }] }),
    );
  },
);

test.each([
  [undefined, true],
  [false, false],
])('with protection %p, a destroy is refused: %p', (protection, refused) => {
  const stack = withData({ protection });
  expect(stack.resource('aws_s3_bucket')).toMatchObject({
    lifecycle: { prevent_destroy: refused },
    force_destroy: !refused,
  });
  expect(stack.resource('aws_kms_key').lifecycle).toEqual({ prevent_destroy: refused });
});

test.each(['ab', 'Upper', '-shop'])('fails when bucketName is %s', (bucketName) => {
  expect(() => withData({ bucketName })).toThrow(
    `test/Data: bucketName is ${bucketName}; it must be 3 to 63 lowercase`,
  );
});

test.each(['inputDays', 'intermediateDays', 'outputDays'])('fails when %s is no whole number of days', (name) => {
  expect(() => withData({ [name]: 0 })).toThrow(`${name} is 0; it must be a whole number of days from 1.`);
});

test('the HCL', async () => {
  expect(await defaults.hcl()).toMatchSnapshot();
});
