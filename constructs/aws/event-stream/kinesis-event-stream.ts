import { KinesisStream } from '@cdktf/provider-aws/lib/kinesis-stream';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { IEventLog } from '../../contracts';
import { EncryptionKey } from '../encryption-key';
import { keyUse } from '../key-use';
import type { PodIdentity } from '../pod-identity';
import type { IGrantee } from '../policy-document';

export interface KinesisEventStreamProps {
  /** Name of the stream: 1 to 128 letters, digits, hyphens, dots and underscores. */
  readonly streamName: string;
  /**
   * Hours for which a message can be read, 24 to 8760 (a year). More than 24 cost by the GB.
   * @default 24
   */
  readonly retentionHours?: number;
  /**
   * Refuses a destroy of the stream and its key.
   * @default true
   */
  readonly protection?: boolean;
}

/** A Kinesis stream on demand, which finds its number of shards by itself, encrypted by a key of its own. */
export class KinesisEventStream extends Construct implements IEventLog<PodIdentity> {
  readonly protocol = 'log';
  readonly resource: KinesisStream;
  readonly key: EncryptionKey;
  readonly streamName: string;
  readonly grants: { readonly produce: (grantee: IGrantee) => void; readonly consume: (grantee: IGrantee) => void };

  constructor(scope: Construct, id: string, props: KinesisEventStreamProps) {
    super(scope, id);
    const { streamName, retentionHours = 24, protection = true } = props;
    this.check(streamName, retentionHours);
    this.key = new EncryptionKey(this, 'Key', {
      aliasName: `kinesis/${streamName}`,
      description: `Messages of the stream ${streamName}`,
      protection,
    });
    this.resource = new KinesisStream(this, 'Resource', {
      name: streamName,
      streamModeDetails: { streamMode: 'ON_DEMAND' },
      encryptionType: 'KMS',
      kmsKeyId: this.key.keyArn,
      retentionPeriod: retentionHours,
      // Consumers with a fan-out of their own would hold up a destroy.
      enforceConsumerDeletion: !protection,
      lifecycle: { preventDestroy: protection },
    });
    this.streamName = this.resource.name;
    this.grants = {
      produce: (grantee) => this.grantProduce(grantee),
      consume: (grantee) => this.grantConsume(grantee),
    };
  }

  private check(streamName: string, retentionHours: number): void {
    if (!/^[A-Za-z0-9_.-]{1,128}$/.test(streamName)) {
      throw new ConfigError(
        `streamName is ${streamName}; it must be 1 to 128 letters, digits, hyphens, dots and underscores.`,
        this,
      );
    }
    if (!(Number.isInteger(retentionHours) && retentionHours >= 24 && retentionHours <= 8760)) {
      throw new ConfigError(`retentionHours is ${retentionHours}; it must be a whole number from 24 to 8760.`, this);
    }
  }

  private grantProduce(grantee: IGrantee): void {
    grantee.addPolicy(`${this.node.id}Produce`, [
      {
        Effect: 'Allow',
        Action: ['kinesis:PutRecord', 'kinesis:PutRecords', 'kinesis:DescribeStreamSummary'],
        Resource: this.resource.arn,
      },
      keyUse(this, { keyArn: this.key.keyArn, through: 'kinesis', actions: ['kms:GenerateDataKey'] }),
    ]);
  }

  private grantConsume(grantee: IGrantee): void {
    grantee.addPolicy(`${this.node.id}Consume`, [
      {
        Effect: 'Allow',
        Action: [
          'kinesis:GetRecords',
          'kinesis:GetShardIterator',
          'kinesis:ListShards',
          'kinesis:DescribeStreamSummary',
        ],
        Resource: this.resource.arn,
      },
      keyUse(this, { keyArn: this.key.keyArn, through: 'kinesis', actions: ['kms:Decrypt'] }),
    ]);
  }
}
