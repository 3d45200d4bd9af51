import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import type { AlertTopic } from '../observability/alert-topic';

export interface WorkflowAlarmsProps {
  readonly workflowName: string;
  readonly stateMachineArn: string;
  /** Made with `fromEventBridge`. */
  readonly topic: Pick<AlertTopic, 'topicArn'>;
}

/** Metrics of Step Functions of which one is too many. Source: its developer guide, "Execution metrics". */
const METRICS = {
  ExecutionsFailed: 'A retraining failed',
  ExecutionsTimedOut: 'A retraining took too long',
  ExecutionThrottled: 'Step Functions held a retraining up',
} as const;

/** Alarms on executions that fail, take too long or are throttled, and a message of each one with its name. */
export class WorkflowAlarms extends Construct {
  readonly alarms: readonly CloudwatchMetricAlarm[];
  readonly rule: CloudwatchEventRule;

  constructor(scope: Construct, id: string, { workflowName, stateMachineArn, topic }: WorkflowAlarmsProps) {
    super(scope, id);
    this.alarms = Object.entries(METRICS).map(
      ([metricName, alarmDescription]) =>
        new CloudwatchMetricAlarm(this, metricName, {
          alarmName: `${workflowName}-${metricName}`,
          alarmDescription,
          namespace: 'AWS/States',
          metricName,
          dimensions: { StateMachineArn: stateMachineArn },
          statistic: 'Sum',
          period: 300,
          evaluationPeriods: 1,
          comparisonOperator: 'GreaterThanOrEqualToThreshold',
          threshold: 1,
          // There are no figures while nothing runs.
          treatMissingData: 'notBreaching',
          alarmActions: [topic.topicArn],
        }),
    );
    this.rule = new CloudwatchEventRule(this, 'Rule', {
      name: `${workflowName}-ended-badly`,
      description: 'Executions that did not succeed',
      eventPattern: Fn.jsonencode({
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      }),
    });
    new CloudwatchEventTarget(this, 'Target', {
      rule: this.rule.name,
      targetId: 'topic',
      arn: topic.topicArn,
      inputTransformer: {
        inputPaths: { status: '$.detail.status', execution: '$.detail.executionArn' },
        inputTemplate: '"<execution> ended as <status>"',
      },
    });
  }
}
