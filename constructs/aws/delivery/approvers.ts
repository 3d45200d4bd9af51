import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { Construct } from 'constructs';
import { EncryptionKey } from '../encryption-key';
import { keyUse } from '../key-use';
import type { IGrantee } from '../policy-document';

export interface ApproversProps {
  readonly topicName: string;
  /** Each gets a mail to confirm first. */
  readonly emails: readonly string[];
}

/** People who are told by e-mail when a delivery waits for somebody to approve it. */
export class Approvers extends Construct {
  readonly topic: SnsTopic;
  readonly key: EncryptionKey;

  constructor(scope: Construct, id: string, { topicName, emails }: ApproversProps) {
    super(scope, id);
    // What is in flight in a topic is gone in seconds: nothing is lost with its key.
    this.key = new EncryptionKey(this, 'Key', {
      aliasName: topicName,
      description: `The topic ${topicName}`,
      protection: false,
    });
    this.topic = new SnsTopic(this, 'Topic', { name: topicName, kmsMasterKeyId: this.key.keyArn });
    emails.forEach((endpoint, index) => {
      const scope = new Construct(this, `Approver${index + 1}`);
      new SnsTopicSubscription(scope, 'Resource', { topicArn: this.topic.arn, protocol: 'email', endpoint });
    });
  }

  /** May tell them something. */
  grantTell(grantee: IGrantee): void {
    grantee.addPolicy(`${this.node.id}Tell`, [
      { Effect: 'Allow', Action: 'sns:Publish', Resource: this.topic.arn },
      keyUse(this, { keyArn: this.key.keyArn, through: 'sns', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] }),
    ]);
  }
}
