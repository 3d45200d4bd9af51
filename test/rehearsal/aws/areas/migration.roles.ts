import { ACCOUNT_ID, REGION } from '../area';
import { flowLogsRole } from '../parts/flow-logs-role';
import type { Call, RoleExpectation } from '../role-expectation';

const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${resource}`;
const BY_SECRETS_MANAGER = { 'kms:ViaService': `secretsmanager.${REGION}.amazonaws.com` };
const on = (resource: string, ...actions: string[]): Call[] => actions.map((action) => ({ action, resource }));
const KEY = '{{logins_key_arn}}';

/** The role that reads the login of one of the databases, and not that of the other. */
function login(database: 'source' | 'target', other: 'source' | 'target'): RoleExpectation {
  const secret = `{{${database}_login_arn}}`;
  return {
    role: `shop-prod-${database}-login`,
    allowed: [
      ...on(secret, 'secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'),
      { action: 'kms:Decrypt', resource: KEY, context: BY_SECRETS_MANAGER },
    ],
    denied: [
      ...on(`{{${other}_login_arn}}`, 'secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'),
      ...on(secret, 'secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecret', 'secretsmanager:DeleteSecret'),
      ...on(secret, 'secretsmanager:RotateSecret', 'secretsmanager:PutResourcePolicy'),
      { action: 'secretsmanager:ListSecrets', resource: '*' },
      ...on(KEY, 'kms:Decrypt', 'kms:ScheduleKeyDeletion'),
      { action: 'kms:Encrypt', resource: KEY, context: BY_SECRETS_MANAGER },
      { action: 'kms:GenerateDataKey', resource: KEY, context: BY_SECRETS_MANAGER },
      { action: 'kms:Decrypt', resource: arn('kms', 'key/other'), context: BY_SECRETS_MANAGER },
      { action: 'dms:StartReplicationTask', resource: arn('dms', 'task:shop-prod-forward') },
    ],
  };
}

const TASKS = arn('logs', 'log-group:dms-tasks-shop-prod');

export const roles: RoleExpectation[] = [
  flowLogsRole('shop-prod', 'shop-other'),
  login('source', 'target'),
  login('target', 'source'),
  {
    // AWS's own policy.
    role: 'dms-vpc-role',
    allowed: [
      ...on('*', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeSubnets'),
      ...on('*', 'ec2:DescribeVpcs', 'ec2:DescribeSecurityGroups'),
    ],
    denied: [
      ...on('*', 'ec2:RunInstances', 'ec2:AuthorizeSecurityGroupIngress', 'ec2:CreateSecurityGroup'),
      ...on('*', 'ec2:DeleteSubnet', 'ec2:DeleteVpc', 'ec2:CreateVpcEndpoint', 'ec2:AssociateAddress'),
      ...on('*', 'rds:DescribeDBInstances', 'secretsmanager:GetSecretValue', 'logs:PutLogEvents', 'iam:PassRole'),
    ],
  },
  {
    // AWS's own policy.
    role: 'dms-cloudwatch-logs-role',
    allowed: [
      { action: 'logs:DescribeLogGroups', resource: '*' },
      ...on(TASKS, 'logs:CreateLogGroup'),
      ...on(`${TASKS}:log-stream:dms-task-1`, 'logs:CreateLogStream', 'logs:PutLogEvents'),
    ],
    denied: [
      ...on(TASKS, 'logs:DeleteLogGroup', 'logs:PutRetentionPolicy', 'logs:FilterLogEvents'),
      ...on(`${TASKS}:log-stream:dms-task-1`, 'logs:GetLogEvents', 'logs:DeleteLogStream'),
      ...on(arn('logs', 'log-group:other:log-stream:a'), 'logs:PutLogEvents', 'logs:CreateLogStream'),
      ...on('{{source_login_arn}}', 'secretsmanager:GetSecretValue'),
      ...on('*', 'ec2:CreateNetworkInterface', 'dms:DeleteReplicationTask'),
    ],
  },
];
