import {
  ReadFunction,
  type ReadFunctionProps,
  ScoringFunction,
  type ScoringFunctionProps,
} from '../../../constructs/aws';
import { hclOf, named, onAws, statements } from './fixtures';
import { addKey, addStores, IMAGE } from './function-fixtures';

type Environment = { variables: Record<string, string> };

const scoring = (props: Partial<ScoringFunctionProps> = {}) =>
  onAws((stack) => {
    const common = { ...addStores(stack), image: IMAGE, key: addKey(stack), model: 'online-retail' };
    new ScoringFunction(stack, 'Scoring', { ...common, functionName: 'shop-prod-scoring', ...props });
  });
const defaults = scoring();

test('it begins when a retraining leaves its histories', () => {
  expect(defaults.resource('aws_s3_bucket_notification').lambda_function).toEqual([
    expect.objectContaining({
      events: ['s3:ObjectCreated:*'],
      filter_prefix: 'output/',
      filter_suffix: '/histories.jsonl',
      lambda_function_arn: expect.stringMatching(/aws_lambda_function\.Scoring_Function_/),
    }),
  ]);
  expect(defaults.resource('aws_lambda_permission')).toMatchObject({
    principal: 's3.amazonaws.com',
    source_arn: expect.stringMatching(/aws_s3_bucket\.Data_/),
  });
});

test('the rest of a task goes to its queue, which gives it back', () => {
  const { variables } = defaults.resource('aws_lambda_function').environment as Environment;
  expect(variables.FUNCTIONS_QUEUE_URL).toMatch(/aws_sqs_queue\.Scoring_Queue_\w+\.url/);
  expect(defaults.resource('aws_lambda_event_source_mapping')).toMatchObject({
    event_source_arn: expect.stringMatching(/aws_sqs_queue\.Scoring_Queue_\w+\.arn/),
    function_name: expect.stringMatching(/aws_lambda_function\.Scoring_Function_/),
  });
});

test('it has 15 minutes, and reads histories and writes answers, nothing else of the purchases', () => {
  expect(defaults.resource('aws_lambda_function')).toMatchObject({ timeout: 900, memory_size: 3008 });
  const { policy } = named(defaults, 'aws_iam_role_policy', 'Scoring_Function_Role_DataScoring');
  expect(statements(policy).filter(({ Action }) => `${Action}`.startsWith('s3:'))).toEqual([
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: expect.stringMatching(/aws_s3_bucket\.Data_\w+\.arn\}$/) },
    {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: [expect.stringMatching(/\/output\/\*$/), expect.stringMatching(/\/input\/\*$/)],
    },
    { Effect: 'Allow', Action: 's3:PutObject', Resource: [expect.stringMatching(/\/output\/\*$/)] },
  ]);
});

test('it scores at times only when it is told to', () => {
  expect(defaults.resourceTypes()).not.toContain('aws_scheduler_schedule');
  const at = { expression: 'rate(1 day)', histories: 'input/people.jsonl', output: 'output/daily' };
  const schedule = scoring({ at }).resource('aws_scheduler_schedule');
  expect((schedule.target as { input: string }).input).toMatch(
    /"histories" = "input\/people\.jsonl", "output" = "output\/daily"/,
  );
});

describe('the read function', () => {
  const reading = (props: Partial<ReadFunctionProps> = {}) =>
    onAws((stack) => {
      const { modelStore } = addStores(stack);
      const common = { modelStore, image: IMAGE, key: addKey(stack), model: 'online-retail' };
      new ReadFunction(stack, 'Read', { ...common, functionName: 'shop-prod-read', ...props });
    });

  test('serves the channel of the store, with a cache in what it may write', () => {
    const fn = reading().resource('aws_lambda_function');
    expect(fn).toMatchObject({ memory_size: 1769, timeout: 10, image_config: { command: ['read'] } });
    expect((fn.environment as Environment).variables).toEqual({
      RECOMMENDER_STORE: expect.stringMatching(/^s3:\/\/\$\{aws_s3_bucket\.ModelStore_/),
      RECOMMENDER_MODEL: 'online-retail',
      RECOMMENDER_CHANNEL: 'production',
      RECOMMENDER_MODEL_CACHE: '/tmp/models',
      RECOMMENDER_MODEL_CACHE_MEGABYTES: '256',
      RECOMMENDER_USERS: '/tmp/users',
    });
  });

  test('the HCL', async () => {
    expect(await hclOf(reading(), 'Read')).toMatchSnapshot();
  });

  test('takes settings of the server', () => {
    const { environment } = reading({ settings: { RECOMMENDER_USERS: 'rediss://cache:6379' } }).resource(
      'aws_lambda_function',
    );
    expect((environment as Environment).variables.RECOMMENDER_USERS).toBe('rediss://cache:6379');
  });

  test('reads the store, and writes nothing there', () => {
    const { policy } = named(reading(), 'aws_iam_role_policy', 'Read_Role_ModelStoreRead');
    const actions = statements(policy).flatMap(({ Action }) => Action);
    expect(actions).toEqual(['s3:ListBucket', 's3:GetObject', 'kms:Decrypt']);
  });
});

test('the HCL of the function that scores', async () => {
  expect(await hclOf(defaults, 'Scoring')).toMatchSnapshot();
});
