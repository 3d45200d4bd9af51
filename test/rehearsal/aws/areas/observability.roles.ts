import { ACCOUNT_ID, REGION } from '../area';
import type { RoleExpectation } from '../role-expectation';
import { CHAT_ROLE, INBOX } from './observability';

const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${resource}`;
const TOPIC = arn('sns', 'shop-prod-pages');
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
];
