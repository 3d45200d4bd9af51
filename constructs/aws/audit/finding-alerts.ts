import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import type { AlertTopic } from '../observability/alert-topic';

export interface FindingAlertsProps {
  /** What the rules' names begin with, e.g. `shop-prod`. */
  readonly prefix: string;
  /** Who is told; made with `fromEventBridge`. */
  readonly topic: Pick<AlertTopic, 'topicArn'>;
  /**
   * Whose findings: Security Hub has GuardDuty's among its own, so one of the two is enough.
   * @default 'security-hub'
   */
  readonly source?: 'security-hub' | 'guard-duty';
}

/** What is bad enough to tell somebody at once; the rest waits for `recommender audit`. */
const PATTERNS = {
  'security-hub': {
    source: ['aws.securityhub'],
    'detail-type': ['Security Hub Findings - Imported'],
    detail: {
      findings: {
        Severity: { Label: ['HIGH', 'CRITICAL'] },
        Workflow: { Status: ['NEW'] },
        RecordState: ['ACTIVE'],
        // A check of the account's settings is no attack: it has days, and an owner.
        ProductName: [{ 'anything-but': ['Security Hub', 'Config'] }],
      },
    },
  },
  'guard-duty': {
    source: ['aws.guardduty'],
    'detail-type': ['GuardDuty Finding'],
    // From 7 on GuardDuty calls it high.
    detail: { severity: [{ numeric: ['>=', 7] }] },
  },
};

/** Tells people of attacks and holes as they are found. It is free. */
export class FindingAlerts extends Construct {
  readonly resource: CloudwatchEventRule;
  readonly target: CloudwatchEventTarget;

  constructor(scope: Construct, id: string, { prefix, topic, source = 'security-hub' }: FindingAlertsProps) {
    super(scope, id);
    this.resource = new CloudwatchEventRule(this, 'Resource', {
      name: `${prefix}-${source}-findings`,
      description: 'Findings that somebody should hear of at once',
      eventPattern: Fn.jsonencode(PATTERNS[source]),
    });
    this.target = new CloudwatchEventTarget(this, 'Target', { rule: this.resource.name, arn: topic.topicArn });
  }
}
