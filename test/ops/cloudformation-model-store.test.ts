import { join } from 'node:path';
import { ModelStore } from '../../constructs/aws';
import { onAws, statements } from '../constructs/aws/fixtures';
import { readCloudFormation } from './cloudformation';

const { Parameters, Resources } = readCloudFormation(join(__dirname, '../..', 'ops/cloudformation/model-store.yaml'));
const BUCKET = 'shop-prod-models-111122223333';
const construct = onAws((stack) => void new ModelStore(stack, 'ModelStore', { bucketName: BUCKET }));

type Json = Record<string, unknown>;

/** Properties of the template's resource, with its parameters at their defaults and references by what they are of. */
function properties(id: string): Json {
  const filledIn = JSON.stringify(Resources[id]?.Properties)
    .replaceAll('{"Ref":"NoncurrentVersionDays"}', String(Parameters.NoncurrentVersionDays?.Default))
    .replaceAll('{"Ref":"BucketName"}', JSON.stringify(BUCKET))
    .replace(/\$\{BucketName\}/g, BUCKET)
    .replaceAll('{"Ref":"Bucket"}', '"bucket"')
    .replaceAll('{"Fn::GetAtt":["Bucket","Arn"]}', '"bucket"')
    .replace(/\{"Fn::Sub":"\$\{Bucket\.Arn\}\/\*"\}/g, '"bucket/*"')
    .replaceAll('{"Fn::GetAtt":["Key","Arn"]}', '"key"')
    .replace(/\$\{AWS::(Partition|AccountId)\}/g, '$1')
    .replace(/\{"Fn::Sub":("[^"]+")\}/g, '$1');
  return JSON.parse(filledIn);
}

/** A resource of the construct in CloudFormation's spelling: `kms_master_key_id` as `KMSMasterKeyID`. */
const SPELLING: Record<string, string> = { sse_algorithm: 'SSEAlgorithm', kms_master_key_id: 'KMSMasterKeyID' };
function spelled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spelled);
  if (typeof value === 'string') return referred(value);
  if (typeof value !== 'object' || value === null) return value;
  const name = (key: string) =>
    SPELLING[key] ?? key.replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [name(key), spelled(one)]));
}
const referred = (text: string) =>
  text
    .replace(/\$\{aws_s3_bucket\.\w+\.(arn|id)\}/g, 'bucket')
    .replace(/\$\{aws_kms_key\.\w+\.(arn|key_id)\}/g, 'key')
    .replace(/\$\{data\.aws_partition\.[^}]+\}/g, 'Partition')
    .replace(/\$\{data\.aws_caller_identity\.[^}]+\}/g, 'AccountId');
const made = (type: string) => {
  const { '//': _, ...attributes } = construct.resource(`aws_${type}`);
  return spelled(attributes) as Json;
};

const bucket = properties('Bucket');

test('the bucket has the name, versions and the ownership of the construct', () => {
  expect(bucket.BucketName).toBe(made('s3_bucket').Bucket);
  expect(bucket.VersioningConfiguration).toEqual(made('s3_bucket_versioning').VersioningConfiguration);
  expect(bucket.OwnershipControls).toEqual({ Rules: [made('s3_bucket_ownership_controls').Rule] });
});

test('it is encrypted by the same kind of key', () => {
  const [rule] = made('s3_bucket_server_side_encryption_configuration').Rule as Json[];
  const { ApplyServerSideEncryptionByDefault, ...rest } = rule ?? {};
  expect(bucket.BucketEncryption).toEqual({
    ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: ApplyServerSideEncryptionByDefault, ...rest }],
  });
  const { Description, EnableKeyRotation, DeletionWindowInDays } = made('kms_key');
  expect(properties('Key')).toMatchObject({
    Description,
    EnableKeyRotation,
    PendingWindowInDays: DeletionWindowInDays,
  });
  expect(properties('Alias')).toEqual({ AliasName: made('kms_alias').Name, TargetKeyId: { Ref: 'Key' } });
});

test('the key is left to the same policies', () => {
  const { KeyPolicy } = properties('Key') as { KeyPolicy: { Statement: unknown } };
  const ours = statements(construct.resource('aws_kms_key').policy);
  expect(JSON.stringify(KeyPolicy.Statement)).toBe(referred(JSON.stringify(ours)));
});

test('it is as closed to the public', () => {
  const { Bucket: _, DependsOn: __, ...block } = made('s3_bucket_public_access_block');
  expect(Object.keys(block)).toContain('BlockPublicPolicy');
  expect(bucket.PublicAccessBlockConfiguration).toEqual(block);
});

test('what is old expires by the same rules', () => {
  const rules = (made('s3_bucket_lifecycle_configuration').Rule as Json[]).map(({ Filter: _, ...rule }) =>
    // Terraform writes a block as a list of one.
    Object.fromEntries(Object.entries(rule).map(([key, value]) => [key, Array.isArray(value) ? value[0] : value])),
  );
  expect(rules).toHaveLength(2);
  expect((bucket.LifecycleConfiguration as { Rules: unknown }).Rules).toEqual(rules);
});

test('the same callers are refused', () => {
  const { PolicyDocument } = properties('BucketPolicy') as { PolicyDocument: { Statement: unknown } };
  const ours = statements(construct.resource('aws_s3_bucket_policy').policy);
  expect(ours).toHaveLength(2);
  expect(PolicyDocument.Statement).toEqual(JSON.parse(referred(JSON.stringify(ours))));
});

test('bucket, key and policy outlive the stack, as protection has it', () => {
  for (const id of ['Bucket', 'Key', 'BucketPolicy']) {
    expect(Resources[id]).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  }
  expect(construct.resource('aws_s3_bucket').lifecycle).toEqual({ prevent_destroy: true });
});

test('the template has nothing that the construct has not', () => {
  expect(Object.keys(bucket).sort()).toEqual([
    'BucketEncryption',
    'BucketName',
    'LifecycleConfiguration',
    'OwnershipControls',
    'PublicAccessBlockConfiguration',
    'VersioningConfiguration',
  ]);
  expect(Object.keys(Resources)).toEqual(['Key', 'Alias', 'Bucket', 'BucketPolicy']);
});
