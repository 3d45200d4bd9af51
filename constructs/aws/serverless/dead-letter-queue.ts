import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import { Construct } from 'constructs';
import { type IGrantee, policyDocument } from '../policy-document';
import type { FunctionKey } from './function-key';

export interface DeadLetterQueueProps {
  /** At most 80 letters, digits, hyphens and underscores. */
  readonly queueName: string;
  readonly key: FunctionKey;
}

/** 14 days, the most that SQS keeps a message. */
const RETENTION_SECONDS = 14 * 24 * 3600;

/** Where what failed waits for a person, for 14 days: encrypted, TLS only. */
export class DeadLetterQueue extends Construct {
  readonly resource: SqsQueue;
  readonly queueArn: string;
  private readonly key: FunctionKey;

  constructor(scope: Construct, id: string, { queueName, key }: DeadLetterQueueProps) {
    super(scope, id);
    this.key = key;
    this.resource = new SqsQueue(this, 'Resource', {
      name: queueName,
      messageRetentionSeconds: RETENTION_SECONDS,
      kmsMasterKeyId: key.keyArn,
      kmsDataKeyReusePeriodSeconds: 300,
    });
    this.queueArn = this.resource.arn;
    new SqsQueuePolicy(this, 'Policy', { queueUrl: this.resource.url, policy: tlsOnly(this.queueArn) });
  }

  /** Lets a service's role put in what it could not deliver. */
  grantSend(grantee: IGrantee): void {
    grantee.addPolicy(`${this.node.id}Send`, [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: this.queueArn }]);
    this.key.grantUse(grantee, `${this.node.id}Key`, 'sqs');
  }
}

/** A queue's policy that refuses whoever comes without TLS; who may do what is in the roles' policies. */
export function tlsOnly(queueArn: string): string {
  return policyDocument({
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: 'sqs:*',
    Resource: queueArn,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });
}
