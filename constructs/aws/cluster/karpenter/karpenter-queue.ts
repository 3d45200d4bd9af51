import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { policyDocument } from '../../policy-document';

export interface KarpenterQueueProps {
  /** Name of the queue, and prefix of the rules' names. */
  readonly queueName: string;
}

/** What AWS says before an instance goes, or when one is gone. Source: Karpenter's documentation, "Disruption". */
const EVENTS = {
  SpotInterruption: { source: 'aws.ec2', detailType: 'EC2 Spot Instance Interruption Warning' },
  Rebalance: { source: 'aws.ec2', detailType: 'EC2 Instance Rebalance Recommendation' },
  StateChange: { source: 'aws.ec2', detailType: 'EC2 Instance State-change Notification' },
  ScheduledChange: { source: 'aws.health', detailType: 'AWS Health Event' },
} as const;

/**
 * The queue in which Karpenter reads of instances that AWS takes back, so that their pods are elsewhere before. A message
 * is of no use after five minutes. Encrypted by SQS itself: it holds instance ids, nothing of the shop.
 */
export class KarpenterQueue extends Construct {
  readonly resource: SqsQueue;
  readonly rules: readonly CloudwatchEventRule[];
  /** What must be there for messages to come. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, { queueName }: KarpenterQueueProps) {
    super(scope, id);
    this.resource = new SqsQueue(this, 'Resource', {
      name: queueName,
      messageRetentionSeconds: 300,
      sqsManagedSseEnabled: true,
    });
    const made = Object.entries(EVENTS).map(([name, event]) => this.addRule(name, queueName, event));
    this.rules = made.map(({ rule }) => rule);
    this.ready = [...made.map(({ target }) => target), this.addPolicy()];
  }

  private addRule(id: string, queueName: string, { source, detailType }: (typeof EVENTS)[keyof typeof EVENTS]) {
    const scope = new Construct(this, id);
    const rule = new CloudwatchEventRule(scope, 'Resource', {
      name: `${queueName}-${id.replace(/\B[A-Z]/g, '-$&').toLowerCase()}`,
      description: `${detailType}, for Karpenter`,
      eventPattern: JSON.stringify({ source: [source], 'detail-type': [detailType] }),
    });
    return { rule, target: new CloudwatchEventTarget(scope, 'Target', { rule: rule.name, arn: this.resource.arn }) };
  }

  private addPolicy(): SqsQueuePolicy {
    return new SqsQueuePolicy(this, 'Policy', {
      queueUrl: this.resource.url,
      policy: policyDocument(
        {
          Sid: 'RulesOfThisQueue',
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: this.resource.arn,
          Condition: { ArnEquals: { 'aws:SourceArn': this.rules.map(({ arn }) => arn) } },
        },
        {
          Sid: 'TlsOnly',
          Effect: 'Deny',
          Principal: '*',
          // Whatever it is, without TLS.
          Action: 'sqs:*',
          Resource: this.resource.arn,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ),
    });
  }
}
