import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import { SqsQueueRedriveAllowPolicy } from '@cdktf/provider-aws/lib/sqs-queue-redrive-allow-policy';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { IGrantee } from '../policy-document';
import { DeadLetterQueue, tlsOnly } from './dead-letter-queue';
import type { FunctionKey } from './function-key';
import type { RecommenderFunction } from './recommender-function';

export interface WorkQueueProps {
  /** At most 75 letters, digits, hyphens and underscores; that of the dead letters has `-dead` behind it. */
  readonly queueName: string;
  readonly key: FunctionKey;
  /** Seconds that whoever takes a message may work on it: the consumer's time limit. */
  readonly workSeconds: number;
  /**
   * Times that a message is taken before it goes to the dead letters.
   * @default 3
   */
  readonly maxReceives?: number;
}

export interface WorkQueueConsumerOptions {
  /**
   * Messages for one invocation at most, 1 to 10.
   * @default 1
   */
  readonly batchSize?: number;
  /**
   * Invocations at once at most, 2 to 1,000.
   * @default 2
   */
  readonly maxConcurrency?: number;
}

/** How much longer than the work a message stays hidden. Source: Lambda developer guide, "Using Lambda with Amazon SQS". */
const VISIBILITY_FACTOR = 6;

/**
 * Messages about work to do, encrypted, TLS only. What failed `maxReceives` times goes to the dead letters, which no other
 * queue may send its own to. A consumer names the messages of a batch that failed, and only these come back.
 */
export class WorkQueue extends Construct {
  readonly resource: SqsQueue;
  readonly deadLetters: DeadLetterQueue;
  readonly queueUrl: string;
  readonly queueArn: string;
  private readonly key: FunctionKey;
  private readonly workSeconds: number;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    const { queueName, key, workSeconds, maxReceives = 3 } = props;
    this.key = key;
    this.workSeconds = workSeconds;
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', { queueName: `${queueName}-dead`, key });
    this.resource = new SqsQueue(this, 'Resource', {
      name: queueName,
      visibilityTimeoutSeconds: VISIBILITY_FACTOR * workSeconds,
      messageRetentionSeconds: 4 * 24 * 3600,
      kmsMasterKeyId: key.keyArn,
      kmsDataKeyReusePeriodSeconds: 300,
      redrivePolicy: Fn.jsonencode({ deadLetterTargetArn: this.deadLetters.queueArn, maxReceiveCount: maxReceives }),
    });
    this.queueUrl = this.resource.url;
    this.queueArn = this.resource.arn;
    new SqsQueuePolicy(this, 'Policy', { queueUrl: this.queueUrl, policy: tlsOnly(this.queueArn) });
    new SqsQueueRedriveAllowPolicy(this, 'RedriveAllowPolicy', {
      queueUrl: this.deadLetters.resource.url,
      redriveAllowPolicy: Fn.jsonencode({ redrivePermission: 'byQueue', sourceQueueArns: [this.queueArn] }),
    });
  }

  /** Lets a role put work in. */
  grantSend(grantee: IGrantee): void {
    grantee.addPolicy(`${this.node.id}Send`, [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: this.queueArn }]);
    this.key.grantUse(grantee, `${this.node.id}Key`, 'sqs');
  }

  /** Gives the messages to a function, which has to answer `batchItemFailures`. */
  addConsumer(consumer: RecommenderFunction, options: WorkQueueConsumerOptions = {}): LambdaEventSourceMapping {
    const { batchSize = 1, maxConcurrency = 2 } = options;
    this.check(consumer, batchSize, maxConcurrency);
    consumer.addPolicy(`${this.node.id}Consume`, [
      {
        Effect: 'Allow',
        Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
        Resource: this.queueArn,
      },
    ]);
    this.key.grantUse(consumer, `${this.node.id}ConsumeKey`, 'sqs');
    return new LambdaEventSourceMapping(this, 'Consumer', {
      eventSourceArn: this.queueArn,
      functionName: consumer.functionArn,
      batchSize,
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: { maximumConcurrency: maxConcurrency },
      // Lambda asks whether the role may take messages before it takes the mapping.
      dependsOn: consumer.role.ready,
    });
  }

  private check(
    { timeoutSeconds, functionName }: RecommenderFunction,
    batchSize: number,
    maxConcurrency: number,
  ): void {
    if (timeoutSeconds > this.workSeconds) {
      throw new ConfigError(
        `${functionName} may take ${timeoutSeconds} s, and the queue hides messages for work of ${this.workSeconds} s. Set workSeconds to the function's limit.`,
        this,
      );
    }
    if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > 10) {
      throw new ConfigError(`batchSize is ${batchSize}; it must be a whole number from 1 to 10.`, this);
    }
    if (!Number.isInteger(maxConcurrency) || maxConcurrency < 2 || maxConcurrency > 1000) {
      throw new ConfigError(`maxConcurrency is ${maxConcurrency}; it must be a whole number from 2 to 1000.`, this);
    }
  }
}
