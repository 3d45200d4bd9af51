import { ACCOUNT_ID, REGION } from '../area';
import type { RoleExpectation } from '../role-expectation';
import { CHAT_ROLE, INBOX, PAGER, ROUTING_KEY_ARN, ROUTING_KEY_KEY_ARN } from './observability';
import { lambdaArn, logsOf, queueArn } from './serverless.roles';

const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${resource}`;
const TOPIC = arn('sns', 'shop-prod-pages');
const BY_SECRETS_MANAGER = { 'kms:ViaService': `secretsmanager.${REGION}.amazonaws.com` };
const LINES = arn('logs', 'log-group:/shop/prod/scoring:*');

export const roles: RoleExpectation[] = [
  {
    role: CHAT_ROLE,
    trusts: ['chatbot.amazonaws.com'],
    allowed: [],
    denied: [
      { action: 'sns:Publish', resource: TOPIC },
      { action: 'sns:Subscribe', resource: TOPIC },
      { action: 'sns:GetTopicAttributes', resource: TOPIC },
      { action: 'sqs:ReceiveMessage', resource: arn('sqs', INBOX) },
      { action: 'kms:Decrypt', resource: arn('kms', 'key/*') },
      { action: 'logs:GetLogEvents', resource: LINES },
      { action: 'logs:StartQuery', resource: LINES },
      { action: 'cloudwatch:DescribeAlarms', resource: '*' },
      { action: 'cloudwatch:SetAlarmState', resource: arn('cloudwatch', 'alarm:shop-prod') },
      { action: 'cloudwatch:GetMetricData', resource: '*' },
      { action: 'lambda:InvokeFunction', resource: arn('lambda', 'function:pager') },
      { action: 'iam:PassRole', resource: `arn:aws:iam::${ACCOUNT_ID}:role/${CHAT_ROLE}` },
      { action: 'q:StartConversation', resource: '*' },
    ],
  },
  {
    role: PAGER,
    trusts: ['lambda.amazonaws.com'],
    allowed: [
      { action: 'secretsmanager:GetSecretValue', resource: ROUTING_KEY_ARN },
      { action: 'kms:Decrypt', resource: ROUTING_KEY_KEY_ARN, context: BY_SECRETS_MANAGER },
      { action: 'sqs:SendMessage', resource: queueArn(`${PAGER}-dead`) },
      logsOf(PAGER),
    ],
    denied: [
      { action: 'secretsmanager:GetSecretValue', resource: arn('secretsmanager', 'secret:shop-prod/database-AbCdEf') },
      { action: 'secretsmanager:GetSecretValue', resource: arn('secretsmanager', 'secret:shop-prod/pagerduty-other') },
      { action: 'secretsmanager:PutSecretValue', resource: ROUTING_KEY_ARN },
      { action: 'secretsmanager:UpdateSecret', resource: ROUTING_KEY_ARN },
      { action: 'secretsmanager:DeleteSecret', resource: ROUTING_KEY_ARN },
      { action: 'secretsmanager:ListSecrets', resource: '*' },
      { action: 'kms:Decrypt', resource: ROUTING_KEY_KEY_ARN },
      { action: 'kms:Encrypt', resource: ROUTING_KEY_KEY_ARN, context: BY_SECRETS_MANAGER },
      { action: 'sqs:ReceiveMessage', resource: queueArn(`${PAGER}-dead`) },
      { action: 'sqs:PurgeQueue', resource: queueArn(`${PAGER}-dead`) },
      { action: 'sqs:SendMessage', resource: queueArn('shop-prod-findings-other-dead') },
      { action: 'sns:Publish', resource: arn('sns', 'shop-prod-findings') },
      { action: 'sns:Subscribe', resource: arn('sns', 'shop-prod-findings') },
      { action: 'lambda:InvokeFunction', resource: lambdaArn(PAGER) },
      { action: 'lambda:UpdateFunctionConfiguration', resource: lambdaArn(PAGER) },
      { action: 'cloudwatch:SetAlarmState', resource: arn('cloudwatch', `alarm:${PAGER}-undelivered`) },
      { action: 'ec2:CreateNetworkInterface', resource: '*' },
      logsOf('shop-prod-scoring'),
    ],
  },
];
