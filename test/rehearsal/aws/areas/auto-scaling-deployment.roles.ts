import { ACCOUNT_ID } from '../area';
import { arn } from '../parts/server-calls';
import type { RoleExpectation } from '../role-expectation';
import { roles as serviceRoles } from './auto-scaling.roles';
import { LOG_DELIVERY, TRACES } from './workflow.roles';

const NAME = 'shop-prod-deployment';
const MACHINE = arn('states', `stateMachine:${NAME}`);
const machineRole = `arn:aws:iam::${ACCOUNT_ID}:role/shop-prod-machine`;
const TO_EC2 = { 'iam:PassedToService': 'ec2.amazonaws.com' };
const otherTemplate = { 'ec2:LaunchTemplate': arn('ec2', 'launch-template/lt-00000000000000000') };
const group = (name: string) =>
  arn('autoscaling', `autoScalingGroup:00000000-0000-4000-8000-000000000000:autoScalingGroupName/${name}`);

export const roles: RoleExpectation[] = [
  ...serviceRoles,
  {
    role: `${NAME}-states`,
    wildcards: [
      { action: 'autoscaling:DescribeAutoScalingGroups', why: 'descriptions of groups take no resource' },
      ...['Listeners', 'TargetHealth'].map((what) => ({
        action: `elasticloadbalancing:Describe${what}`,
        why: 'descriptions of load balancers take no resource',
      })),
      ...LOG_DELIVERY.map((call) => ({
        action: `logs:${call}`,
        why: 'the log of an execution is delivered, and deliveries take no resource',
      })),
      ...TRACES.map((call) => ({ action: `xray:${call}`, why: 'X-Ray has no resources for it' })),
    ],
    allowed: [
      { action: 'autoscaling:DescribeAutoScalingGroups', resource: '*' },
      { action: 'elasticloadbalancing:DescribeListeners', resource: '*' },
      { action: 'elasticloadbalancing:DescribeTargetHealth', resource: '*' },
      { action: 'cloudwatch:DescribeAlarms', resource: arn('cloudwatch', 'alarm:shop-prod-error-rate') },
      { action: 'states:ListExecutions', resource: MACHINE },
      {
        action: 'ec2:CreateTags',
        resource: arn('ec2', 'instance/i-00000000000000000'),
        context: { 'ec2:CreateAction': 'RunInstances' },
      },
      { action: 'iam:PassRole', resource: machineRole, context: TO_EC2 },
    ],
    denied: [
      { action: 'autoscaling:UpdateAutoScalingGroup', resource: group('payments') },
      { action: 'autoscaling:DeleteAutoScalingGroup', resource: group('shop-prod') },
      { action: 'autoscaling:PutScalingPolicy', resource: group('shop-prod') },
      {
        action: 'elasticloadbalancing:ModifyListener',
        resource: arn('elasticloadbalancing', 'listener/app/other/1/2'),
      },
      { action: 'elasticloadbalancing:DeleteListener', resource: '*' },
      { action: 'elasticloadbalancing:ModifyRule', resource: '*' },
      { action: 'cloudwatch:SetAlarmState', resource: arn('cloudwatch', 'alarm:shop-prod-error-rate') },
      { action: 'cloudwatch:DeleteAlarms', resource: arn('cloudwatch', 'alarm:shop-prod-error-rate') },
      { action: 'states:StartExecution', resource: MACHINE },
      { action: 'states:ListExecutions', resource: `${MACHINE}-other` },
      { action: 'ec2:RunInstances', resource: arn('ec2', 'instance/*') },
      { action: 'ec2:RunInstances', resource: arn('ec2', 'instance/*'), context: otherTemplate },
      { action: 'ec2:CreateTags', resource: arn('ec2', 'instance/i-00000000000000000') },
      { action: 'ec2:TerminateInstances', resource: arn('ec2', 'instance/i-00000000000000000') },
      { action: 'ec2:CreateLaunchTemplateVersion', resource: arn('ec2', 'launch-template/lt-00000000000000000') },
      { action: 'iam:PassRole', resource: `arn:aws:iam::${ACCOUNT_ID}:role/admin`, context: TO_EC2 },
      { action: 'iam:PassRole', resource: machineRole, context: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    ],
  },
];
