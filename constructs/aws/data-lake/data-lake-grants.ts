import { ConfigError } from '../../../src';
import { AwsAccount } from '../aws-account';
import { keyUse } from '../key-use';
import type { IGrantee, PolicyStatement } from '../policy-document';
import type { DataLake } from './data-lake';
import type { LakeZone } from './lake-zone';

const listing = (buckets: readonly string[]): PolicyStatement => ({
  Effect: 'Allow',
  Action: ['s3:GetBucketLocation', 's3:ListBucket'],
  Resource: buckets,
});

/** Who may put events into a lake, query it, and make what others query. */
export class DataLakeGrants {
  constructor(private readonly lake: DataLake) {}

  /** May put events to Firehose, and read nothing. */
  ingest(grantee: IGrantee): void {
    const { delivery, node, source } = this.lake;
    if (source.stream) {
      throw new ConfigError(
        'grants.ingest is for a lake that is put to; this one reads a Kinesis stream: grant the stream instead.',
        this.lake,
      );
    }
    grantee.addPolicy(`${node.id}Ingest`, [
      { Effect: 'Allow', Action: ['firehose:PutRecord', 'firehose:PutRecordBatch'], Resource: delivery.resource.arn },
    ]);
  }

  /** May query every zone in the lake's workgroup, and fetch the results. With Lake Formation, if it is let in there. */
  query(grantee: IGrantee): void {
    grantee.addPolicy(`${this.lake.node.id}Query`, this.querying());
  }

  /** May also write files and tables in the zones clean and curated, and nothing in raw. */
  curate(grantee: IGrantee): void {
    const { clean, curated, lakeFormation, node } = this.lake;
    const buckets = [clean, curated].map(({ resource }) => resource.arn);
    grantee.addPolicy(`${node.id}Curate`, [
      ...this.querying(),
      // Lake Formation has no part in writing from Athena, which looks first whether a new table's folder is empty.
      ...(lakeFormation ? [listing(buckets)] : []),
      {
        Effect: 'Allow',
        // A table made anew replaces its files; what is deleted can be brought back for 30 days.
        Action: ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:PutObject'],
        Resource: buckets.map((arn) => `${arn}/*`),
      },
      {
        Effect: 'Allow',
        Action: [
          'glue:BatchCreatePartition',
          'glue:BatchDeletePartition',
          'glue:CreateTable',
          'glue:DeleteTable',
          'glue:UpdatePartition',
          'glue:UpdateTable',
        ],
        Resource: this.catalogue(clean, curated),
      },
    ]);
  }

  private querying(): PolicyStatement[] {
    const { raw, clean, curated, workgroup, key, lakeFormation } = this.lake;
    const zones = [raw, clean, curated];
    const results = workgroup.bucket.arn;
    // Whoever could read the zones by S3 would get around Lake Formation.
    const readable = lakeFormation ? [results] : [...zones.map(({ resource }) => resource.arn), results];
    return [
      {
        Effect: 'Allow',
        Action: [
          'athena:GetQueryExecution',
          'athena:GetQueryResults',
          'athena:GetWorkGroup',
          'athena:StartQueryExecution',
          'athena:StopQueryExecution',
        ],
        Resource: workgroup.resource.arn,
      },
      {
        Effect: 'Allow',
        Action: [
          'glue:GetDatabase',
          'glue:GetDatabases',
          'glue:GetPartition',
          'glue:GetPartitions',
          'glue:GetTable',
          'glue:GetTables',
        ],
        Resource: this.catalogue(...zones),
      },
      listing(readable),
      // The trailing * is the objects of these buckets.
      { Effect: 'Allow', Action: 's3:GetObject', Resource: readable.map((arn) => `${arn}/*`) },
      // Lake Formation decides by table, and the call names none.
      ...(lakeFormation
        ? ([{ Effect: 'Allow', Action: 'lakeformation:GetDataAccess', Resource: '*' }] satisfies PolicyStatement[])
        : []),
      {
        Effect: 'Allow',
        Action: ['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts', 's3:PutObject'],
        Resource: `${results}/*`,
      },
      keyUse(this.lake, { keyArn: key.keyArn, through: 's3', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] }),
    ];
  }

  /** Glue asks for a table's catalogue and database too. The trailing * is the tables of a database. */
  private catalogue(...zones: readonly LakeZone[]): string[] {
    const account = AwsAccount.of(this.lake);
    return [
      account.arn('glue', 'catalog'),
      ...zones.flatMap(({ database }) => [database.arn, account.arn('glue', `table/${database.name}/*`)]),
    ];
  }
}
