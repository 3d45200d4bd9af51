import type { Construct } from 'constructs';
import { AwsAccount } from '../aws-account';
import { ServiceRole } from '../service-role';
import { stateMachinePolicies } from './state-machine-policies';

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
  for (const [name, statements] of Object.entries(stateMachinePolicies(scope, workflowName, keyArn))) {
    role.addPolicy(name, statements);
  }
  return role;
}
