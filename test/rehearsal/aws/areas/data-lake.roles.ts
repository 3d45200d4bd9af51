import { ACCOUNT_ID } from '../area';
import type { Call, RoleExpectation } from '../role-expectation';
import { CLICKS, governedRole, LAKE, lakeRole } from './data-lake';

const bucket = (zone: string, lake = LAKE) => `arn:aws:s3:::${lake}-${zone}`;
const s3 = (action: string, zone: string, key = 'a', lake = LAKE): Call => ({
  action: `s3:${action}`,
  resource: `${bucket(zone, lake)}/${key}`,
});
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${ACCOUNT_ID}:${resource}`;
const database = (zone: string, lake = LAKE) => `${lake}-${zone}`.replaceAll('-', '_');
const glue = (action: string, zone: string, lake = LAKE): Call => ({
  action: `glue:${action}`,
  resource: arn('glue', `table/${database(zone, lake)}/events`),
});
const firehose = (action: string, stream = `${LAKE}-events`): Call => ({
  action: `firehose:${action}`,
  resource: arn('firehose', `deliverystream/${stream}`),
});
const athena = (action: string, workgroup = LAKE): Call => ({
  action: `athena:${action}`,
  resource: arn('athena', `workgroup/${workgroup}`),
});

const QUERIES: Call[] = [
  athena('StartQueryExecution'),
  athena('GetQueryResults'),
  glue('GetTable', 'raw'),
  glue('GetPartitions', 'curated'),
  s3('GetObject', 'raw', 'events/dt=2026-01-01/1'),
  s3('GetObject', 'curated'),
  s3('PutObject', 'queries'),
  { action: 's3:ListBucket', resource: bucket('clean') },
];
/** What nobody does who queries or curates. */
const NEVER: Call[] = [
  s3('PutObject', 'raw'),
  s3('DeleteObject', 'raw'),
  s3('DeleteObject', 'queries'),
  s3('DeleteObjectVersion', 'clean'),
  glue('UpdateTable', 'raw'),
  glue('DeleteTable', 'raw'),
  { action: 'glue:DeleteDatabase', resource: arn('glue', `database/${database('clean')}`) },
  athena('StartQueryExecution', 'primary'),
  athena('UpdateWorkGroup'),
  firehose('PutRecord'),
  { action: 's3:PutBucketPolicy', resource: bucket('clean') },
];

/** Of the lake that Lake Formation has a part in. */
const clicks = (action: string, zone: string, key?: string) => s3(action, zone, key, CLICKS);
const BY_S3 = { 'kms:ViaService': 's3.us-east-1.amazonaws.com' };
const KEY = arn('kms', 'key/*');
const DATA_ACCESS: Call = { action: 'lakeformation:GetDataAccess', resource: '*' };
const ASKS_LAKE_FORMATION = [
  { action: DATA_ACCESS.action, why: 'Lake Formation decides by table; the call names none' },
];
const GOVERNED_QUERIES: Call[] = [
  DATA_ACCESS,
  athena('StartQueryExecution', CLICKS),
  glue('GetTable', 'raw', CLICKS),
  glue('GetPartitions', 'curated', CLICKS),
  clicks('GetObject', 'queries'),
  clicks('PutObject', 'queries'),
  { action: 's3:ListBucket', resource: bucket('queries', CLICKS) },
];
/** Whoever could do it would get around Lake Formation. */
const NEVER_AROUND: Call[] = [
  clicks('GetObject', 'raw', 'events/dt=2026-01-01/1'),
  clicks('GetObject', 'clean'),
  clicks('GetObject', 'curated'),
  { action: 's3:ListBucket', resource: bucket('raw', CLICKS) },
  clicks('PutObject', 'raw'),
  clicks('DeleteObject', 'raw'),
  glue('UpdateTable', 'raw', CLICKS),
  ...['GrantPermissions', 'PutDataLakeSettings', 'DeregisterResource', 'DeleteLakeFormationOptIn'].map((action) => ({
    action: `lakeformation:${action}`,
    resource: '*',
  })),
];

/** What puts the events of one lake into it, and into no other one. */
function delivers(lake: string, other: string): RoleExpectation {
  const zone = (name: string, of = lake) => `arn:aws:s3:::${of}-${name}`;
  const put = (name: string, key: string, of = lake): Call => ({
    action: 's3:PutObject',
    resource: `${zone(name, of)}/${key}`,
  });
  const table = (action: string, name: string, what = 'events'): Call => ({
    action: `glue:${action}`,
    resource: arn('glue', `table/${`${lake}-${name}`.replaceAll('-', '_')}/${what}`),
  });
  const lines = (group: string): Call => ({
    action: 'logs:PutLogEvents',
    resource: arn('logs', `log-group:${group}:log-stream:delivery`),
  });
  return {
    role: `${lake}-events`,
    allowed: [
      put('raw', 'events/dt=2026-01-01/1'),
      put('raw', 'errors/events/format-conversion-failed/dt=2026-01-01/1'),
      { action: 's3:ListBucket', resource: zone('raw') },
      table('GetTableVersions', 'raw'),
      lines(`/aws/kinesisfirehose/${lake}-events`),
    ],
    denied: [
      put('raw', 'transactions/dt=2026-01-01/1'),
      put('raw', 'events/dt=2026-01-01/1', other),
      put('clean', 'events/dt=2026-01-01/1'),
      put('queries', 'events/dt=2026-01-01/1'),
      { action: 's3:DeleteObject', resource: `${zone('raw')}/events/dt=2026-01-01/1` },
      { action: 's3:ListBucket', resource: zone('clean') },
      { action: 's3:PutBucketPolicy', resource: zone('raw') },
      table('UpdateTable', 'raw'),
      table('GetTable', 'clean'),
      table('GetTable', 'raw', 'transactions'),
      lines('/aws/eks/shop-prod/cluster'),
      firehose('PutRecord', `${lake}-events`),
    ],
  };
}

export const roles: RoleExpectation[] = [
  {
    role: lakeRole('ingest'),
    allowed: [firehose('PutRecord'), firehose('PutRecordBatch')],
    denied: [
      firehose('PutRecord', `shop-prod-clicks-${ACCOUNT_ID}-events`),
      firehose('DescribeDeliveryStream'),
      firehose('UpdateDestination'),
      firehose('DeleteDeliveryStream'),
      firehose('StopDeliveryStreamEncryption'),
      s3('PutObject', 'raw', 'events/dt=2026-01-01/1'),
      s3('GetObject', 'raw', 'events/dt=2026-01-01/1'),
      { action: 's3:ListBucket', resource: bucket('raw') },
      glue('GetTable', 'raw'),
      athena('StartQueryExecution'),
    ],
  },
  {
    role: lakeRole('query'),
    allowed: QUERIES,
    denied: [...NEVER, s3('PutObject', 'clean'), s3('PutObject', 'curated'), glue('CreateTable', 'curated')],
  },
  {
    role: lakeRole('curate'),
    allowed: [
      ...QUERIES,
      s3('PutObject', 'clean'),
      s3('DeleteObject', 'curated'),
      glue('CreateTable', 'clean'),
      glue('UpdateTable', 'curated'),
    ],
    denied: NEVER,
  },
  {
    role: governedRole('query'),
    allowed: GOVERNED_QUERIES,
    denied: [
      ...NEVER_AROUND,
      clicks('PutObject', 'clean'),
      { action: 's3:ListBucket', resource: bucket('clean', CLICKS) },
      glue('CreateTable', 'curated', CLICKS),
      athena('StartQueryExecution'),
    ],
    wildcards: ASKS_LAKE_FORMATION,
  },
  {
    role: governedRole('curate'),
    allowed: [
      ...GOVERNED_QUERIES,
      clicks('PutObject', 'clean'),
      clicks('DeleteObject', 'curated'),
      { action: 's3:ListBucket', resource: bucket('clean', CLICKS) },
      glue('CreateTable', 'clean', CLICKS),
    ],
    denied: [...NEVER_AROUND, clicks('DeleteObject', 'queries'), athena('UpdateWorkGroup', CLICKS)],
    wildcards: ASKS_LAKE_FORMATION,
  },
  {
    role: `${CLICKS}-location`,
    trusts: ['lakeformation.amazonaws.com'],
    allowed: [
      clicks('GetObject', 'raw', 'events/dt=2026-01-01/1'),
      clicks('GetObject', 'curated'),
      clicks('PutObject', 'clean'),
      clicks('DeleteObject', 'curated'),
      { action: 's3:ListBucket', resource: bucket('raw', CLICKS) },
    ],
    denied: [
      clicks('PutObject', 'raw'),
      clicks('DeleteObject', 'raw'),
      clicks('DeleteObjectVersion', 'clean'),
      clicks('GetObject', 'queries'),
      clicks('PutObject', 'queries'),
      s3('GetObject', 'raw'),
      s3('PutObject', 'clean'),
      { action: 's3:ListBucket', resource: bucket('queries', CLICKS) },
      { action: 's3:PutBucketPolicy', resource: bucket('clean', CLICKS) },
      glue('GetTable', 'raw', CLICKS),
      athena('StartQueryExecution', CLICKS),
      DATA_ACCESS,
      { action: 'kms:Decrypt', resource: KEY },
      { action: 'kms:ScheduleKeyDeletion', resource: KEY, context: BY_S3 },
    ],
  },
  delivers(LAKE, CLICKS),
  delivers(CLICKS, LAKE),
];
