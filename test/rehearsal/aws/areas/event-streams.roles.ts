import { ACCOUNT_ID, REGION } from '../area';
import { flowLogsRole } from '../parts/flow-logs-role';
import type { Call, RoleExpectation } from '../role-expectation';

const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${resource}`;
const by = (service: string) => ({ 'kms:ViaService': `${service}.${REGION}.amazonaws.com` });
const on = (resource: string, ...actions: string[]): Call[] => actions.map((action) => ({ action, resource }));

const ORDERS = arn('sqs', 'shop-prod-orders.fifo');
const EMAILS = arn('sqs', 'shop-prod-emails');
const DEAD_LETTERS = arn('sqs', 'shop-prod-emails-dead-letters');
const CLICKS = arn('kinesis', 'stream/shop-prod-clicks');
const TOPIC = '{{kafka_topics}}/interactions';
const KEYS = { orders: '{{orders_key_arn}}', clicks: '{{clicks_key_arn}}' };

const SENDS = [...on(ORDERS, 'sqs:SendMessage', 'sqs:GetQueueUrl'), ...on(EMAILS, 'sqs:SendMessage')];
const RECEIVES = [
  ...on(ORDERS, 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'),
  ...on(EMAILS, 'sqs:ReceiveMessage', 'sqs:DeleteMessage'),
];
const PUTS = on(CLICKS, 'kinesis:PutRecord', 'kinesis:PutRecords');
const GETS = on(CLICKS, 'kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:ListShards');
/** What neither of them may do. */
const NEVER: Call[] = [
  ...on(ORDERS, 'sqs:PurgeQueue', 'sqs:DeleteQueue', 'sqs:SetQueueAttributes', 'sqs:AddPermission'),
  ...on(DEAD_LETTERS, 'sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:StartMessageMoveTask'),
  ...on(arn('sqs', 'shop-prod-other'), 'sqs:SendMessage', 'sqs:ReceiveMessage'),
  ...on(CLICKS, 'kinesis:DeleteStream', 'kinesis:DecreaseStreamRetentionPeriod', 'kinesis:StopStreamEncryption'),
  ...on(arn('kinesis', 'stream/shop-prod-clicks2'), 'kinesis:PutRecord', 'kinesis:GetRecords'),
  ...on('{{kafka_arn}}', 'kafka-cluster:AlterCluster', 'kafka:DeleteCluster'),
  ...on(TOPIC, 'kafka-cluster:DeleteTopic', 'kafka-cluster:AlterTopic', 'kafka-cluster:CreateTopic'),
  ...on('{{kafka_topics}}/interactions2', 'kafka-cluster:WriteData', 'kafka-cluster:ReadData'),
  { action: 'kms:Decrypt', resource: KEYS.orders },
  { action: 'kms:Decrypt', resource: KEYS.orders, context: by('kinesis') },
  { action: 'kms:Decrypt', resource: KEYS.clicks, context: by('sqs') },
  { action: 'kms:ScheduleKeyDeletion', resource: KEYS.orders },
];

export const roles: RoleExpectation[] = [
  flowLogsRole('shop-prod', 'shop-other'),
  {
    role: 'shop-prod-producer',
    allowed: [
      ...SENDS,
      ...PUTS,
      { action: 'kms:GenerateDataKey', resource: KEYS.orders, context: by('sqs') },
      { action: 'kms:Decrypt', resource: KEYS.orders, context: by('sqs') },
      { action: 'kms:GenerateDataKey', resource: KEYS.clicks, context: by('kinesis') },
      ...on('{{kafka_arn}}', 'kafka-cluster:Connect', 'kafka-cluster:WriteDataIdempotently'),
      ...on(TOPIC, 'kafka-cluster:DescribeTopic', 'kafka-cluster:WriteData'),
    ],
    denied: [
      ...NEVER,
      ...RECEIVES,
      ...GETS,
      { action: 'kms:Decrypt', resource: KEYS.clicks, context: by('kinesis') },
      ...on(TOPIC, 'kafka-cluster:ReadData'),
      ...on('{{kafka_groups}}/worker-1', 'kafka-cluster:AlterGroup'),
    ],
  },
  {
    role: 'shop-prod-worker',
    allowed: [
      ...RECEIVES,
      ...GETS,
      { action: 'kms:Decrypt', resource: KEYS.orders, context: by('sqs') },
      { action: 'kms:Decrypt', resource: KEYS.clicks, context: by('kinesis') },
      ...on('{{kafka_arn}}', 'kafka-cluster:Connect'),
      ...on(TOPIC, 'kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'),
      ...on('{{kafka_groups}}/worker-1', 'kafka-cluster:DescribeGroup', 'kafka-cluster:AlterGroup'),
    ],
    denied: [
      ...NEVER,
      ...on(ORDERS, 'sqs:SendMessage'),
      ...PUTS,
      { action: 'kms:GenerateDataKey', resource: KEYS.orders, context: by('sqs') },
      { action: 'kms:GenerateDataKey', resource: KEYS.clicks, context: by('kinesis') },
      ...on('{{kafka_arn}}', 'kafka-cluster:WriteDataIdempotently'),
      ...on(TOPIC, 'kafka-cluster:WriteData'),
      ...on('{{kafka_groups}}/other', 'kafka-cluster:AlterGroup'),
    ],
  },
];
