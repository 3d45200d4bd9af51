import { ACCOUNT_ID, REGION } from '../area';
import type { RoleExpectation } from '../role-expectation';

const TRAIL_LOGS = `arn:aws:logs:${REGION}:${ACCOUNT_ID}:log-group:/aws/cloudtrail/shop-prod-audit`;
const STREAM = `${TRAIL_LOGS}:log-stream:${ACCOUNT_ID}_CloudTrail_${REGION}`;
const CONFIG = 'arn:aws:s3:::shop-prod-config-123456789012';
const SNAPSHOT = `${CONFIG}/AWSLogs/${ACCOUNT_ID}/Config/${REGION}/2026/11/22/snapshot.json.gz`;
const FULL_CONTROL = { 's3:x-amz-acl': 'bucket-owner-full-control' };
const KEY = `arn:aws:kms:${REGION}:${ACCOUNT_ID}:key/*`;
const BY_S3 = { 'kms:ViaService': `s3.${REGION}.amazonaws.com` };

export const roles: RoleExpectation[] = [
  {
    role: 'shop-prod-audit-logs',
    allowed: [
      { action: 'logs:CreateLogStream', resource: STREAM },
      { action: 'logs:PutLogEvents', resource: STREAM },
      { action: 'logs:PutLogEvents', resource: `${STREAM}_2` },
    ],
    denied: [
      { action: 'logs:PutLogEvents', resource: `${TRAIL_LOGS}:log-stream:other` },
      { action: 'logs:PutLogEvents', resource: `${TRAIL_LOGS}-2:log-stream:${ACCOUNT_ID}_CloudTrail_${REGION}` },
      { action: 'logs:CreateLogGroup', resource: TRAIL_LOGS },
      { action: 'logs:DeleteLogGroup', resource: TRAIL_LOGS },
      { action: 'logs:DeleteLogStream', resource: STREAM },
      { action: 'logs:PutRetentionPolicy', resource: TRAIL_LOGS },
      { action: 'logs:GetLogEvents', resource: STREAM },
      { action: 'logs:FilterLogEvents', resource: TRAIL_LOGS },
      { action: 's3:PutObject', resource: `arn:aws:s3:::shop-prod-audit-123456789012/AWSLogs/${ACCOUNT_ID}/x` },
      {
        action: 'cloudtrail:StopLogging',
        resource: `arn:aws:cloudtrail:${REGION}:${ACCOUNT_ID}:trail/shop-prod-audit`,
      },
    ],
  },
  {
    role: 'shop-prod-config',
    allowed: [
      { action: 's3:GetBucketAcl', resource: CONFIG },
      { action: 's3:ListBucket', resource: CONFIG },
      { action: 's3:PutObject', resource: SNAPSHOT, context: FULL_CONTROL },
    ],
    denied: [
      { action: 's3:PutObject', resource: SNAPSHOT },
      { action: 's3:PutObject', resource: `${CONFIG}/other`, context: FULL_CONTROL },
      {
        action: 's3:PutObject',
        resource: `arn:aws:s3:::shop-prod-models/AWSLogs/${ACCOUNT_ID}/Config/x`,
        context: FULL_CONTROL,
      },
      { action: 's3:DeleteObject', resource: SNAPSHOT },
      { action: 's3:PutBucketPolicy', resource: CONFIG },
      { action: 's3:GetObject', resource: SNAPSHOT },
      { action: 'kms:Decrypt', resource: KEY },
      { action: 'kms:ScheduleKeyDeletion', resource: KEY, context: BY_S3 },
      { action: 'kms:Encrypt', resource: KEY, context: BY_S3 },
      {
        action: 'secretsmanager:GetSecretValue',
        resource: `arn:aws:secretsmanager:${REGION}:${ACCOUNT_ID}:secret:shop`,
      },
      { action: 'dynamodb:GetItem', resource: `arn:aws:dynamodb:${REGION}:${ACCOUNT_ID}:table/shop` },
    ],
  },
];
