import { WorkQueue, type WorkQueueConsumerOptions } from '../../../constructs/aws';
import { named, onAws, statements } from './fixtures';
import { addFunction, addKey } from './function-fixtures';

const withQueue = (options: WorkQueueConsumerOptions & { workSeconds?: number } = {}) =>
  onAws((stack) => {
    const { workSeconds = 60, ...consumer } = options;
    const key = addKey(stack);
    const queue = new WorkQueue(stack, 'Queue', { queueName: 'shop-prod-work', key, workSeconds });
    queue.addConsumer(addFunction(stack, key), consumer);
  });
const defaults = withQueue();

test('a message is hidden six times as long as the work may take, and is dead after three attempts', () => {
  const queue = Object.values(defaults.resources('aws_sqs_queue')).find(({ name }) => name === 'shop-prod-work') ?? {};
  expect(queue).toMatchObject({ name: 'shop-prod-work', visibility_timeout_seconds: 360 });
  expect(queue.redrive_policy).toMatch(/aws_sqs_queue\.Queue_DeadLetters_\w+\.arn.*"maxReceiveCount" = 3/);
  expect(named(defaults, 'aws_sqs_queue', 'Queue_DeadLetters')).toMatchObject({
    name: 'shop-prod-work-dead',
    message_retention_seconds: 1_209_600,
  });
});

test('no other queue may send its dead letters there', () => {
  const { redrive_allow_policy: policy } = defaults.resource('aws_sqs_queue_redrive_allow_policy');
  expect(policy).toMatch(/"redrivePermission" = "byQueue", "sourceQueueArns" = \[aws_sqs_queue\.Queue_\w+\.arn\]/);
});

test('both are encrypted by the key and refuse whoever comes without TLS', () => {
  for (const queue of Object.values(defaults.resources('aws_sqs_queue'))) {
    expect(queue.kms_master_key_id).toMatch(/aws_kms_key\.Key_/);
  }
  const policies = Object.values(defaults.resources('aws_sqs_queue_policy'));
  expect(policies).toHaveLength(2);
  for (const { policy } of policies) {
    expect(statements(policy)).toEqual([
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ]);
  }
});

test('of a batch only what failed comes back, and two invocations run at once', () => {
  expect(defaults.resource('aws_lambda_event_source_mapping')).toMatchObject({
    batch_size: 1,
    function_response_types: ['ReportBatchItemFailures'],
    scaling_config: { maximum_concurrency: 2 },
  });
});

test('the consumer may take and delete messages of this queue, and nothing else of SQS', () => {
  const { policy } = named(defaults, 'aws_iam_role_policy', 'Function_Role_QueueConsume');
  expect(statements(policy)).toEqual([
    {
      Effect: 'Allow',
      Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      Resource: expect.stringMatching(/aws_sqs_queue\.Queue_[0-9A-F]+\.arn\}$/),
    },
  ]);
});

test('fails when the function may take longer than a message is hidden for', () => {
  expect(() => withQueue({ workSeconds: 30 })).toThrow(
    "test/Queue: shop-prod-scoring may take 60 s, and the queue hides messages for work of 30 s. Set workSeconds to the function's limit.",
  );
});

test.each([
  ['batchSize', 0, '1 to 10'],
  ['batchSize', 11, '1 to 10'],
  ['maxConcurrency', 1, '2 to 1000'],
  ['maxConcurrency', 1001, '2 to 1000'],
])('fails when %s is %i', (name, value, range) => {
  expect(() => withQueue({ [name]: value })).toThrow(`${name} is ${value}; it must be a whole number from ${range}.`);
});

test('the HCL', async () => {
  expect(await defaults.hcl()).toMatchSnapshot();
});
