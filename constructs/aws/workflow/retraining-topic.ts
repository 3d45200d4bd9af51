import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { Construct } from 'constructs';
import { AwsAccount } from '../aws-account';
import { type IGrantee, policyDocument } from '../policy-document';
import type { FunctionKey } from '../serverless/function-key';

export interface RetrainingTopicProps {
  readonly topicName: string;
  readonly key: FunctionKey;
  /**
   * Addresses that get a mail of each end of a run, once each has agreed by a link.
   * @default [] - whoever subscribes hears it
   */
  readonly emails?: readonly string[];
}

/** Where each end of a run is told, and each alarm: encrypted, for this account's alarms and rules and who is granted it. */
export class RetrainingTopic extends Construct {
  readonly resource: SnsTopic;
  readonly topicArn: string;
  private readonly key: FunctionKey;

  constructor(scope: Construct, id: string, { topicName, key, emails = [] }: RetrainingTopicProps) {
    super(scope, id);
    this.key = key;
    this.resource = new SnsTopic(this, 'Resource', { name: topicName, kmsMasterKeyId: key.keyArn });
    this.topicArn = this.resource.arn;
    new SnsTopicPolicy(this, 'Policy', {
      arn: this.topicArn,
      policy: policyDocument(
        {
          Sid: 'AlarmsAndRulesOfThisAccount',
          Effect: 'Allow',
          Principal: { Service: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'] },
          Action: 'sns:Publish',
          Resource: this.topicArn,
          Condition: { StringEquals: { 'aws:SourceAccount': AwsAccount.of(this).accountId } },
        },
        {
          Sid: 'TlsOnly',
          Effect: 'Deny',
          Principal: '*',
          Action: 'sns:Publish',
          Resource: this.topicArn,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ),
    });
    emails.forEach((endpoint, index) => {
      new SnsTopicSubscription(this, `Email${index + 1}`, { topicArn: this.topicArn, protocol: 'email', endpoint });
    });
  }

  /** Lets a function tell something. */
  grantPublish(grantee: IGrantee): void {
    grantee.addPolicy(`${this.node.id}Publish`, [{ Effect: 'Allow', Action: 'sns:Publish', Resource: this.topicArn }]);
    this.key.grantUse(grantee, `${this.node.id}Key`, 'sns');
  }
}
