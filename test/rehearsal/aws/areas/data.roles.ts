import { ACCOUNT_ID, REGION } from '../area';
import { flowLogsRole } from '../parts/flow-logs-role';
import type { Call, RoleExpectation } from '../role-expectation';

const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${resource}`;
const BY_SECRETS_MANAGER = { 'kms:ViaService': `secretsmanager.${REGION}.amazonaws.com` };

const CONNECT: Call = { action: 'rds-db:connect', resource: arn('rds-db', 'dbuser:{{database_id}}/model_server') };
const SECRET = '{{administrator_secret_arn}}';
const KEY = '{{database_key_arn}}';

const METRICS = arn('logs', 'log-group:RDSOSMetrics');
const METRICS_STREAM = `${METRICS}:log-stream:db-ABCDEFGHIJKLMNOPQRSTUVWXYZ`;
const LOGS = arn('logs', 'log-group:/aws/rds/instance/shop-prod/postgresql');

export const roles: RoleExpectation[] = [
  flowLogsRole('shop-prod', 'shop-other'),
  {
    role: 'shop-prod-server',
    allowed: [
      CONNECT,
      { action: 'elasticache:Connect', resource: arn('elasticache', 'replicationgroup:shop-prod') },
      { action: 'elasticache:Connect', resource: arn('elasticache', 'user:shop-prod') },
    ],
    denied: [
      { action: 'rds-db:connect', resource: arn('rds-db', 'dbuser:{{database_id}}/administrator') },
      { action: 'rds-db:connect', resource: arn('rds-db', 'dbuser:{{database_id}}/model_server2') },
      { action: 'rds-db:connect', resource: arn('rds-db', 'dbuser:db-ABCDEFGHIJKLMNOPQRSTUVWXYZ/model_server') },
      { action: 'rds-db:connect', resource: '*' },
      { action: 'rds:DescribeDBInstances', resource: arn('rds', 'db:shop-prod') },
      { action: 'rds:ModifyDBInstance', resource: arn('rds', 'db:shop-prod') },
      { action: 'rds:DeleteDBInstance', resource: arn('rds', 'db:shop-prod') },
      { action: 'rds:CreateDBSnapshot', resource: arn('rds', 'db:shop-prod') },
      { action: 'secretsmanager:GetSecretValue', resource: SECRET },
      { action: 'kms:Decrypt', resource: KEY, context: BY_SECRETS_MANAGER },
      // The histories' users have a password.
      { action: 'elasticache:Connect', resource: arn('elasticache', 'replicationgroup:shop-prod-histories') },
      { action: 'elasticache:Connect', resource: arn('elasticache', 'user:shop-prod-histories') },
      { action: 'elasticache:ModifyUser', resource: arn('elasticache', 'user:shop-prod') },
      { action: 'elasticache:DeleteReplicationGroup', resource: arn('elasticache', 'replicationgroup:shop-prod') },
    ],
  },
  {
    role: 'shop-prod-migrations',
    allowed: [
      { action: 'secretsmanager:GetSecretValue', resource: SECRET },
      { action: 'secretsmanager:DescribeSecret', resource: SECRET },
      { action: 'kms:Decrypt', resource: KEY, context: BY_SECRETS_MANAGER },
    ],
    denied: [
      { action: 'secretsmanager:GetSecretValue', resource: arn('secretsmanager', 'secret:rds!db-other-AbCdEf') },
      { action: 'secretsmanager:PutSecretValue', resource: SECRET },
      { action: 'secretsmanager:UpdateSecret', resource: SECRET },
      { action: 'secretsmanager:DeleteSecret', resource: SECRET },
      { action: 'secretsmanager:RotateSecret', resource: SECRET },
      { action: 'secretsmanager:ListSecrets', resource: '*' },
      { action: 'kms:Decrypt', resource: KEY },
      { action: 'kms:Decrypt', resource: KEY, context: { 'kms:ViaService': `rds.${REGION}.amazonaws.com` } },
      { action: 'kms:GenerateDataKey', resource: KEY, context: BY_SECRETS_MANAGER },
      { action: 'kms:Encrypt', resource: KEY, context: BY_SECRETS_MANAGER },
      { action: 'kms:ScheduleKeyDeletion', resource: KEY },
      CONNECT,
    ],
  },
  {
    // AWS's own policy.
    role: 'shop-prod-monitoring',
    allowed: [
      { action: 'logs:CreateLogGroup', resource: METRICS },
      { action: 'logs:PutRetentionPolicy', resource: METRICS },
      { action: 'logs:CreateLogStream', resource: METRICS_STREAM },
      { action: 'logs:PutLogEvents', resource: METRICS_STREAM },
    ],
    denied: [
      { action: 'logs:PutLogEvents', resource: `${LOGS}:log-stream:shop-prod` },
      { action: 'logs:CreateLogStream', resource: `${LOGS}:log-stream:shop-prod` },
      { action: 'logs:GetLogEvents', resource: `${LOGS}:log-stream:shop-prod` },
      { action: 'logs:PutRetentionPolicy', resource: LOGS },
      { action: 'logs:DeleteLogGroup', resource: METRICS },
      { action: 'logs:DeleteLogStream', resource: METRICS_STREAM },
      { action: 'logs:FilterLogEvents', resource: METRICS },
      { action: 'rds:ModifyDBInstance', resource: arn('rds', 'db:shop-prod') },
      { action: 'rds:DescribeDBInstances', resource: arn('rds', 'db:shop-prod') },
      { action: 'secretsmanager:GetSecretValue', resource: SECRET },
      { action: 'kms:Decrypt', resource: KEY },
      CONNECT,
    ],
  },
];
