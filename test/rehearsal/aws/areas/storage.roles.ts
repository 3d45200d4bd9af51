import type { Call, RoleExpectation } from '../role-expectation';
import { BUCKET, grantedRole, REPLICA } from './storage';

const bucket = `arn:aws:s3:::${BUCKET}`;
const replica = `arn:aws:s3:::${REPLICA}`;
const s3 = (action: string, key: string): Call => ({ action: `s3:${action}`, resource: `${bucket}/${key}` });
const list: Call = { action: 's3:ListBucket', resource: bucket };

const VERSION = `shop/versions/${'a'.repeat(64)}/model.onnx`;
const READS = [list, s3('GetObject', VERSION), s3('GetObject', 'shop/channels/prod.json')];
/** What none of the verbs lets anybody do. */
const NEVER: Call[] = [
  s3('DeleteObject', VERSION),
  s3('DeleteObjectVersion', VERSION),
  s3('PutObjectAcl', VERSION),
  s3('BypassGovernanceRetention', VERSION),
  s3('PutObjectRetention', VERSION),
  s3('PutObject', 'outlet/versions/1/model.onnx'),
  s3('PutObject', 'outlet/channels/prod.json'),
  { action: 's3:ListBucket', resource: 'arn:aws:s3:::shop-prod-logs-123456789012' },
  { action: 's3:GetObject', resource: 'arn:aws:s3:::shop-prod-logs-123456789012/a' },
  { action: 's3:PutBucketPolicy', resource: bucket },
  { action: 's3:PutLifecycleConfiguration', resource: bucket },
  { action: 's3:PutBucketVersioning', resource: bucket },
];

export const roles: RoleExpectation[] = [
  {
    role: grantedRole('read'),
    allowed: READS,
    denied: [...NEVER, s3('PutObject', VERSION), s3('PutObject', 'shop/channels/prod.json')],
  },
  {
    role: grantedRole('write'),
    allowed: [...READS, s3('PutObject', VERSION), s3('PutObject', 'shop/runs/1.json')],
    denied: [
      ...NEVER,
      s3('PutObject', 'shop/channels/prod.json'),
      s3('PutObject', 'shop/channels/versions/prod.json'),
      s3('PutObject', 'shop/rollouts/prod/shop-prod.json'),
    ],
  },
  {
    role: grantedRole('promote'),
    allowed: [...READS, s3('PutObject', 'shop/channels/prod.json')],
    denied: [
      ...NEVER,
      s3('PutObject', VERSION),
      s3('PutObject', 'shop/versions/a/channels/prod.json'),
      s3('PutObject', 'shop/runs/1.json'),
      s3('PutObject', 'shop/rollouts/prod/shop-prod.json'),
    ],
  },
  {
    role: grantedRole('reportRollouts'),
    allowed: [...READS, s3('PutObject', 'shop/rollouts/prod/shop-prod.json')],
    denied: [...NEVER, s3('PutObject', VERSION), s3('PutObject', 'shop/channels/prod.json')],
  },
  {
    role: `${BUCKET}-replication`,
    allowed: [
      list,
      { action: 's3:GetReplicationConfiguration', resource: bucket },
      s3('GetObjectVersionForReplication', VERSION),
      s3('GetObjectVersionAcl', VERSION),
      s3('GetObjectVersionTagging', VERSION),
      s3('GetObjectRetention', VERSION),
      s3('GetObjectLegalHold', VERSION),
      { action: 's3:ReplicateObject', resource: `${replica}/${VERSION}` },
      { action: 's3:ReplicateTags', resource: `${replica}/${VERSION}` },
    ],
    denied: [
      s3('GetObject', VERSION),
      s3('PutObject', VERSION),
      s3('ReplicateObject', VERSION),
      s3('DeleteObject', VERSION),
      { action: 's3:ReplicateDelete', resource: `${replica}/${VERSION}` },
      { action: 's3:DeleteObject', resource: `${replica}/${VERSION}` },
      { action: 's3:PutObject', resource: `${replica}/${VERSION}` },
      { action: 's3:GetObject', resource: `${replica}/${VERSION}` },
      { action: 's3:ListBucket', resource: replica },
      { action: 's3:PutReplicationConfiguration', resource: bucket },
      { action: 's3:ReplicateObject', resource: `arn:aws:s3:::elsewhere/${VERSION}` },
    ],
  },
];
