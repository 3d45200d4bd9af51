import { ACCOUNT_ID } from '../area';
import type { Call, RoleExpectation } from '../role-expectation';
import { LAKE, lakeRole } from './data-lake';

const bucket = (zone: string) => `arn:aws:s3:::${LAKE}-${zone}`;
const s3 = (action: string, zone: string, key = 'a'): Call => ({
  action: `s3:${action}`,
  resource: `${bucket(zone)}/${key}`,
});
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${ACCOUNT_ID}:${resource}`;
const database = (zone: string) => `${LAKE}-${zone}`.replaceAll('-', '_');
const glue = (action: string, zone: string): Call => ({
  action: `glue:${action}`,
  resource: arn('glue', `table/${database(zone)}/events`),
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

const CLICKS = `shop-prod-clicks-${ACCOUNT_ID}`;

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
  delivers(LAKE, CLICKS),
  delivers(CLICKS, LAKE),
];
