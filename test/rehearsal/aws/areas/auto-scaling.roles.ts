import { flowLogsRole } from '../parts/flow-logs-role';
import {
  arn,
  otherSecrets,
  otherThanPullsImage,
  otherThanReadsModels,
  otherThanWritesLogs,
  pullsImage,
  readsModels,
  writesLogs,
} from '../parts/server-calls';
import type { RoleExpectation } from '../role-expectation';

export const roles: RoleExpectation[] = [
  flowLogsRole('shop-prod', 'shop-other'),
  {
    role: 'shop-prod-machine',
    wildcards: [
      { action: 'ecr:GetAuthorizationToken', why: 'a token is for the whole registry: the API takes no resource' },
      { action: 'ssm:UpdateInstanceInformation', why: 'an instance tells of itself: the API takes no resource' },
      ...['CreateControlChannel', 'CreateDataChannel', 'OpenControlChannel', 'OpenDataChannel'].map((call) => ({
        action: `ssmmessages:${call}`,
        why: 'a session goes over channels that the API takes no resource for',
      })),
    ],
    allowed: [
      ...readsModels,
      ...pullsImage,
      ...writesLogs,
      { action: 'ssm:UpdateInstanceInformation', resource: '*' },
      { action: 'ssmmessages:CreateDataChannel', resource: '*' },
    ],
    denied: [
      ...otherThanReadsModels,
      ...otherThanPullsImage,
      ...otherThanWritesLogs,
      ...otherSecrets,
      // What the managed policy for Session Manager has as well.
      { action: 'ssm:GetParameter', resource: arn('ssm', 'parameter/shop-prod/password') },
      { action: 'ssm:SendCommand', resource: arn('ec2', 'instance/i-00000000000000000') },
      { action: 'autoscaling:SetDesiredCapacity', resource: '*' },
    ],
  },
];
