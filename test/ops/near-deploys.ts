import { ACCOUNT_ID } from '../rehearsal/aws/account';
import { CHAT_ROLE } from '../rehearsal/aws/areas/observability';
import type { Call } from '../rehearsal/aws/role-expectation';
import { Bootstrap } from './deploy-roles';

export const iam = (resource: string) => `arn:aws:iam::${ACCOUNT_ID}:${resource}`;
export const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${ACCOUNT_ID}:${resource}`;
export const STATE = `arn:aws:s3:::shop-prod-terraform-state-${ACCOUNT_ID}`;
export const OURS = { 'aws:ResourceTag/project': 'shop', 'aws:ResourceTag/environment': 'prod' };
const STAGING = { 'aws:ResourceTag/project': 'shop', 'aws:ResourceTag/environment': 'staging' };
export const BOUND = { 'iam:PermissionsBoundary': new Bootstrap().workloadBoundary };
export const passed = (service: string) => ({ 'iam:PassedToService': service });
/** The role that a service makes for itself, once an account. */
export const makesOwnRole = (service: string): Call => ({
  action: 'iam:CreateServiceLinkedRole',
  resource: iam(`role/aws-service-role/${service}/0`),
  context: { 'iam:AWSServiceName': service },
});
const teamsChannel = (name: string) =>
  `arn:aws:chatbot::${ACCOUNT_ID}:chat-configuration/microsoft-teams-channel/${name}`;
export const TEAMS_CHANNEL = teamsChannel(CHAT_ROLE);

/** Near what it may, whatever parts are on. */
export const DENIED: Readonly<Record<string, readonly Call[]>> = {
  'more power than its own': [
    { action: 'iam:CreateUser', resource: iam('user/shop-prod-admin') },
    { action: 'iam:CreateAccessKey', resource: iam('user/shop-prod-admin') },
    { action: 'iam:CreateRole', resource: iam('role/shop-prod-server') },
    {
      action: 'iam:CreateRole',
      resource: iam('role/shop-prod-server'),
      context: { 'iam:PermissionsBoundary': iam('policy/AdministratorAccess') },
    },
    { action: 'iam:CreateRole', resource: iam('role/administrator'), context: BOUND },
    { action: 'iam:AttachRolePolicy', resource: iam('role/shop-prod-server') },
    { action: 'iam:PutRolePolicy', resource: iam('role/shop-prod-server') },
    { action: 'iam:PutRolePolicy', resource: iam('role/shop-deploy'), context: BOUND },
    { action: 'iam:AttachRolePolicy', resource: iam('role/shop-deploy'), context: BOUND },
    {
      action: 'iam:PutRolePermissionsBoundary',
      resource: iam('role/shop-prod-server'),
      context: { 'iam:PermissionsBoundary': iam('policy/open') },
    },
    { action: 'iam:DeleteRolePermissionsBoundary', resource: iam('role/shop-prod-server') },
    { action: 'iam:DeleteRolePermissionsBoundary', resource: iam('role/shop-deploy') },
    { action: 'iam:CreatePolicyVersion', resource: iam('policy/shop-prod-boundary') },
    { action: 'iam:SetDefaultPolicyVersion', resource: iam('policy/shop-deploy-boundary') },
    { action: 'iam:DeletePolicy', resource: iam('policy/shop-prod-boundary') },
    { action: 'iam:UpdateAssumeRolePolicy', resource: iam('role/shop-deploy') },
    { action: 'iam:CreateOpenIDConnectProvider', resource: iam('oidc-provider/token.actions.githubusercontent.com') },
    { action: 'iam:PassRole', resource: iam('role/shop-prod-server'), context: passed('glue.amazonaws.com') },
    { action: 'iam:PassRole', resource: iam('role/shop-prod-server'), context: passed('cloudformation.amazonaws.com') },
    { action: 'iam:PassRole', resource: iam('role/administrator'), context: passed('ec2.amazonaws.com') },
    makesOwnRole('sso.amazonaws.com'),
    makesOwnRole('rds.application-autoscaling.amazonaws.com'),
    { action: 'sts:AssumeRole', resource: iam('role/shop-prod-server') },
    { action: 'sts:AssumeRole', resource: 'arn:aws:iam::999999999999:role/deploy' },
  ],
  'the account and its organization': [
    { action: 'organizations:LeaveOrganization', resource: '*' },
    { action: 'organizations:ListAccounts', resource: '*' },
    { action: 'account:CloseAccount', resource: '*' },
    { action: 'account:PutContactInformation', resource: '*' },
    { action: 'cloudtrail:DeleteTrail', resource: 'arn:aws:cloudtrail:us-east-1:999999999999:trail/organization' },
    { action: 'cloudtrail:StopLogging', resource: arn('cloudtrail', 'trail/organization') },
    { action: 'iam:UpdateAccountPasswordPolicy', resource: '*' },
    { action: 's3:PutAccountPublicAccessBlock', resource: '*' },
    { action: 'ec2:DisableEbsEncryptionByDefault', resource: '*' },
    { action: 'guardduty:DisassociateFromAdministratorAccount', resource: arn('guardduty', 'detector/0') },
  ],
  'the state': [
    { action: 'kms:ScheduleKeyDeletion', resource: arn('kms', 'key/StateKey') },
    { action: 'kms:ScheduleKeyDeletion', resource: arn('kms', 'key/StateKey'), context: OURS },
    { action: 'kms:PutKeyPolicy', resource: arn('kms', 'key/StateKey'), context: OURS },
    { action: 'kms:CreateGrant', resource: arn('kms', 'key/StateKey') },
    { action: 's3:DeleteObject', resource: `${STATE}/shop/prod/aws.tfstate` },
    { action: 's3:DeleteObjectVersion', resource: `${STATE}/shop/prod/aws.tfstate` },
    { action: 's3:DeleteBucket', resource: STATE },
    { action: 's3:PutBucketPolicy', resource: STATE },
    { action: 's3:PutBucketVersioning', resource: STATE },
    { action: 's3:PutLifecycleConfiguration', resource: STATE },
    { action: 's3:PutBucketPublicAccessBlock', resource: STATE },
    {
      action: 's3:GetObject',
      resource: `arn:aws:s3:::shop-staging-terraform-state-${ACCOUNT_ID}/shop/staging/aws.tfstate`,
    },
    {
      action: 's3:PutObject',
      resource: `arn:aws:s3:::shop-staging-terraform-state-${ACCOUNT_ID}/shop/staging/aws.tfstate`,
    },
    { action: 's3:ListBucket', resource: `arn:aws:s3:::shop-staging-terraform-state-${ACCOUNT_ID}` },
    { action: 's3:GetObject', resource: `${STATE}/other/prod/aws.tfstate` },
  ],
  "another project's or environment's": [
    { action: 's3:DeleteBucket', resource: 'arn:aws:s3:::billing-prod-invoices' },
    { action: 's3:PutBucketPolicy', resource: 'arn:aws:s3:::shop-staging-models' },
    { action: 'iam:DeleteRole', resource: iam('role/billing-prod-server') },
    { action: 'iam:DeleteRole', resource: iam('role/shop-staging-server') },
    { action: 'eks:DeleteCluster', resource: arn('eks', 'cluster/billing-prod') },
    { action: 'rds:DeleteDBInstance', resource: arn('rds', 'db:shop-staging') },
    { action: 'rds:ModifyDBInstance', resource: arn('rds', 'db:billing-prod') },
    { action: 'elasticache:DeleteReplicationGroup', resource: arn('elasticache', 'replicationgroup:billing-prod') },
    { action: 'dynamodb:DeleteTable', resource: arn('dynamodb', 'table/billing-prod-orders') },
    { action: 'lambda:UpdateFunctionCode', resource: arn('lambda', 'function:billing-prod-read') },
    { action: 'ecs:UpdateService', resource: arn('ecs', 'service/billing-prod/server') },
    { action: 'codepipeline:UpdatePipeline', resource: arn('codepipeline', 'billing-prod') },
    { action: 'kinesis:DeleteStream', resource: arn('kinesis', 'stream/billing-prod-clicks') },
    { action: 'sqs:SetQueueAttributes', resource: arn('sqs', 'billing-prod-orders') },
    { action: 'logs:DeleteLogGroup', resource: arn('logs', 'log-group:/aws/eks/billing-prod/cluster') },
    { action: 'secretsmanager:DeleteSecret', resource: arn('secretsmanager', 'secret:billing-prod/login-AbCdEf') },
    { action: 'backup:DeleteBackupVault', resource: arn('backup', 'backup-vault:billing-prod') },
    { action: 'ec2:DeleteVpc', resource: arn('ec2', 'vpc/0'), context: STAGING },
    { action: 'ec2:DeleteVpc', resource: arn('ec2', 'vpc/0') },
    { action: 'ec2:AuthorizeSecurityGroupIngress', resource: arn('ec2', 'security-group/0'), context: STAGING },
    {
      action: 'ec2:CreateTags',
      resource: arn('ec2', 'vpc/0'),
      context: { ...STAGING, 'aws:RequestTag/environment': 'prod', 'aws:RequestTag/project': 'shop' },
    },
    { action: 'ec2:CreateVpc', resource: arn('ec2', 'vpc/0') },
    { action: 'kms:ScheduleKeyDeletion', resource: arn('kms', 'key/0') },
    { action: 'kms:ScheduleKeyDeletion', resource: arn('kms', 'key/0'), context: STAGING },
    { action: 'kms:DeleteAlias', resource: arn('kms', 'alias/billing-prod-orders') },
    { action: 'ecr:PutImage', resource: arn('ecr', 'repository/billing/server') },
  ],
  "SageMaker's and Teams', near what it may": [
    { action: 'sagemaker:DeleteEndpoint', resource: arn('sagemaker', 'endpoint/billing-prod') },
    { action: 'sagemaker:UpdateEndpoint', resource: arn('sagemaker', 'endpoint/shop-staging') },
    { action: 'sagemaker:CreateModel', resource: arn('sagemaker', 'model/billing-prod-0') },
    { action: 'sagemaker:InvokeEndpoint', resource: arn('sagemaker', 'endpoint/shop-prod') },
    { action: 'sagemaker:CreateTrainingJob', resource: arn('sagemaker', 'training-job/shop-prod-training') },
    {
      action: 'sagemaker:CreatePresignedNotebookInstanceUrl',
      resource: arn('sagemaker', 'notebook-instance/shop-prod'),
    },
    { action: 'sagemaker:CreateDomain', resource: arn('sagemaker', 'domain/shop-prod') },
    { action: 'ec2:CreateNetworkInterface', resource: arn('ec2', 'subnet/0'), context: STAGING },
    { action: 'ec2:CreateNetworkInterface', resource: arn('ec2', 'security-group/0') },
    { action: 'logs:DeleteLogGroup', resource: arn('logs', 'log-group:/aws/sagemaker/ProcessingJobs') },
    { action: 'kms:DeleteAlias', resource: arn('kms', 'alias/sagemaker-endpoints-logs') },
    { action: 'chatbot:DeleteMicrosoftTeamsChannelConfiguration', resource: teamsChannel('billing-prod-pages') },
    { action: 'chatbot:UpdateMicrosoftTeamsChannelConfiguration', resource: teamsChannel('shop-staging-pages') },
    { action: 'chatbot:DeleteMicrosoftTeamsConfiguredTeam', resource: '*' },
    { action: 'chatbot:RedeemMicrosoftTeamsOauthCode', resource: '*' },
    { action: 'chatbot:UpdateAccountPreferences', resource: '*' },
    { action: 'iam:PassRole', resource: iam('role/administrator'), context: passed('chatbot.amazonaws.com') },
    { action: 'iam:PassRole', resource: iam('role/billing-prod-notebook'), context: passed('sagemaker.amazonaws.com') },
  ],
  'what is in it, and what no part makes': [
    { action: 's3:GetObject', resource: 'arn:aws:s3:::shop-prod-models/a' },
    { action: 's3:PutObject', resource: 'arn:aws:s3:::shop-prod-models/a' },
    { action: 'secretsmanager:GetSecretValue', resource: arn('secretsmanager', 'secret:shop-prod/users-url-AbCdEf') },
    {
      action: 'secretsmanager:PutResourcePolicy',
      resource: arn('secretsmanager', 'secret:shop-prod/users-url-AbCdEf'),
    },
    { action: 'dynamodb:GetItem', resource: arn('dynamodb', 'table/shop-prod-orders') },
    { action: 'sqs:ReceiveMessage', resource: arn('sqs', 'shop-prod-orders') },
    { action: 'kinesis:GetRecords', resource: arn('kinesis', 'stream/shop-prod-clicks') },
    { action: 'logs:GetLogEvents', resource: arn('logs', 'log-group:/aws/eks/shop-prod/cluster:log-stream:0') },
    { action: 'lambda:InvokeFunction', resource: arn('lambda', 'function:shop-prod-read') },
    { action: 'kms:Decrypt', resource: arn('kms', 'key/0'), context: OURS },
    { action: 'ssm:GetParameter', resource: arn('ssm', 'parameter/shop-prod/password') },
    { action: 'backup:DeleteRecoveryPoint', resource: arn('backup', 'recovery-point:0') },
    { action: 'rds:ModifyDBSnapshotAttribute', resource: arn('rds', 'snapshot:shop-prod') },
    { action: 's3:BypassGovernanceRetention', resource: 'arn:aws:s3:::shop-prod-models/a' },
    { action: 'route53domains:TransferDomain', resource: '*' },
  ],
};
