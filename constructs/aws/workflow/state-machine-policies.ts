import type { Construct } from 'constructs';
import { AwsAccount } from '../aws-account';
import type { PolicyStatement } from '../policy-document';

/** What any state machine's role may do, beside its work: deliver its log, write traces, and use its key. */
export function stateMachinePolicies(
  scope: Construct,
  stateMachineName: string,
  keyArn: string,
): Readonly<Record<string, PolicyStatement[]>> {
  const account = AwsAccount.of(scope);
  return {
    WriteLogs: [
      {
        Effect: 'Allow',
        Action: [
          'logs:CreateLogDelivery',
          'logs:CreateLogStream',
          'logs:GetLogDelivery',
          'logs:UpdateLogDelivery',
          'logs:DeleteLogDelivery',
          'logs:ListLogDeliveries',
          'logs:PutLogEvents',
          'logs:PutResourcePolicy',
          'logs:DescribeResourcePolicies',
          'logs:DescribeLogGroups',
        ],
        // The API of log deliveries takes no resource: logs:CreateLogDelivery.
        Resource: '*',
      },
    ],
    WriteTraces: [
      {
        Effect: 'Allow',
        Action: [
          'xray:PutTraceSegments',
          'xray:PutTelemetryRecords',
          'xray:GetSamplingRules',
          'xray:GetSamplingTargets',
        ],
        // X-Ray has no resources for these: xray:PutTraceSegments.
        Resource: '*',
      },
    ],
    UseKey: [
      {
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: keyArn,
        // Source: Step Functions developer guide, "Data at rest encryption".
        Condition: {
          StringEquals: {
            'kms:EncryptionContext:aws:states:stateMachineArn': account.arn(
              'states',
              `stateMachine:${stateMachineName}`,
            ),
          },
        },
      },
      {
        Effect: 'Allow',
        Action: 'kms:GenerateDataKey',
        Resource: keyArn,
        Condition: { StringEquals: { 'kms:EncryptionContext:SourceArn': account.arn('logs', '*') } },
      },
    ],
  };
}
