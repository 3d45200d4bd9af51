import { ConfigError } from '../../../src';
import { AwsAccount } from '../aws-account';
import { keyUse } from '../key-use';
import type { IGrantee, PolicyStatement } from '../policy-document';
import type { DataLake } from './data-lake';
import type { LakeZone } from './lake-zone';

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

  /** May query every zone in the lake's workgroup, and fetch the results. */
  query(grantee: IGrantee): void {
    grantee.addPolicy(`${this.lake.node.id}Query`, this.querying());
  }

  /** May also write files and tables in the zones clean and curated, and nothing in raw. */
  curate(grantee: IGrantee): void {
    const { clean, curated, node } = this.lake;
    grantee.addPolicy(`${node.id}Curate`, [
      ...this.querying(),
      {
        Effect: 'Allow',
        // A table made anew replaces its files; what is deleted can be brought back for 30 days.
        Action: ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:PutObject'],
        Resource: [clean, curated].map(({ resource }) => `${resource.arn}/*`),
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
    const { raw, clean, curated, workgroup, key } = this.lake;
    const zones = [raw, clean, curated];
    const results = workgroup.bucket.arn;
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
      {
        Effect: 'Allow',
        Action: ['s3:GetBucketLocation', 's3:ListBucket'],
        Resource: [...zones.map(({ resource }) => resource.arn), results],
      },
      // The trailing * is the objects of these buckets.
      {
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: [...zones.map(({ resource }) => `${resource.arn}/*`), `${results}/*`],
      },
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
