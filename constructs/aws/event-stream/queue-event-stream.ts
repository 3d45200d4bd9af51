import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import { SqsQueueRedriveAllowPolicy } from '@cdktf/provider-aws/lib/sqs-queue-redrive-allow-policy';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { IEventQueue } from '../../contracts';
import { EncryptionKey } from '../encryption-key';
import { keyUse } from '../key-use';
import type { PodIdentity } from '../pod-identity';
import { type IGrantee, policyDocument } from '../policy-document';

export interface QueueEventStreamProps {
  /** Name of the queue, without `.fifo`: 1 to 60 letters, digits, hyphens and underscores. */
  readonly streamName: string;
  /**
   * `group`: a FIFO queue, in order within a message's group and each message once; 300 calls a second for each action.
   * `none`: a standard queue, in any order and some messages twice, without a limit.
   * @default 'none'
   */
  readonly order?: 'group' | 'none';
  /**
   * Days for which a message that nobody deletes is kept, 1 to 14.
   * @default 4
   */
  readonly retentionDays?: number;
  /**
   * Seconds that a consumer has for a message before another one gets it, up to 43200.
   * @default 60
   */
  readonly visibilitySeconds?: number;
  /**
   * Times that a message is handed out before it goes to the dead letters, 1 to 1000.
   * @default 5
   */
  readonly maxReceiveCount?: number;
  /**
   * Refuses a destroy of the queues and their key, with what waits in them.
   * @default true
   */
  readonly protection?: boolean;
}

const DAY_SECONDS = 86_400;

/** An SQS queue with one for its dead letters, both encrypted by a key of their own, over TLS only. */
export class QueueEventStream extends Construct implements IEventQueue<PodIdentity> {
  readonly protocol = 'queue';
  readonly order: 'group' | 'none';
  readonly resource: SqsQueue;
  /** Messages in it were handed out too often; they wait for 14 days for a person. */
  readonly deadLetters: SqsQueue;
  readonly key: EncryptionKey;
  readonly url: string;
  readonly deadLetterUrl: string;
  readonly grants: { readonly produce: (grantee: IGrantee) => void; readonly consume: (grantee: IGrantee) => void };

  constructor(scope: Construct, id: string, props: QueueEventStreamProps) {
    super(scope, id);
    const { streamName, order = 'none', retentionDays = 4, visibilitySeconds = 60, protection = true } = props;
    this.check(props);
    this.order = order;
    this.key = new EncryptionKey(this, 'Key', {
      aliasName: `sqs/${streamName}`,
      description: `Messages of the queue ${streamName}`,
      protection,
    });
    this.deadLetters = this.addQueue('DeadLetters', `${streamName}-dead-letters`, protection, {
      messageRetentionSeconds: 14 * DAY_SECONDS,
    });
    this.resource = this.addQueue('Resource', streamName, protection, {
      messageRetentionSeconds: retentionDays * DAY_SECONDS,
      visibilityTimeoutSeconds: visibilitySeconds,
      redrivePolicy: Fn.jsonencode({
        deadLetterTargetArn: this.deadLetters.arn,
        maxReceiveCount: props.maxReceiveCount ?? 5,
      }),
    });
    this.addPolicies();
    this.url = this.resource.url;
    this.deadLetterUrl = this.deadLetters.url;
    this.grants = {
      produce: (grantee) => this.grantProduce(grantee),
      consume: (grantee) => this.grantConsume(grantee),
    };
  }

  private check(props: QueueEventStreamProps): void {
    const { streamName, retentionDays = 4, visibilitySeconds = 60, maxReceiveCount = 5 } = props;
    if (!/^[A-Za-z0-9_-]{1,60}$/.test(streamName)) {
      throw new ConfigError(
        `streamName is ${streamName}; it must be 1 to 60 letters, digits, hyphens and underscores, without .fifo.`,
        this,
      );
    }
    const bounds = [
      ['retentionDays', retentionDays, 1, 14],
      ['visibilitySeconds', visibilitySeconds, 1, 43_200],
      ['maxReceiveCount', maxReceiveCount, 1, 1000],
    ] as const;
    for (const [name, value, least, most] of bounds) {
      if (!(Number.isInteger(value) && value >= least && value <= most)) {
        throw new ConfigError(`${name} is ${value}; it must be a whole number from ${least} to ${most}.`, this);
      }
    }
  }

  private addQueue(
    id: string,
    name: string,
    protection: boolean,
    settings: { messageRetentionSeconds: number; visibilityTimeoutSeconds?: number; redrivePolicy?: string },
  ): SqsQueue {
    const isFifo = this.order === 'group';
    return new SqsQueue(this, id, {
      name: isFifo ? `${name}.fifo` : name,
      fifoQueue: isFifo || undefined,
      // A producer that tries again sends the same message.
      contentBasedDeduplication: isFifo || undefined,
      kmsMasterKeyId: this.key.keyArn,
      // Seconds for which a data key is used again, instead of a paid KMS request for each message.
      kmsDataKeyReusePeriodSeconds: 300,
      // Seconds that a receive waits for a message: an empty answer costs as much as a full one.
      receiveWaitTimeSeconds: 20,
      ...settings,
      lifecycle: { preventDestroy: protection },
    });
  }

  private addPolicies(): void {
    new SqsQueueRedriveAllowPolicy(this, 'RedriveAllowPolicy', {
      queueUrl: this.deadLetters.id,
      redriveAllowPolicy: Fn.jsonencode({ redrivePermission: 'byQueue', sourceQueueArns: [this.resource.arn] }),
    });
    const queues = { Policy: this.resource, DeadLettersPolicy: this.deadLetters };
    for (const [id, queue] of Object.entries(queues)) {
      new SqsQueuePolicy(this, id, {
        queueUrl: queue.id,
        policy: policyDocument({
          Sid: 'TlsOnly',
          Effect: 'Deny',
          Principal: '*',
          // Everything is denied on a connection without TLS, so every action is named by *.
          Action: 'sqs:*',
          Resource: queue.arn,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      });
    }
  }

  private grantProduce(grantee: IGrantee): void {
    grantee.addPolicy(`${this.node.id}Produce`, [
      { Effect: 'Allow', Action: ['sqs:SendMessage', 'sqs:GetQueueUrl'], Resource: this.resource.arn },
      // SQS makes a data key for what it encrypts, and opens the one that it has.
      keyUse(this, { keyArn: this.key.keyArn, through: 'sqs', actions: ['kms:GenerateDataKey', 'kms:Decrypt'] }),
    ]);
  }

  private grantConsume(grantee: IGrantee): void {
    grantee.addPolicy(`${this.node.id}Consume`, [
      {
        Effect: 'Allow',
        Action: [
          'sqs:ReceiveMessage',
          'sqs:DeleteMessage',
          'sqs:ChangeMessageVisibility',
          'sqs:GetQueueAttributes',
          'sqs:GetQueueUrl',
        ],
        Resource: this.resource.arn,
      },
      keyUse(this, { keyArn: this.key.keyArn, through: 'sqs', actions: ['kms:Decrypt'] }),
    ]);
  }
}
