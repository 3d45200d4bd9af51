import { AuditTrail, type AuditTrailProps, ModelStore, ObjectLock } from '../../../constructs/aws';
import { named, onAws, statements } from './fixtures';

const withProps = (props: Partial<AuditTrailProps> = {}) =>
  onAws((stack) => {
    new AuditTrail(stack, 'Trail', { trailName: 'shop-prod-audit', bucketName: 'shop-prod-audit-1', ...props });
  });
const defaults = withProps();
const trail = (stack = defaults) => stack.resource('aws_cloudtrail');

test('it records all regions, with digests, encrypted by a key of its own', () => {
  expect(trail()).toMatchObject({
    name: 'shop-prod-audit',
    is_multi_region_trail: true,
    include_global_service_events: true,
    enable_log_file_validation: true,
    kms_key_id: expect.stringMatching(/aws_kms_key\.Trail_Key_/),
  });
});

test('management events are recorded, and nothing that is paid for, by default', () => {
  expect(trail().advanced_event_selector).toEqual([
    { name: 'Management events', field_selector: [{ field: 'eventCategory', equals: ['Management'] }] },
  ]);
  expect(trail()).not.toHaveProperty('insight_selector');
  expect(trail()).not.toHaveProperty('cloud_watch_logs_group_arn');
  expect(defaults.resourceTypes()).not.toContain('aws_iam_role');
});

test("a model store's objects are recorded where that is asked for, and no other bucket's", () => {
  const stack = onAws((stack) => {
    const store = new ModelStore(stack, 'ModelStore', { bucketName: 'shop-prod-models' });
    new AuditTrail(stack, 'Trail', {
      trailName: 'shop-prod-audit',
      bucketName: 'shop-prod-audit-1',
      objectEventsOf: [store.resource],
    });
  });
  expect((trail(stack).advanced_event_selector as unknown[])[1]).toEqual({
    name: 'Objects',
    field_selector: [
      { field: 'eventCategory', equals: ['Data'] },
      { field: 'resources.type', equals: ['AWS::S3::Object'] },
      { field: 'resources.ARN', starts_with: [expect.stringMatching(/aws_s3_bucket\.ModelStore_\w+\.arn\}\/$/)] },
    ],
  });
});

test('insights look at calls and at errors', () => {
  expect(trail(withProps({ insights: true })).insight_selector).toEqual([
    { insight_type: 'ApiCallRateInsight' },
    { insight_type: 'ApiErrorRateInsight' },
  ]);
});

describe('the bucket', () => {
  const bucketId = (stack = defaults) => stack.resource('aws_s3_bucket');

  test('locks each file for a year, and lets it go after 400 days', () => {
    expect(bucketId()).toMatchObject({ object_lock_enabled: true, lifecycle: { prevent_destroy: true } });
    expect(defaults.resource('aws_s3_bucket_object_lock_configuration').rule).toEqual({
      default_retention: { mode: 'GOVERNANCE', days: 365 },
    });
    expect(defaults.resource('aws_s3_bucket_lifecycle_configuration').rule).toEqual([
      expect.objectContaining({ expiration: [{ days: 400 }] }),
      expect.objectContaining({ abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }] }),
    ]);
  });

  test('compliance, which nobody can undo, is taken only when it is said', () => {
    const stack = withProps({ lock: ObjectLock.compliance({ days: 90 }) });
    expect(stack.resource('aws_s3_bucket_object_lock_configuration').rule).toEqual({
      default_retention: { mode: 'COMPLIANCE', days: 90 },
    });
  });

  test('this trail writes to it, and no other service, trail or account', () => {
    const [tls, looks, writes, ...others] = statements(defaults.resource('aws_s3_bucket_policy').policy);
    expect(others).toEqual([]);
    expect(tls).toMatchObject({ Sid: 'TlsOnly', Effect: 'Deny', Action: 's3:*' });
    const SourceArn = expect.stringMatching(/:cloudtrail:.*:trail\/shop-prod-audit$/);
    expect(looks).toMatchObject({
      Action: 's3:GetBucketAcl',
      Condition: { StringEquals: { 'aws:SourceArn': SourceArn } },
    });
    expect(writes).toMatchObject({
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: expect.stringMatching(/\/AWSLogs\/.*aws_caller_identity.*\/\*$/),
      Condition: { StringEquals: { 'aws:SourceArn': SourceArn, 's3:x-amz-acl': 'bucket-owner-full-control' } },
    });
  });

  test('nothing in it can become public', () => {
    expect(defaults.resource('aws_s3_bucket_public_access_block')).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });

  test('the trail waits until it may write', () => {
    expect(trail().depends_on).toEqual([expect.stringMatching(/^aws_s3_bucket_policy\.Trail_Bucket_Policy_/)]);
  });
});

describe('events in CloudWatch', () => {
  const stack = withProps({ logRetentionDays: 90 });

  test('are kept for as long as is said, by a role that may do no more than write them', () => {
    expect(stack.resource('aws_cloudwatch_log_group')).toMatchObject({
      name: '/aws/cloudtrail/shop-prod-audit',
      retention_in_days: 90,
      kms_key_id: expect.stringMatching(/aws_kms_key\.Trail_Key_/),
    });
    expect(statements(named(stack, 'aws_iam_role_policy', 'Trail_LogRole_WriteEvents').policy)).toEqual([
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: expect.stringMatching(/aws_cloudwatch_log_group.*:log-stream:.*_CloudTrail_.*\*$/),
      },
    ]);
    const [trust] = statements(stack.resource('aws_iam_role').assume_role_policy);
    expect(trust?.Condition?.ArnLike).toEqual({ 'aws:SourceArn': expect.stringMatching(/trail\/shop-prod-audit$/) });
  });

  test('the key is opened to CloudWatch only with them', () => {
    const sids = (template = defaults) => statements(template.resource('aws_kms_key').policy).map(({ Sid }) => Sid);
    expect(sids()).toEqual(['IamPoliciesOfThisAccount', 'TrailEncrypts', 'TrailLooks']);
    expect(sids(stack)).toEqual(['IamPoliciesOfThisAccount', 'TrailEncrypts', 'TrailLooks', 'LogGroups']);
  });
});

test('without protection all of it can be destroyed', () => {
  const stack = withProps({ protection: false, logRetentionDays: 30 });
  for (const type of ['aws_s3_bucket', 'aws_kms_key', 'aws_cloudwatch_log_group']) {
    expect(stack.resource(type).lifecycle).toEqual({ prevent_destroy: false });
  }
});

test.each<[() => unknown, string]>([
  [() => withProps({ trailName: 'a' }), 'test/Trail: trailName is a; it must be 3 to 64 letters, digits and hyphens'],
  [() => withProps({ bucketName: 'Audit' }), 'test/Trail/Bucket: bucketName is Audit; it must be 3 to 63'],
  [
    () => withProps({ expirationDays: 90 }),
    'test/Trail/Bucket: expirationDays is 90; objects are locked for 365 days. Keep them at least as long.',
  ],
  [() => withProps({ expirationDays: 0 }), 'expirationDays is 0; it must be a whole number of days from 1.'],
  [() => ObjectLock.governance({ days: 0 }), 'ObjectLock has 0 days; allowed are whole days from 1 to 36500.'],
])('fails when what is said can not be (%#)', (build, message) => {
  expect(build).toThrow(message);
});

test('the HCL of the trail and its lock', async () => {
  const blocks = (await defaults.hcl()).split(/^(?=resource )/m);
  const shown = blocks.filter((block) =>
    /^resource "aws_(cloudtrail|s3_bucket_object_lock_configuration)"/.test(block),
  );
  expect(shown).toHaveLength(2);
  expect(shown.join('')).toMatchSnapshot();
});
