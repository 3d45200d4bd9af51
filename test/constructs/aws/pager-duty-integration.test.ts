import { type AlertSubscriber, AlertTopic, type PagerDutySubscriber } from '../../../constructs/aws';
import { named, onAws, statements } from './fixtures';
import { addKey, IMAGE } from './function-fixtures';

const SECRET_ARN = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:shop-prod/pagerduty-AbCdEf';
const KEY_ARN = 'arn:aws:kms:us-east-1:111122223333:key/11111111-1111-4111-8111-111111111111';
const TEAM = { kind: 'email', address: 'platform@shop.example' } as const;

const paged = (props: Partial<PagerDutySubscriber> = {}, others: Record<string, AlertSubscriber> = { Team: TEAM }) =>
  onAws((stack) => {
    const subscriber = { kind: 'pagerduty', secretArn: SECRET_ARN, image: IMAGE, key: addKey(stack) } as const;
    const subscribers = { PagerDuty: { ...subscriber, ...props }, ...others };
    new AlertTopic(stack, 'Topic', { topicName: 'shop-prod-pages', subscribers });
  });
const defaults = paged();

test('a function of the image is told what the topic is told, once it may be', () => {
  expect(defaults.resource('aws_lambda_function')).toMatchObject({
    function_name: 'shop-prod-pages-PagerDuty',
    image_config: { command: ['page'] },
    timeout: 30,
    environment: {
      variables: {
        FUNCTIONS_SECRET_ARN: SECRET_ARN,
        FUNCTIONS_SEVERITY: 'critical',
        FUNCTIONS_EVENTS_URL: 'https://events.pagerduty.com/v2/enqueue',
      },
    },
  });
  expect(named(defaults, 'aws_sns_topic_subscription', 'Topic_PagerDuty')).toMatchObject({
    protocol: 'lambda',
    endpoint: expect.stringMatching(/^\$\{aws_lambda_function\.Topic_PagerDuty_Function_\w+\.arn\}$/),
    depends_on: [expect.stringMatching(/^aws_lambda_permission\.Topic_PagerDuty_Permission_/)],
  });
  expect(defaults.resource('aws_lambda_permission')).toMatchObject({
    principal: 'sns.amazonaws.com',
    source_arn: expect.stringMatching(/^\$\{aws_sns_topic\.Topic_\w+\.arn\}$/),
  });
  expect(defaults.resource('aws_lambda_permission')).not.toHaveProperty('source_account');
});

test('the others of the topic are told as before', () => {
  const subscriptions = Object.values(defaults.resources('aws_sns_topic_subscription'));
  expect(subscriptions.map(({ protocol }) => protocol).sort()).toEqual(['email', 'lambda']);
});

test('severity and the place of the account are as chosen', () => {
  const { environment } = paged({ severity: 'warning', serviceRegion: 'eu' }).resource('aws_lambda_function');
  expect(environment).toMatchObject({
    variables: {
      FUNCTIONS_SEVERITY: 'warning',
      FUNCTIONS_EVENTS_URL: 'https://events.eu.pagerduty.com/v2/enqueue',
    },
  });
});

describe('the function may', () => {
  const reads = (stack: typeof defaults) =>
    statements(named(stack, 'aws_iam_role_policy', 'Topic_PagerDuty_Function_Role_ReadRoutingKey').policy);
  const read = { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: [SECRET_ARN] };

  test('read this one secret', () => {
    expect(reads(defaults)).toEqual([read]);
  });

  test('decrypt it by its own key through Secrets Manager, where it has one', () => {
    expect(reads(paged({ secretKeyArn: KEY_ARN }))).toEqual([
      read,
      {
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: [KEY_ARN],
        Condition: {
          StringEquals: { 'kms:ViaService': expect.stringMatching(/^secretsmanager\.\$\{.*\}\.amazonaws/) },
        },
      },
    ]);
  });

  test('put what failed three times into its dead letters, and nothing else', () => {
    const policies = Object.values(defaults.resources('aws_iam_role_policy')).map(({ name }) => name);
    expect(policies.sort()).toEqual(['DeadLettersKey', 'DeadLettersSend', 'ReadRoutingKey', 'WriteLogs']);
    expect(defaults.resource('aws_lambda_function_event_invoke_config')).toMatchObject({
      maximum_retry_attempts: 2,
      destination_config: { on_failure: { destination: expect.stringMatching(/aws_sqs_queue\.Topic_PagerDuty_/) } },
    });
  });
});

test('an alarm tells the others of what PagerDuty was not told, and when that is over', () => {
  const topic = expect.stringMatching(/^\$\{aws_sns_topic\.Topic_\w+\.arn\}$/);
  expect(defaults.resource('aws_cloudwatch_metric_alarm')).toMatchObject({
    alarm_name: 'shop-prod-pages-PagerDuty-undelivered',
    metric_name: 'ApproximateNumberOfMessagesVisible',
    dimensions: { QueueName: expect.stringMatching(/aws_sqs_queue\.Topic_PagerDuty_DeadLetters_\w+\.name/) },
    threshold: 1,
    treat_missing_data: 'notBreaching',
    alarm_actions: [topic],
    ok_actions: [topic],
  });
});

test('fails when nobody else would hear that PagerDuty was not reached', () => {
  expect(() => paged({}, {})).toThrow(
    'test/Topic: subscribers has nobody but PagerDuty, so nobody would hear that it was not reached; add one of another kind, such as an e-mail address.',
  );
});

test('fails when the key itself is given in the place of its secret, and does not repeat it', () => {
  const key = 'R0123456789ABCDEFGHIJKLMNOPQRSTU';
  const build = () => paged({ secretArn: key });
  expect(build).toThrow('test/Topic/PagerDuty: secretArn must be the ARN of a secret of Secrets Manager');
  expect(build).not.toThrow(key);
});

test('the HCL', async () => {
  const hcl = await defaults.hcl();
  expect(hcl.slice(hcl.indexOf('resource "aws_lambda_function"'))).toMatchSnapshot();
});
