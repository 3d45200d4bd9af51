import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { CloudwatchLogStream } from '@cdktf/provider-aws/lib/cloudwatch-log-stream';
import type { GlueCatalogTable } from '@cdktf/provider-aws/lib/glue-catalog-table';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { KinesisFirehoseDeliveryStream } from '@cdktf/provider-aws/lib/kinesis-firehose-delivery-stream';
import { Construct } from 'constructs';
import { AwsAccount } from '../aws-account';
import type { EncryptionKey } from '../encryption-key';
import { keyUse } from '../key-use';
import { type PolicyStatement, policyDocument } from '../policy-document';
import type { LakeEventSource } from './event-source';
import type { LakeZone } from './lake-zone';

export interface EventDeliveryProps {
  readonly streamName: string;
  readonly source: LakeEventSource;
  readonly zone: LakeZone;
  readonly table: GlueCatalogTable;
  /** Of the zone's objects; its policy lets CloudWatch encrypt the stream's log group. */
  readonly key: EncryptionKey;
}

/** Name of a delivery stream's log group, for the key's policy. */
export function logGroupOf(streamName: string): string {
  return `/aws/kinesisfirehose/${streamName}`;
}

/** Firehose: gathers events for five minutes, writes them as Parquet in the table's columns, and what it can't apart. */
export class EventDelivery extends Construct {
  readonly resource: KinesisFirehoseDeliveryStream;
  readonly role: IamRole;
  readonly logGroup: CloudwatchLogGroup;

  constructor(scope: Construct, id: string, props: EventDeliveryProps) {
    super(scope, id);
    this.logGroup = new CloudwatchLogGroup(this, 'LogGroup', {
      name: logGroupOf(props.streamName),
      retentionInDays: 30,
      kmsKeyId: props.key.keyArn,
    });
    this.role = this.addRole(props.streamName);
    const permissions = new IamRolePolicy(this, 'Policy', {
      name: 'Deliver',
      role: this.role.name,
      policy: policyDocument(...this.statements(props)),
    });
    this.resource = this.addStream(props, permissions);
  }

  private addRole(streamName: string): IamRole {
    return new IamRole(this, 'Role', {
      name: streamName.slice(0, 64),
      description: `Delivers what ${streamName} is given`,
      assumeRolePolicy: policyDocument({
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'firehose.amazonaws.com' },
        // Firehose names the account it works for so: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
        Condition: { StringEquals: { 'sts:ExternalId': AwsAccount.of(this).accountId } },
      }),
    });
  }

  private statements({ zone, table, key, source }: EventDeliveryProps): PolicyStatement[] {
    const account = AwsAccount.of(this);
    const bucket = zone.resource.arn;
    return [
      {
        Effect: 'Allow',
        Action: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
        Resource: bucket,
      },
      {
        Effect: 'Allow',
        Action: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
        // The trailing * is the objects of these two folders.
        Resource: [`${bucket}/events/*`, `${bucket}/errors/*`],
      },
      keyUse(this, { keyArn: key.keyArn, through: 's3', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] }),
      {
        Effect: 'Allow',
        Action: ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'],
        Resource: [account.arn('glue', 'catalog'), zone.database.arn, table.arn],
      },
      { Effect: 'Allow', Action: 'logs:PutLogEvents', Resource: `${this.logGroup.arn}:*` },
      ...(source.stream
        ? ([
            {
              Effect: 'Allow',
              Action: [
                'kinesis:DescribeStream',
                'kinesis:GetRecords',
                'kinesis:GetShardIterator',
                'kinesis:ListShards',
              ],
              Resource: source.stream.streamArn,
            },
            keyUse(this, { keyArn: source.stream.keyArn, through: 'kinesis', actions: 'kms:Decrypt' }),
          ] satisfies PolicyStatement[])
        : []),
    ];
  }

  private addStream(props: EventDeliveryProps, permissions: IamRolePolicy): KinesisFirehoseDeliveryStream {
    const { streamName, source, zone, table, key } = props;
    const logStream = new CloudwatchLogStream(this, 'LogStream', {
      name: 'delivery',
      logGroupName: this.logGroup.name,
    });
    return new KinesisFirehoseDeliveryStream(this, 'Resource', {
      name: streamName,
      destination: 'extended_s3',
      ...(source.stream
        ? { kinesisSourceConfiguration: { kinesisStreamArn: source.stream.streamArn, roleArn: this.role.arn } }
        : { serverSideEncryption: { enabled: true, keyType: 'CUSTOMER_MANAGED_CMK', keyArn: key.keyArn } }),
      extendedS3Configuration: {
        roleArn: this.role.arn,
        bucketArn: zone.resource.arn,
        prefix: 'events/dt=!{timestamp:yyyy-MM-dd}/',
        errorOutputPrefix: 'errors/events/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/',
        // Parquet wants 64 MiB or more.
        bufferingSize: 128,
        bufferingInterval: 300,
        kmsKeyArn: key.keyArn,
        cloudwatchLoggingOptions: { enabled: true, logGroupName: this.logGroup.name, logStreamName: logStream.name },
        dataFormatConversionConfiguration: {
          inputFormatConfiguration: { deserializer: { openXJsonSerDe: {} } },
          outputFormatConfiguration: { serializer: { parquetSerDe: { compression: 'SNAPPY' } } },
          schemaConfiguration: {
            databaseName: zone.database.name,
            tableName: table.name,
            roleArn: this.role.arn,
            region: AwsAccount.of(this).region,
          },
        },
      },
      dependsOn: [permissions],
    });
  }
}
