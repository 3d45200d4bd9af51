import { AccessLogBucket, DataLake, LakeEventSource, ServiceRole } from '../../../../constructs/aws';
import { ACCOUNT_ID, type Area } from '../area';

export const LAKE = `shop-prod-lake-${ACCOUNT_ID}`;

/** A role for each verb of a lake's grants, named for it. */
const GRANTED = ['ingest', 'query', 'curate'] as const;
export const lakeRole = (verb: (typeof GRANTED)[number]) => `shop-prod-lake-${verb}`;

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
    for (const verb of GRANTED) {
      const role = new ServiceRole(stack, verb, {
        roleName: lakeRole(verb),
        description: `Has the lake's grant ${verb}`,
        service: 'pods.eks.amazonaws.com',
      });
      lake.grants[verb](role);
    }
    // A stream that another stack has made.
    const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${ACCOUNT_ID}:${resource}`;
    const stream = {
      streamArn: arn('kinesis', 'stream/shop-prod-clicks'),
      keyArn: arn('kms', 'key/00000000-0000-4000-8000-000000000001'),
    };
    new DataLake(stack, 'Streamed', {
      lakeName: `shop-prod-clicks-${ACCOUNT_ID}`,
      since: '2026-01-01',
      source: LakeEventSource.kinesis(stream),
      protection,
    });
  },
};
