import type { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import type { SfnStateMachineConfig } from '@cdktf/provider-aws/lib/sfn-state-machine';
import type { Construct } from 'constructs';
import { AwsAccount } from '../aws-account';
import type { PolicyStatement } from '../policy-document';
import { ServiceRole } from '../service-role';

interface StateMachineRoleProps {
  readonly stateMachineName: string;
  readonly description: string;
  /** Encrypts the state machine and its log. */
  readonly keyArn: string;
  /** What the states do, by the policy's name. */
  readonly work: Readonly<Record<string, readonly PolicyStatement[]>>;
}

/** Adds what a state machine acts as: it does its work, writes its log and traces, and uses its key. */
export function addStateMachineRole(scope: Construct, id: string, props: StateMachineRoleProps): ServiceRole {
  const { stateMachineName, description, keyArn, work } = props;
  const role = new ServiceRole(scope, id, {
    roleName: `${stateMachineName}-states`,
    description,
    service: 'states.amazonaws.com',
    sourceArn: AwsAccount.of(scope).arn('states', `stateMachine:${stateMachineName}`),
  });
  const policies = { ...work, ...stateMachinePolicies(scope, stateMachineName, keyArn) };
  for (const [name, statements] of Object.entries(policies)) role.addPolicy(name, statements);
  return role;
}

/** What each state machine is set to: encrypted, traced, every state in its log, with what it was given. */
export function stateMachineSettings(keyArn: string, logGroup: CloudwatchLogGroup) {
  return {
    type: 'STANDARD',
    encryptionConfiguration: {
      type: 'CUSTOMER_MANAGED_KMS_KEY',
      kmsKeyId: keyArn,
      kmsDataKeyReusePeriodSeconds: 300,
    },
    loggingConfiguration: {
      level: 'ALL',
      // What goes from state to state is names and counts; the data itself stays in its bucket.
      includeExecutionData: true,
      logDestination: `${logGroup.arn}:*`,
    },
    tracingConfiguration: { enabled: true },
  } satisfies Partial<SfnStateMachineConfig>;
}

/** What any state machine's role may do, beside its work: deliver its log, write traces, and use its key. */
function stateMachinePolicies(
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
