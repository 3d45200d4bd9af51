import { ACCOUNT, allow, type Corpus, cases, KEY, policy, REMOVED } from './corpus';

const BUCKET_ID = `\${aws_s3_bucket.Models.id}`;
const TLS_ONLY = {
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: ['arn:aws:s3:::shop-models', 'arn:aws:s3:::shop-models/*'],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
const ACCESS_BLOCK = {
  bucket: BUCKET_ID,
  block_public_acls: true,
  block_public_policy: true,
  ignore_public_acls: true,
  restrict_public_buckets: true,
};
const BUCKET = {
  'aws_s3_bucket.Models': { bucket: 'shop-models' },
  'aws_s3_bucket_public_access_block.Models': ACCESS_BLOCK,
  'aws_s3_bucket_ownership_controls.Models': { bucket: BUCKET_ID, rule: { object_ownership: 'BucketOwnerEnforced' } },
  'aws_s3_bucket_server_side_encryption_configuration.Models': {
    bucket: BUCKET_ID,
    rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: 'aws:kms', kms_master_key_id: KEY } }],
  },
  'aws_s3_bucket_versioning.Models': { bucket: BUCKET_ID, versioning_configuration: { status: 'Enabled' } },
  'aws_s3_bucket_policy.Models': { bucket: BUCKET_ID, policy: policy(TLS_ONLY) },
};
const BLOCK = { 'aws_s3_bucket_public_access_block.Models': ACCESS_BLOCK };
const OWNERSHIP = { 'aws_s3_bucket_ownership_controls.Models': BUCKET['aws_s3_bucket_ownership_controls.Models'] };
const PUBLIC_READ = { ...allow('s3:GetObject', 'arn:aws:s3:::shop-models/*'), Principal: '*' };
const off = (setting: string) =>
  cases(BLOCK, [{ [setting]: false }, { [setting]: REMOVED }], [{ [setting]: `\${var.block}` }]);

const REPOSITORY = {
  'aws_ecr_repository.Images': {
    name: 'shop',
    image_tag_mutability: 'IMMUTABLE',
    image_scanning_configuration: { scan_on_push: true },
    encryption_configuration: [{ encryption_type: 'KMS', kms_key: KEY }],
  },
};
const PULL = { Effect: 'Allow', Action: ['ecr:BatchGetImage'], Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } };
const WORKGROUP = {
  'aws_athena_workgroup.Lake': {
    name: 'lake',
    configuration: {
      enforce_workgroup_configuration: true,
      result_configuration: { encryption_configuration: { encryption_option: 'SSE_KMS', kms_key_arn: KEY } },
    },
  },
};

export const AWS_STORAGE: Corpus = {
  'AWS-S3-001': cases(
    BUCKET,
    [
      { 'aws_s3_bucket_public_access_block.Models': REMOVED },
      {
        'aws_s3_bucket.Other': { bucket: 'shop-other' },
        'aws_s3_bucket_public_access_block.Models:bucket': `\${aws_s3_bucket.Other.id}`,
      },
    ],
    [{ 'aws_s3_bucket_public_access_block.Models:bucket': 'shop-models' }],
  ),
  'AWS-S3-002': off('block_public_acls'),
  'AWS-S3-003': off('block_public_policy'),
  'AWS-S3-004': off('ignore_public_acls'),
  'AWS-S3-005': off('restrict_public_buckets'),
  'AWS-S3-006': cases({ 'aws_s3_bucket_acl.Models': { bucket: 'shop-models', acl: 'private' } }, [
    { acl: 'public-read' },
    { acl: 'public-read-write' },
    { acl: 'authenticated-read' },
  ]),
  'AWS-S3-007': cases(OWNERSHIP, [{ 'rule.object_ownership': 'ObjectWriter' }]),
  'AWS-S3-008': cases(
    BUCKET,
    [{ 'aws_s3_bucket_server_side_encryption_configuration.Models': REMOVED }],
    [
      {
        'aws_s3_bucket_server_side_encryption_configuration.Models': REMOVED,
        server_side_encryption_configuration: [{ rule: [{}] }],
      },
    ],
  ),
  'AWS-S3-009': cases(
    BUCKET,
    [
      { 'aws_s3_bucket_versioning.Models': REMOVED },
      { 'aws_s3_bucket_versioning.Models:versioning_configuration.status': 'Suspended' },
    ],
    [{ 'aws_s3_bucket_versioning.Models': REMOVED, versioning: { enabled: true } }],
  ),
  'AWS-S3-010': cases(
    BUCKET,
    [
      { 'aws_s3_bucket_policy.Models': REMOVED },
      { 'aws_s3_bucket_policy.Models:policy': policy({ ...TLS_ONLY, Condition: {} }) },
      { 'aws_s3_bucket_policy.Models:policy': policy({ ...TLS_ONLY, Effect: 'Allow', Principal: { AWS: ACCOUNT } }) },
    ],
    [
      { 'aws_s3_bucket_policy.Models:policy': `\${data.template_file.Policy.rendered}` },
      {
        'aws_s3_bucket_policy.Models:policy': `\${data.aws_iam_policy_document.TlsOnly.json}`,
        'data.aws_iam_policy_document.TlsOnly': {
          statement: [
            {
              effect: 'Deny',
              actions: ['s3:*'],
              resources: ['*'],
              principals: [{ type: '*', identifiers: ['*'] }],
              condition: [{ test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] }],
            },
          ],
        },
      },
    ],
  ),
  'AWS-S3-011': cases(
    BUCKET,
    [
      { 'aws_s3_bucket_policy.Models:policy': policy(TLS_ONLY, PUBLIC_READ) },
      { 'aws_s3_bucket_policy.Models:policy': policy(TLS_ONLY, { ...PUBLIC_READ, Principal: { AWS: ['*'] } }) },
      {
        'aws_s3_bucket_policy.Models:policy': `\${jsonencode({"Statement" = [{"Effect" = "Deny", "Principal" = "*", "Action" = "s3:*", "Resource" = "\${aws_s3_bucket.Models.arn}/*", "Condition" = {"Bool" = {"aws:SecureTransport" = "false"}}}, {"Effect" = "Allow", "Principal" = "*", "Action" = "s3:GetObject", "Resource" = "\${aws_s3_bucket.Models.arn}/*"}]})}`,
      },
    ],
    [
      {
        'aws_s3_bucket_policy.Models:policy': policy(TLS_ONLY, {
          ...PUBLIC_READ,
          Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
        }),
      },
    ],
  ),
  'AWS-EBS-001': cases({ 'aws_ebs_volume.Disk': { availability_zone: 'us-east-1a', size: 8, encrypted: true } }, [
    { encrypted: false },
    { encrypted: REMOVED },
  ]),
  'AWS-EFS-001': cases({ 'aws_efs_file_system.Files': { encrypted: true, kms_key_id: KEY } }, [
    { encrypted: false },
    { encrypted: REMOVED },
  ]),
  'AWS-ECR-001': cases(REPOSITORY, [{ image_tag_mutability: 'MUTABLE' }, { image_tag_mutability: REMOVED }]),
  'AWS-ECR-002': cases(REPOSITORY, [
    { 'image_scanning_configuration.scan_on_push': false },
    { image_scanning_configuration: REMOVED },
  ]),
  'AWS-ECR-003': cases({ 'aws_ecr_repository_policy.Images': { repository: 'shop', policy: policy(PULL) } }, [
    { policy: policy({ ...PULL, Principal: '*' }) },
  ]),
  'AWS-BACKUP-001': cases({ 'aws_backup_vault.Vault': { name: 'shop', kms_key_arn: KEY } }, [{ kms_key_arn: REMOVED }]),
  'AWS-ATHENA-001': cases(WORKGROUP, [{ 'configuration.enforce_workgroup_configuration': false }]),
  'AWS-ATHENA-002': cases(WORKGROUP, [{ 'configuration.result_configuration': {} }]),
};
