import { ACCOUNT_ID, REGION } from '../area';
import type { Call } from '../role-expectation';

/** What roles of the computes without Kubernetes are held to, by what they are for. */

export const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${resource}`;

export const BUCKET = `arn:aws:s3:::shop-prod-models-${ACCOUNT_ID}`;
export const REPOSITORY = arn('ecr', 'repository/shop/model-server');
export const LOGS = arn('logs', 'log-group:/recommender/shop-prod:log-stream:model-server/1');

export const readsModels: readonly Call[] = [
  { action: 's3:ListBucket', resource: BUCKET },
  { action: 's3:GetObject', resource: `${BUCKET}/online-retail/channels/production.json` },
];

/** Near what a server reads, and none of its business. */
export const otherThanReadsModels: readonly Call[] = [
  { action: 's3:PutObject', resource: `${BUCKET}/online-retail/channels/production.json` },
  { action: 's3:DeleteObject', resource: `${BUCKET}/online-retail/channels/production.json` },
  { action: 's3:GetObject', resource: `arn:aws:s3:::other-${ACCOUNT_ID}/online-retail/channels/production.json` },
  { action: 's3:ListBucket', resource: `arn:aws:s3:::other-${ACCOUNT_ID}` },
  { action: 's3:PutBucketPolicy', resource: BUCKET },
  { action: 's3:ListAllMyBuckets', resource: '*' },
  { action: 'kms:Decrypt', resource: arn('kms', 'key/00000000-0000-4000-8000-000000000000') },
  { action: 'sts:AssumeRole', resource: `arn:aws:iam::${ACCOUNT_ID}:role/shop-prod-code-deploy` },
  { action: 'iam:PassRole', resource: `arn:aws:iam::${ACCOUNT_ID}:role/shop-prod-task` },
];

export const pullsImage: readonly Call[] = [
  { action: 'ecr:GetAuthorizationToken', resource: '*' },
  { action: 'ecr:BatchGetImage', resource: REPOSITORY },
  { action: 'ecr:GetDownloadUrlForLayer', resource: REPOSITORY },
];

export const otherThanPullsImage: readonly Call[] = [
  { action: 'ecr:PutImage', resource: REPOSITORY },
  { action: 'ecr:BatchDeleteImage', resource: REPOSITORY },
  { action: 'ecr:BatchGetImage', resource: arn('ecr', 'repository/recommender/trainer') },
];

export const writesLogs: readonly Call[] = [
  { action: 'logs:CreateLogStream', resource: LOGS },
  { action: 'logs:PutLogEvents', resource: LOGS },
];

export const otherThanWritesLogs: readonly Call[] = [
  { action: 'logs:GetLogEvents', resource: LOGS },
  { action: 'logs:DeleteLogStream', resource: LOGS },
  { action: 'logs:PutLogEvents', resource: arn('logs', 'log-group:/aws/eks/shop-prod/cluster:log-stream:1') },
];

export const otherSecrets: readonly Call[] = [
  { action: 'secretsmanager:GetSecretValue', resource: arn('secretsmanager', 'secret:shop-prod/admin-AbCdEf') },
  { action: 'secretsmanager:PutSecretValue', resource: arn('secretsmanager', 'secret:shop-prod/users-url-AbCdEf') },
];
