import { textOf } from '../block';
import { found, given, notOff, on, oneOf } from '../checks';
import { securityHub } from '../references';
import type { Problem, SecurityRule } from '../rule';
import type { Subject } from '../subject';
import { policyLetsNobodyIn } from './policies';

const BUCKET = ['aws_s3_bucket'];
const ACCESS_BLOCK = {
  severity: 'high',
  reference: securityHub('s3', 8),
  appliesTo: ['aws_s3_bucket_public_access_block'],
} as const;

export const AWS_STORAGE: readonly SecurityRule[] = [
  {
    id: 'AWS-S3-001',
    title: 'A bucket has a public access block',
    severity: 'high',
    reason: 'One policy or ACL written in haste opens all objects to the internet.',
    fix: 'Add an aws_s3_bucket_public_access_block for the bucket with all four settings on.',
    reference: securityHub('s3', 8),
    checkov: 'CKV2_AWS_6',
    appliesTo: BUCKET,
    check: (bucket) =>
      bucket.referringBy('aws_s3_bucket_public_access_block', 'bucket').length > 0
        ? undefined
        : 'no aws_s3_bucket_public_access_block is of this bucket',
  },
  {
    ...ACCESS_BLOCK,
    id: 'AWS-S3-002',
    title: 'Public ACLs are refused',
    reason: 'An upload with a public ACL makes its object readable by everybody.',
    fix: 'Set block_public_acls to true.',
    checkov: 'CKV_AWS_53',
    check: on('block_public_acls'),
  },
  {
    ...ACCESS_BLOCK,
    id: 'AWS-S3-003',
    title: 'Public bucket policies are refused',
    reason: 'A policy with Principal "*" opens all objects at once.',
    fix: 'Set block_public_policy to true.',
    checkov: 'CKV_AWS_54',
    check: on('block_public_policy'),
  },
  {
    ...ACCESS_BLOCK,
    id: 'AWS-S3-004',
    title: 'Public ACLs that are there are ignored',
    reason: 'Objects keep the public ACLs that they had before new ones were refused.',
    fix: 'Set ignore_public_acls to true.',
    checkov: 'CKV_AWS_55',
    check: on('ignore_public_acls'),
  },
  {
    ...ACCESS_BLOCK,
    id: 'AWS-S3-005',
    title: 'A bucket with a public policy is for its account only',
    reason: 'A public policy that was there before stays in force.',
    fix: 'Set restrict_public_buckets to true.',
    checkov: 'CKV_AWS_56',
    check: on('restrict_public_buckets'),
  },
  {
    id: 'AWS-S3-006',
    title: 'No ACL gives a bucket to everybody',
    severity: 'critical',
    reason: 'A canned ACL such as public-read lets the internet list and read the bucket.',
    fix: 'Remove the ACL and give access by the bucket policy.',
    reference: securityHub('s3', 2),
    appliesTo: ['aws_s3_bucket_acl', ...BUCKET],
    check: (acl) => {
      const canned = acl.get('acl');
      return /^(public-read(-write)?|authenticated-read)$/.test(textOf(canned)) ? found('acl', canned) : undefined;
    },
  },
  {
    id: 'AWS-S3-007',
    title: 'ACLs are off: the bucket owns its objects',
    severity: 'medium',
    reason: 'With ACLs on, who uploads an object says who reads it, past the bucket policy.',
    fix: 'Set rule.object_ownership to BucketOwnerEnforced.',
    reference: securityHub('s3', 12),
    appliesTo: ['aws_s3_bucket_ownership_controls'],
    check: oneOf('rule.object_ownership', ['BucketOwnerEnforced', 'BucketOwnerPreferred']),
  },
  {
    id: 'AWS-S3-008',
    title: 'A bucket says how it encrypts',
    severity: 'medium',
    reason: "Encryption that nobody chose can't be shown to an auditor, and takes no key of one's own.",
    fix: 'Add an aws_s3_bucket_server_side_encryption_configuration for the bucket.',
    reference: securityHub('s3', 17),
    appliesTo: BUCKET,
    check: (bucket) =>
      bucket.has('server_side_encryption_configuration') ||
      bucket.referringBy('aws_s3_bucket_server_side_encryption_configuration', 'bucket').length > 0
        ? undefined
        : 'no aws_s3_bucket_server_side_encryption_configuration is of this bucket',
  },
  {
    id: 'AWS-S3-009',
    title: 'A bucket keeps versions',
    severity: 'medium',
    reason: 'What is overwritten or deleted, by mistake or for ransom, is gone.',
    fix: 'Add an aws_s3_bucket_versioning with status Enabled.',
    reference: securityHub('s3', 14),
    checkov: 'CKV_AWS_21',
    appliesTo: BUCKET,
    check: isVersioned,
  },
  {
    id: 'AWS-S3-010',
    title: 'A bucket refuses what comes without TLS',
    severity: 'medium',
    reason: 'Over plain HTTP, objects and signatures can be read and replayed on the way.',
    fix: 'Deny s3:* in the bucket policy where aws:SecureTransport is false.',
    reference: securityHub('s3', 5),
    appliesTo: BUCKET,
    check: refusesPlainHttp,
  },
  {
    id: 'AWS-S3-011',
    title: 'No bucket policy lets everybody in',
    severity: 'critical',
    reason: 'Principal "*" without a condition on who it is gives the bucket to the internet.',
    fix: 'Name the principals, or narrow it by aws:SourceArn, aws:PrincipalOrgID or aws:SourceVpce.',
    reference: securityHub('s3', 6),
    checkov: 'CKV_AWS_70',
    appliesTo: ['aws_s3_bucket_policy'],
    check: policyLetsNobodyIn('policy'),
  },
  {
    id: 'AWS-EBS-001',
    title: 'A volume is encrypted',
    severity: 'high',
    reason: 'A snapshot of it that is shared can be read by whoever gets it.',
    fix: 'Set encrypted to true.',
    reference: securityHub('ec2', 3),
    checkov: 'CKV_AWS_3',
    appliesTo: ['aws_ebs_volume'],
    check: on('encrypted'),
  },
  {
    id: 'AWS-EFS-001',
    title: 'A file system is encrypted',
    severity: 'high',
    reason: "Encryption can't be switched on later: all files would have to be copied.",
    fix: 'Set encrypted to true.',
    reference: securityHub('efs', 1),
    checkov: 'CKV_AWS_42',
    appliesTo: ['aws_efs_file_system'],
    check: on('encrypted'),
  },
  {
    id: 'AWS-ECR-001',
    title: "An image's tag is never moved",
    severity: 'medium',
    reason: 'Whoever may push can replace what a tag that is deployed stands for.',
    fix: 'Set image_tag_mutability to IMMUTABLE.',
    reference: securityHub('ecr', 2),
    checkov: 'CKV_AWS_51',
    appliesTo: ['aws_ecr_repository'],
    check: oneOf('image_tag_mutability', ['IMMUTABLE', 'IMMUTABLE_WITH_EXCLUSION'], 'MUTABLE'),
  },
  {
    id: 'AWS-ECR-002',
    title: 'Images are scanned when they are pushed',
    severity: 'medium',
    reason: 'Known vulnerabilities are deployed without anybody being told.',
    fix: 'Set image_scanning_configuration.scan_on_push to true.',
    reference: securityHub('ecr', 1),
    checkov: 'CKV_AWS_163',
    appliesTo: ['aws_ecr_repository'],
    check: on('image_scanning_configuration.scan_on_push'),
  },
  {
    id: 'AWS-ECR-003',
    title: 'No repository policy lets everybody in',
    severity: 'critical',
    reason: 'Anybody with an AWS account can pull the images, or push others.',
    fix: 'Name the principals of the policy.',
    reference: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html',
    checkov: 'CKV_AWS_32',
    appliesTo: ['aws_ecr_repository_policy'],
    check: policyLetsNobodyIn('policy'),
  },
  {
    id: 'AWS-BACKUP-001',
    title: "A vault is encrypted by a key of one's own",
    severity: 'medium',
    reason: "The key of AWS can't be withheld from a role that may restore.",
    fix: 'Set kms_key_arn.',
    reference: 'https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html',
    checkov: 'CKV_AWS_166',
    appliesTo: ['aws_backup_vault'],
    check: given('kms_key_arn'),
  },
  {
    id: 'AWS-ATHENA-001',
    title: "A workgroup's settings hold for all queries",
    severity: 'medium',
    reason: 'A client can write its results elsewhere and unencrypted.',
    fix: 'Leave configuration.enforce_workgroup_configuration on.',
    reference: 'https://docs.aws.amazon.com/athena/latest/ug/workgroups-settings-override.html',
    checkov: 'CKV_AWS_82',
    appliesTo: ['aws_athena_workgroup'],
    check: notOff('configuration.enforce_workgroup_configuration'),
  },
  {
    id: 'AWS-ATHENA-002',
    title: 'Results of queries are encrypted',
    severity: 'medium',
    reason: 'Results hold what was read, outside the rules of the tables.',
    fix: 'Set configuration.result_configuration.encryption_configuration.',
    reference: 'https://docs.aws.amazon.com/athena/latest/ug/encrypting-query-results-stored-in-s3.html',
    checkov: 'CKV_AWS_159',
    appliesTo: ['aws_athena_workgroup'],
    check: given('configuration.result_configuration.encryption_configuration.encryption_option'),
  },
];

function isVersioned(bucket: Subject): Problem {
  if (bucket.isOn('versioning.enabled')) return undefined;
  const [versioning] = bucket.referringBy('aws_s3_bucket_versioning', 'bucket');
  if (!versioning) return 'no aws_s3_bucket_versioning is of this bucket';
  return oneOf('versioning_configuration.status', ['Enabled'])(versioning);
}

function refusesPlainHttp(bucket: Subject): Problem {
  const policies = bucket.referringBy('aws_s3_bucket_policy', 'bucket');
  if (policies.length === 0) return 'no aws_s3_bucket_policy is of this bucket';
  const statements = policies.flatMap((policy) => policy.statements('policy'));
  // One that is made elsewhere can't be read.
  if (statements.length === 0 && policies.some((policy) => policy.isUnknown('policy'))) return undefined;
  const refuses = statements.some(
    ({ effect, conditions }) =>
      effect === 'Deny' &&
      Object.entries(conditions).some(
        ([operator, keys]) => operator === 'Bool' && [keys['aws:SecureTransport']].flat().map(textOf).includes('false'),
      ),
  );
  return refuses ? undefined : 'its policy has no Deny for aws:SecureTransport false';
}
