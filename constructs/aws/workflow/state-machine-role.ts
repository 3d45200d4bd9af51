import type { Construct } from 'constructs';
import { AwsAccount } from '../aws-account';
import { ServiceRole } from '../service-role';

interface StateMachineRoleProps {
  readonly workflowName: string;
  /** Encrypts the state machine and its log. */
  readonly keyArn: string;
  /** What the states invoke. */
  readonly functionArns: readonly string[];
}

/** Adds what a state machine acts as: it invokes its functions, and writes its log and traces. */
export function addStateMachineRole(
  scope: Construct,
  { workflowName, keyArn, functionArns }: StateMachineRoleProps,
): ServiceRole {
  const account = AwsAccount.of(scope);
  const role = new ServiceRole(scope, 'Role', {
    roleName: `${workflowName}-states`,
    description: `Runs the stages of ${workflowName}`,
    service: 'states.amazonaws.com',
    sourceArn: account.arn('states', `stateMachine:${workflowName}`),
  });
  role.addPolicy('InvokeStages', [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: functionArns }]);
  role.addPolicy('WriteLogs', [
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
  ]);
  role.addPolicy('WriteTraces', [
    {
      Effect: 'Allow',
      Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
      // X-Ray has no resources for these: xray:PutTraceSegments.
      Resource: '*',
    },
  ]);
  role.addPolicy('UseKey', [
    {
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: keyArn,
      // Source: Step Functions developer guide, "Data at rest encryption".
      Condition: {
        StringEquals: {
          'kms:EncryptionContext:aws:states:stateMachineArn': account.arn('states', `stateMachine:${workflowName}`),
        },
      },
    },
    {
      Effect: 'Allow',
      Action: 'kms:GenerateDataKey',
      Resource: keyArn,
      Condition: { StringEquals: { 'kms:EncryptionContext:SourceArn': account.arn('logs', '*') } },
    },
  ]);
  return role;
}
