import { ACCOUNT_ID, REGION } from '../area';
import { flowLogsRole } from '../parts/flow-logs-role';
import type { Call, RoleExpectation } from '../role-expectation';

export const lambdaArn = (name: string) => `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:${name}`;
export const queueArn = (name: string) => `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${name}`;
export const MODELS = `arn:aws:s3:::shop-prod-models-${ACCOUNT_ID}`;
export const TRAINING = `arn:aws:s3:::shop-prod-training-${ACCOUNT_ID}`;

export const logsOf = (name: string): Call => ({
  action: 'logs:PutLogEvents',
  resource: `arn:aws:logs:${REGION}:${ACCOUNT_ID}:log-group:/aws/lambda/${name}:log-stream:today`,
});

export const roles: RoleExpectation[] = [
  flowLogsRole('shop-prod', 'shop-other'),
  {
    role: 'shop-prod-read',
    wildcards: [
      ...['CreateNetworkInterface', 'DescribeNetworkInterfaces', 'DescribeSubnets', 'DeleteNetworkInterface'],
      ...['AssignPrivateIpAddresses', 'UnassignPrivateIpAddresses'],
    ].map((call) => ({ action: `ec2:${call}`, why: 'Lambda makes interfaces as it, and checks that it may for any' })),
    allowed: [
      { action: 's3:GetObject', resource: `${MODELS}/online-retail/channels/production.json` },
      { action: 's3:ListBucket', resource: MODELS },
      { action: 'ec2:CreateNetworkInterface', resource: '*' },
      logsOf('shop-prod-read'),
    ],
    denied: [
      { action: 's3:PutObject', resource: `${MODELS}/online-retail/channels/production.json` },
      { action: 's3:DeleteObject', resource: `${MODELS}/online-retail/channels/production.json` },
      { action: 's3:GetObject', resource: `${TRAINING}/input/2011.csv` },
      { action: 's3:ListBucket', resource: TRAINING },
      { action: 'sqs:SendMessage', resource: queueArn('shop-prod-scoring') },
      { action: 'sqs:ReceiveMessage', resource: queueArn('shop-prod-scoring') },
      { action: 'lambda:InvokeFunction', resource: lambdaArn('shop-prod-scoring') },
      { action: 'lambda:UpdateFunctionCode', resource: lambdaArn('shop-prod-read') },
      { action: 'ec2:RunInstances', resource: '*' },
      { action: 'logs:DeleteLogGroup', resource: logsOf('shop-prod-read').resource },
      logsOf('shop-prod-scoring'),
    ],
  },
  {
    role: 'shop-prod-scoring',
    allowed: [
      { action: 's3:GetObject', resource: `${MODELS}/online-retail/channels/production.json` },
      { action: 's3:GetObject', resource: `${TRAINING}/output/run-1/histories.jsonl` },
      { action: 's3:PutObject', resource: `${TRAINING}/output/run-1/recommendations/part-00000.jsonl` },
      { action: 'sqs:SendMessage', resource: queueArn('shop-prod-scoring') },
      { action: 'sqs:ReceiveMessage', resource: queueArn('shop-prod-scoring') },
      { action: 'sqs:DeleteMessage', resource: queueArn('shop-prod-scoring') },
      { action: 'sqs:SendMessage', resource: queueArn('shop-prod-scoring-dead') },
      logsOf('shop-prod-scoring'),
    ],
    denied: [
      { action: 's3:PutObject', resource: `${MODELS}/online-retail/channels/production.json` },
      { action: 's3:PutObject', resource: `${TRAINING}/input/2011.csv` },
      { action: 's3:PutObject', resource: `${TRAINING}/intermediate/run-1/transactions.csv` },
      { action: 's3:GetObject', resource: `${TRAINING}/intermediate/run-1/transactions.csv` },
      { action: 's3:DeleteObject', resource: `${TRAINING}/output/run-1/histories.jsonl` },
      { action: 'sqs:ReceiveMessage', resource: queueArn('shop-prod-scoring-dead') },
      { action: 'sqs:PurgeQueue', resource: queueArn('shop-prod-scoring') },
      { action: 'sqs:SetQueueAttributes', resource: queueArn('shop-prod-scoring') },
      { action: 'sqs:SendMessage', resource: queueArn('shop-prod-other') },
      { action: 'ec2:CreateNetworkInterface', resource: '*' },
      { action: 'lambda:InvokeFunction', resource: lambdaArn('shop-prod-scoring') },
    ],
  },
  {
    role: 'shop-prod-scoring-schedule',
    allowed: [
      { action: 'lambda:InvokeFunction', resource: lambdaArn('shop-prod-scoring') },
      { action: 'sqs:SendMessage', resource: queueArn('shop-prod-scoring-dead') },
    ],
    denied: [
      { action: 'lambda:InvokeFunction', resource: lambdaArn('shop-prod-read') },
      { action: 'lambda:InvokeFunction', resource: lambdaArn('shop-prod-scoring-other') },
      { action: 'lambda:UpdateFunctionCode', resource: lambdaArn('shop-prod-scoring') },
      { action: 'lambda:DeleteFunction', resource: lambdaArn('shop-prod-scoring') },
      { action: 'lambda:GetFunction', resource: lambdaArn('shop-prod-scoring') },
      { action: 'sqs:SendMessage', resource: queueArn('shop-prod-scoring') },
      { action: 'sqs:ReceiveMessage', resource: queueArn('shop-prod-scoring-dead') },
      { action: 'sqs:DeleteMessage', resource: queueArn('shop-prod-scoring-dead') },
      { action: 's3:GetObject', resource: `${TRAINING}/input/histories.jsonl` },
      { action: 's3:GetObject', resource: `${MODELS}/online-retail/channels/production.json` },
    ],
  },
];
