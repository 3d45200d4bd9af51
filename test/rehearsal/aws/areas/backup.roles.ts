import { ACCOUNT_ID } from '../area';
import type { Call, RoleExpectation } from '../role-expectation';

const table = `arn:aws:dynamodb:us-east-1:${ACCOUNT_ID}:table/shop-prod-orders`;
const call = (action: string, resource = table): Call => ({ action, resource });
const object = 'arn:aws:s3:::shop-prod-models/a';

/** What nobody does who makes or restores backups: AWS's own policies name what each service needs, and no more. */
const NEVER: Call[] = [
  call('dynamodb:UpdateTable'),
  call('s3:DeleteBucket', 'arn:aws:s3:::shop-prod-models'),
  call('s3:PutBucketPolicy', 'arn:aws:s3:::shop-prod-models'),
  call('s3:PutLifecycleConfiguration', 'arn:aws:s3:::shop-prod-models'),
  call('backup:DeleteBackupVaultLockConfiguration', `arn:aws:backup:us-east-1:${ACCOUNT_ID}:backup-vault:shop-prod`),
  call('backup:DeleteBackupVault', `arn:aws:backup:us-east-1:${ACCOUNT_ID}:backup-vault:shop-prod`),
  call('iam:CreateRole', `arn:aws:iam::${ACCOUNT_ID}:role/another`),
  call('iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT_ID}:role/another`),
  call('kms:ScheduleKeyDeletion', `arn:aws:kms:us-east-1:${ACCOUNT_ID}:key/a`),
  call('secretsmanager:GetSecretValue', `arn:aws:secretsmanager:us-east-1:${ACCOUNT_ID}:secret:a`),
];

const backs = (role: string): RoleExpectation => ({
  role,
  allowed: [call('dynamodb:DescribeTable'), call('dynamodb:CreateBackup'), call('s3:GetObject', object)],
  denied: [
    ...NEVER,
    call('dynamodb:PutItem'),
    call('dynamodb:DeleteItem'),
    call('s3:PutObject', object),
    call('dynamodb:RestoreTableFromBackup', `${table}/backup/a`),
  ],
});

/** Their policies are AWS's own, attached; none is inline. */
export const roles: RoleExpectation[] = [
  backs('shop-prod-backup'),
  backs('shop-prod-ledger-backup'),
  {
    role: 'shop-prod-restore-test',
    allowed: [call('dynamodb:RestoreTableFromBackup', `${table}/backup/a`), call('s3:PutObject', object)],
    denied: [...NEVER, call('dynamodb:CreateBackup')],
  },
];
