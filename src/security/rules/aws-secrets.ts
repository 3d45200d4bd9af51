import { found, given, notOff, oneOf } from '../checks';
import { securityHub } from '../references';
import type { SecurityRule } from '../rule';
import { policyLetsNobodyIn } from './policies';

export const AWS_SECRETS: readonly SecurityRule[] = [
  {
    id: 'AWS-KMS-001',
    title: 'A key is rotated',
    severity: 'medium',
    reason: 'What one key protects grows for years, and with it what its loss costs.',
    fix: 'Set enable_key_rotation to true.',
    reference: securityHub('kms', 4),
    checkov: 'CKV_AWS_7',
    appliesTo: ['aws_kms_key'],
    check: (key) =>
      /^(RSA|ECC|HMAC|SM2|ML)_/.test(key.text('customer_master_key_spec')) || key.isOn('enable_key_rotation')
        ? undefined
        : found('enable_key_rotation', key.get('enable_key_rotation')),
  },
  {
    id: 'AWS-KMS-002',
    title: 'No key policy lets everybody in',
    severity: 'critical',
    reason: 'Any AWS account can decrypt with the key.',
    fix: 'Name the principals, or narrow them by kms:CallerAccount or aws:PrincipalOrgID.',
    reference: securityHub('kms', 5),
    checkov: 'CKV_AWS_33',
    appliesTo: ['aws_kms_key'],
    check: policyLetsNobodyIn('policy'),
  },
  {
    id: 'AWS-KMS-003',
    title: 'A key is enabled',
    severity: 'low',
    reason: 'What it encrypts can neither be written nor read.',
    fix: 'Leave is_enabled on.',
    reference: 'https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html',
    checkov: 'CKV_AWS_227',
    appliesTo: ['aws_kms_key'],
    check: notOff('is_enabled'),
  },
  {
    id: 'AWS-SECRET-001',
    title: "A secret is encrypted by a key of one's own",
    severity: 'medium',
    reason: "With the key of AWS, whoever may read the secret needs nothing else; a key's policy is a second lock.",
    fix: 'Set kms_key_id.',
    reference: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html',
    checkov: 'CKV_AWS_149',
    appliesTo: ['aws_secretsmanager_secret'],
    check: given('kms_key_id'),
  },
  {
    id: 'AWS-SECRET-002',
    title: "No secret's policy lets everybody in",
    severity: 'critical',
    reason: 'Any AWS account can read the secret.',
    fix: 'Name the principals, and set block_public_policy.',
    reference: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html',
    appliesTo: ['aws_secretsmanager_secret_policy', 'aws_secretsmanager_secret'],
    check: policyLetsNobodyIn('policy'),
  },
  {
    id: 'AWS-SSM-001',
    title: 'A parameter is encrypted',
    severity: 'medium',
    reason: 'Parameters hold connection strings and tokens sooner or later.',
    fix: 'Set type to SecureString.',
    reference:
      'https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html',
    checkov: 'CKV2_AWS_34',
    appliesTo: ['aws_ssm_parameter'],
    check: oneOf('type', ['SecureString']),
  },
];
