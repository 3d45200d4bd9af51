import type { Construct } from 'constructs';
import { AccessLogBucket, DataLake, LakeEventSource, ServiceRole } from '../../../../constructs/aws';
import { ACCOUNT_ID, type Area } from '../area';

export const LAKE = `shop-prod-lake-${ACCOUNT_ID}`;
export const CLICKS = `shop-prod-clicks-${ACCOUNT_ID}`;

/** A role for each verb of a lake's grants, named for it, and for those that Lake Formation has a part in. */
const GRANTED = ['ingest', 'query', 'curate'] as const;
export const lakeRole = (verb: (typeof GRANTED)[number]) => `shop-prod-lake-${verb}`;
export const governedRole = (verb: 'query' | 'curate') => `shop-prod-clicks-${verb}`;

/** May do nothing until it is granted something. */
function workloadRole(stack: Construct, id: string, roleName: string): ServiceRole {
  return new ServiceRole(stack, id, {
    roleName,
    description: 'Has a grant of a lake',
    service: 'pods.eks.amazonaws.com',
  });
}

export const area: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, { protection }) => {
    const accessLogs = new AccessLogBucket(stack, 'AccessLogs', {
      bucketName: `shop-prod-lake-logs-${ACCOUNT_ID}`,
      protection,
    });
    const lake = new DataLake(stack, 'DataLake', {
      lakeName: LAKE,
      since: '2026-01-01',
      rawDays: 100,
      maxGibPerQuery: 5,
      resultDays: 3,
      accessLogs,
      protection,
    });
    for (const verb of GRANTED) lake.grants[verb](workloadRole(stack, verb, lakeRole(verb)));
    // A stream that another stack has made.
    const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${ACCOUNT_ID}:${resource}`;
    const stream = {
      streamArn: arn('kinesis', 'stream/shop-prod-clicks'),
      keyArn: arn('kms', 'key/00000000-0000-4000-8000-000000000001'),
    };
    const analyst = workloadRole(stack, 'analyst', governedRole('query'));
    const curator = workloadRole(stack, 'curator', governedRole('curate'));
    const streamed = new DataLake(stack, 'Streamed', {
      lakeName: CLICKS,
      since: '2026-01-01',
      source: LakeEventSource.kinesis(stream),
      lakeFormation: {
        Analyst: { arn: analyst.roleArn, may: 'query' },
        Curator: { arn: curator.roleArn, may: 'curate' },
      },
      protection,
    });
    streamed.grants.query(analyst);
    streamed.grants.curate(curator);
  },
};
