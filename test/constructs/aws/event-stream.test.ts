import type { TerraformStack } from 'cdktf';
import {
  type IEventStream,
  KinesisEventStream,
  type KinesisEventStreamProps,
  MskServerless,
  Network,
  type PodIdentity,
  QueueEventStream,
  type QueueEventStreamProps,
} from '../../../constructs/aws';
import type { SynthesizedStack } from '../../helpers/synth';
import { addCluster, hclOf, named, onAws, rendered, statements } from './fixtures';

const queue = (stack: TerraformStack, props: Partial<QueueEventStreamProps> = {}) =>
  new QueueEventStream(stack, 'Orders', { streamName: 'shop-prod-orders', ...props });
const log = (stack: TerraformStack, props: Partial<KinesisEventStreamProps> = {}) =>
  new KinesisEventStream(stack, 'Clicks', { streamName: 'shop-prod-clicks', ...props });
const kafka = (stack: TerraformStack, clusterName = 'shop-prod') =>
  new MskServerless(stack, 'Kafka', {
    clusterName,
    network: new Network(stack, 'Vpc', { networkName: 'shop-prod', cidr: '10.66.0.0/16' }),
  });

/** Statements of the policy that a grant adds to an identity. */
function granted(name: string, grant: (stack: TerraformStack, identity: PodIdentity) => void) {
  const template = onAws((stack) => {
    const identity = addCluster(stack).addWorkloadIdentity('Identity', {
      namespace: 'recommender',
      serviceAccountName: 'worker',
    });
    grant(stack, identity);
    expect(identity.ready).toHaveLength(2);
  });
  return statements(named(template, 'aws_iam_role_policy', `Cluster_Identity_${name}`).policy);
}

/** What a client has to know to write to a stream, by what it speaks. */
function whereTo(stream: IEventStream<PodIdentity>): string {
  switch (stream.protocol) {
    case 'queue':
      return stream.url;
    case 'log':
      return stream.streamName;
    case 'kafka':
      return stream.authentication === 'identity' ? stream.bootstrapServers : stream.certificateAuthority.secretName;
  }
}

test('a consumer knows by the protocol what it gets', () => {
  expect(rendered((stack) => whereTo(queue(stack)))).toMatch(/^\$\{aws_sqs_queue\.Orders_\w+\.url\}$/);
  expect(rendered((stack) => whereTo(log(stack)))).toMatch(/^\$\{aws_kinesis_stream\.Clicks_\w+\.name\}$/);
  expect(rendered((stack) => whereTo(kafka(stack)))).toMatch(/\.bootstrap_brokers_sasl_iam\}$/);
});

describe('a queue', () => {
  const withProps = (props: Partial<QueueEventStreamProps>) => onAws((stack) => void queue(stack, props));
  const defaults = withProps({});
  const orders = (template: SynthesizedStack = defaults) => ({
    ...template.resources('aws_sqs_queue').Orders_A9B65338,
  });
  const deadLetters = (template: SynthesizedStack = defaults) => named(template, 'aws_sqs_queue', 'Orders_DeadLetters');

  test('hands a message out five times, then it goes to the dead letters and stays for 14 days', () => {
    expect(orders().redrive_policy).toMatch(
      /^\$\{jsonencode\(\{"deadLetterTargetArn" = aws_sqs_queue\.Orders_DeadLetters_\w+\.arn, "maxReceiveCount" = 5\}\)\}$/,
    );
    expect(deadLetters()).toMatchObject({ message_retention_seconds: 1_209_600 });
    expect(orders()).toMatchObject({ message_retention_seconds: 345_600, visibility_timeout_seconds: 60 });
  });

  test('no other queue may send its dead letters there', () => {
    expect(defaults.resource('aws_sqs_queue_redrive_allow_policy')).toMatchObject({
      queue_url: expect.stringMatching(/Orders_DeadLetters_/),
      redrive_allow_policy: expect.stringMatching(
        /"redrivePermission" = "byQueue", "sourceQueueArns" = \[aws_sqs_queue/,
      ),
    });
  });

  test('in any order by default; with order by group both queues are FIFO', () => {
    expect(orders()).not.toHaveProperty('fifo_queue');
    const fifo = withProps({ order: 'group' });
    expect(orders(fifo)).toMatchObject({
      name: 'shop-prod-orders.fifo',
      fifo_queue: true,
      content_based_deduplication: true,
    });
    expect(deadLetters(fifo)).toMatchObject({ name: 'shop-prod-orders-dead-letters.fifo', fifo_queue: true });
  });

  test('nobody gets at either queue without TLS', () => {
    const policies = Object.values(defaults.resources('aws_sqs_queue_policy'));
    expect(policies).toHaveLength(2);
    for (const { policy } of policies) {
      expect(statements(policy)).toEqual([
        {
          Sid: 'TlsOnly',
          Effect: 'Deny',
          Principal: '*',
          Action: 'sqs:*',
          Resource: expect.stringMatching(/aws_sqs_queue\.Orders_.*\.arn\}$/),
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ]);
    }
  });

  test('both are encrypted by a key of their own', () => {
    for (const one of [orders(), deadLetters()]) {
      expect(one.kms_master_key_id).toMatch(/aws_kms_key\.Orders_Key_\w+\.arn/);
    }
  });

  test('who produces sends and encrypts, and receives nothing', () => {
    expect(granted('OrdersProduce', (stack, identity) => queue(stack).grants.produce(identity))).toEqual([
      {
        Effect: 'Allow',
        Action: ['sqs:SendMessage', 'sqs:GetQueueUrl'],
        Resource: expect.stringMatching(/aws_sqs_queue\.Orders_(?!Dead)/),
      },
      {
        Effect: 'Allow',
        Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
        Resource: expect.stringMatching(/aws_kms_key\.Orders_Key_/),
        Condition: { StringEquals: { 'kms:ViaService': expect.stringMatching(/^sqs\..+\.amazonaws\.com$/) } },
      },
    ]);
  });

  test('who consumes receives and deletes, and sends nothing', () => {
    const all = granted('OrdersConsume', (stack, identity) => queue(stack).grants.consume(identity));
    expect(all.flatMap(({ Action }) => Action)).toEqual([
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:ChangeMessageVisibility',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'kms:Decrypt',
    ]);
  });

  test.each([
    [undefined, true],
    [false, false],
  ])('with protection %p, a destroy of queues and key is refused: %p', (protection, prevent_destroy) => {
    const template = withProps({ protection });
    for (const one of [orders(template), deadLetters(template), template.resource('aws_kms_key')]) {
      expect(one.lifecycle).toEqual({ prevent_destroy });
    }
  });

  test('the logical ids stay what they are', () => {
    expect(Object.keys(defaults.resources('aws_sqs_queue'))).toEqual([
      'Orders_A9B65338',
      'Orders_DeadLetters_C4CFAA5C',
    ]);
  });

  test.each(['', 'a.fifo', 'a'.repeat(61)])('fails when streamName is %p', (streamName) => {
    expect(() => withProps({ streamName })).toThrow(
      `test/Orders: streamName is ${streamName}; it must be 1 to 60 letters, digits, hyphens and underscores, without .fifo.`,
    );
  });

  test.each([
    ['retentionDays', 15, '1 to 14'],
    ['visibilitySeconds', 0, '1 to 43200'],
    ['maxReceiveCount', 1.5, '1 to 1000'],
  ])('fails when %s is %p', (name, value, bounds) => {
    expect(() => withProps({ [name]: value })).toThrow(
      `${name} is ${value}; it must be a whole number from ${bounds}.`,
    );
  });

  test('the HCL', async () => {
    expect(await defaults.hcl()).toMatchSnapshot();
  });
});

describe('a log', () => {
  const withProps = (props: Partial<KinesisEventStreamProps>) => onAws((stack) => void log(stack, props));
  const defaults = withProps({});

  test('finds its number of shards by itself, encrypted by its own key, for a day', () => {
    expect(defaults.resource('aws_kinesis_stream')).toMatchObject({
      stream_mode_details: { stream_mode: 'ON_DEMAND' },
      encryption_type: 'KMS',
      kms_key_id: expect.stringMatching(/aws_kms_key\.Clicks_Key_/),
      retention_period: 24,
    });
    expect(withProps({ retentionHours: 168 }).resource('aws_kinesis_stream').retention_period).toBe(168);
  });

  test('who produces puts, who consumes gets, each with their half of the key', () => {
    const actions = (name: string, grant: (stack: TerraformStack, identity: PodIdentity) => void) =>
      granted(name, grant).flatMap(({ Action }) => Action);
    expect(actions('ClicksProduce', (stack, identity) => log(stack).grants.produce(identity))).toEqual([
      'kinesis:PutRecord',
      'kinesis:PutRecords',
      'kinesis:DescribeStreamSummary',
      'kms:GenerateDataKey',
    ]);
    expect(actions('ClicksConsume', (stack, identity) => log(stack).grants.consume(identity))).toEqual([
      'kinesis:GetRecords',
      'kinesis:GetShardIterator',
      'kinesis:ListShards',
      'kinesis:DescribeStreamSummary',
      'kms:Decrypt',
    ]);
  });

  test.each([
    [undefined, true],
    [false, false],
  ])('with protection %p, a destroy is refused: %p', (protection, refused) => {
    expect(withProps({ protection }).resource('aws_kinesis_stream')).toMatchObject({
      lifecycle: { prevent_destroy: refused },
      enforce_consumer_deletion: !refused,
    });
  });

  test.each([23, 8761, 24.5])('fails when retentionHours is %p', (retentionHours) => {
    expect(() => withProps({ retentionHours })).toThrow(
      `retentionHours is ${retentionHours}; it must be a whole number from 24 to 8760.`,
    );
  });

  test('fails when streamName has a slash', () => {
    expect(() => withProps({ streamName: 'a/b' })).toThrow('streamName is a/b; it must be 1 to 128 letters');
  });

  test('the HCL', async () => {
    expect(await defaults.hcl()).toMatchSnapshot();
  });
});

describe('a Kafka of MSK Serverless', () => {
  const defaults = onAws((stack) => void kafka(stack));

  test('is in the isolated subnets, for clients who log in by IAM, and closed', () => {
    expect(defaults.resource('aws_msk_serverless_cluster')).toMatchObject({
      client_authentication: { sasl: { iam: { enabled: true } } },
      vpc_config: [
        {
          subnet_ids: [expect.stringMatching(/Vpc_Isolated1_/), expect.stringMatching(/Vpc_Isolated2_/)],
          security_group_ids: [expect.stringMatching(/Kafka_SecurityGroup_/)],
        },
      ],
      lifecycle: { prevent_destroy: true },
    });
    expect(defaults.resourceTypes()).not.toContain('aws_vpc_security_group_ingress_rule');
  });

  test('who consumes reads the named topics in groups of its own', () => {
    const template = onAws((stack) => {
      const identity = addCluster(stack).addWorkloadIdentity('Identity', { namespace: 'a', serviceAccountName: 'b' });
      kafka(stack).grants.consume(identity, ['clicks'], 'worker-');
    });
    const { policy } = named(template, 'aws_iam_role_policy', 'Cluster_Identity_KafkaConsume');
    const cluster = 'aws_msk_serverless_cluster.Kafka_DE2CE4FA.arn';
    const inCluster = (kind: string, name: string) => `["\${replace(${cluster}, ":cluster/", ":${kind}/")}/${name}"]`;
    const statement = (actions: string, resource: string) =>
      `{"Effect" = "Allow", "Action" = [${actions}], "Resource" = ${resource}}`;
    const all = [
      statement('"kafka-cluster:Connect"', cluster),
      statement('"kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"', inCluster('topic', 'clicks')),
      statement('"kafka-cluster:DescribeGroup", "kafka-cluster:AlterGroup"', inCluster('group', 'worker-*')),
    ];
    expect(policy).toBe(`\${jsonencode({"Version" = "2012-10-17", "Statement" = [${all.join(', ')}]})}`);
  });

  test('costs more than the default budget', () => {
    onAws((stack) => expect(kafka(stack).usdPerMonth).toBeGreaterThan(500));
  });

  test.each([[[]], [['a/b']], [['*']]])('fails when topics is %j', (topics) => {
    expect(() => granted('KafkaProduce', (stack, identity) => kafka(stack).grants.produce(identity, topics))).toThrow(
      /^test\/Kafka: topics is .*; allowed are one or more names/,
    );
  });

  test('fails when clusterName begins with a digit', () => {
    expect(() => onAws((stack) => void kafka(stack, '1st'))).toThrow(
      'clusterName is 1st; it must be 1 to 64 letters, digits and hyphens, beginning with a letter.',
    );
  });
});

test('the HCL of a Kafka', async () => {
  expect(
    await hclOf(
      onAws((stack) => void kafka(stack)),
      'Kafka',
    ),
  ).toMatchSnapshot();
});
