import {
  DeadLetterQueue,
  FunctionImage,
  Network,
  Peer,
  Port,
  type RecommenderFunction,
  type RecommenderFunctionProps,
} from '../../../constructs/aws';
import { named, onAws, statements } from './fixtures';
import { addFunction, addKey, DIGEST } from './function-fixtures';

const withFunction = (
  props: Partial<RecommenderFunctionProps> = {},
  use: (fn: RecommenderFunction) => void = () => {},
) => onAws((stack) => use(addFunction(stack, addKey(stack), props)));
const defaults = withFunction();

test('it is an image by its digest, on arm64, told by its command which function it is', () => {
  expect(defaults.resource('aws_lambda_function')).toMatchObject({
    function_name: 'shop-prod-scoring',
    package_type: 'Image',
    image_uri: `111122223333.dkr.ecr.us-east-1.amazonaws.com/shop-functions@${DIGEST}`,
    image_config: { command: ['score'] },
    architectures: ['arm64'],
    memory_size: 1024,
    timeout: 60,
    ephemeral_storage: { size: 512 },
    environment: { variables: { FUNCTIONS_MODEL: 'shop' } },
    tracing_config: { mode: 'PassThrough' },
  });
});

test.each(['latest', 'sha256:abc', `sha256:${'A'.repeat(64)}`])('fails when the digest is %s', (digest) => {
  expect(() => FunctionImage.byDigest('repository', digest)).toThrow(
    `the image's digest is ${digest}; it must be sha256: and 64 lowercase hex digits.`,
  );
});

test('fails when an image is named by a tag', () => {
  expect(() => FunctionImage.byUri('registry/shop-functions:latest')).toThrow(
    'image is registry/shop-functions:latest, which has no digest',
  );
});

test('environment and log are encrypted by the key, and the log is kept 30 days', () => {
  const key = expect.stringMatching(/^\$\{aws_kms_key\.Key_\w+\.arn\}$/);
  expect(defaults.resource('aws_lambda_function').kms_key_arn).toEqual(key);
  expect(defaults.resource('aws_cloudwatch_log_group')).toMatchObject({
    name: '/aws/lambda/shop-prod-scoring',
    retention_in_days: 30,
    kms_key_id: key,
  });
  expect(defaults.resource('aws_lambda_function').logging_config).toMatchObject({
    log_format: 'JSON',
    log_group: expect.stringMatching(/aws_cloudwatch_log_group\.Function_LogGroup_/),
  });
});

test('the key lets in the logs of functions whose names begin as its own does', () => {
  const logs = statements(defaults.resource('aws_kms_key').policy).find(({ Sid }) => Sid === 'LogsOfTheseFunctions');
  const arns = logs?.Condition?.ArnLike?.['kms:EncryptionContext:aws:logs:arn'];
  expect(arns).toContainEqual(expect.stringMatching(/:log-group:\/aws\/lambda\/shop-prod\*$/));
});

describe('who may do what', () => {
  test('the role is for this function alone, and may write its own log and read its environment', () => {
    const role = defaults.resource('aws_iam_role');
    expect(statements(role.assume_role_policy)[0]).toMatchObject({
      Principal: { Service: 'lambda.amazonaws.com' },
      Condition: { ArnLike: { 'aws:SourceArn': expect.stringMatching(/:function:shop-prod-scoring$/) } },
    });
    expect(statements(defaults.resource('aws_iam_role_policy').policy)).toEqual([
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: expect.stringMatching(/aws_cloudwatch_log_group\.Function_LogGroup_\w+\.arn\}:\*$/),
      },
      {
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: expect.stringMatching(/aws_kms_key\.Key_/),
        Condition: {
          StringEquals: {
            'kms:EncryptionContext:aws:lambda:FunctionArn': expect.stringMatching(/:function:shop-prod-scoring$/),
          },
        },
      },
    ]);
  });

  test('nobody may invoke it until a service is let in, for one thing of this account', () => {
    expect(defaults.resourceTypes()).not.toContain('aws_lambda_permission');
    const opened = withFunction({}, (fn) => {
      fn.allowInvokeBy('Api', 'apigateway.amazonaws.com', 'arn:aws:execute-api:us-east-1:111122223333:abc/*');
    });
    expect(opened.resource('aws_lambda_permission')).toMatchObject({
      action: 'lambda:InvokeFunction',
      principal: 'apigateway.amazonaws.com',
      source_arn: 'arn:aws:execute-api:us-east-1:111122223333:abc/*',
      source_account: expect.stringMatching(/account_id/),
    });
  });
});

test('what failed goes to the dead letters, after two more attempts in six hours', () => {
  const stack = onAws((stack) => {
    const key = addKey(stack);
    addFunction(stack, key, { failures: new DeadLetterQueue(stack, 'Failures', { queueName: 'failures', key }) });
  });
  expect(stack.resource('aws_lambda_function_event_invoke_config')).toMatchObject({
    maximum_retry_attempts: 2,
    maximum_event_age_in_seconds: 21_600,
    destination_config: { on_failure: { destination: expect.stringMatching(/aws_sqs_queue\.Failures_/) } },
  });
  expect(statements(named(stack, 'aws_iam_role_policy', 'Function_Role_FailuresSend').policy)).toEqual([
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: expect.stringMatching(/aws_sqs_queue\.Failures_/) },
  ]);
});

describe('in a network', () => {
  const inside = onAws((stack) => {
    const network = new Network(stack, 'Network', { networkName: 'shop-prod', cidr: '10.66.0.0/16' });
    const fn = addFunction(stack, addKey(stack), { network });
    fn.connections.allowTo(Peer.anywhere(), Port.tcp(443), 'The model store is in S3');
  });

  test('it is in the private subnets, and connects where its connections say', () => {
    const { vpc_config: config } = inside.resource('aws_lambda_function') as {
      vpc_config: { subnet_ids: string[]; security_group_ids: string[] };
    };
    expect(config.subnet_ids).toHaveLength(2);
    for (const id of config.subnet_ids) expect(id).toMatch(/aws_subnet\.Network_Private/);
    expect(config.security_group_ids).toEqual([expect.stringMatching(/aws_security_group\.Function_SecurityGroup_/)]);
    expect(inside.resource('aws_vpc_security_group_egress_rule')).toMatchObject({
      description: 'The model store is in S3',
      from_port: 443,
    });
    expect(inside.resourceTypes()).not.toContain('aws_vpc_security_group_ingress_rule');
  });

  test('its role may make network interfaces, which without one it may not', () => {
    const joins = (stack: typeof inside) =>
      Object.values(stack.resources('aws_iam_role_policy')).filter(({ name }) => name === 'JoinNetwork');
    expect(joins(inside)).toHaveLength(1);
    expect(joins(defaults)).toHaveLength(0);
  });

  test('fails when it is in none and is to connect', () => {
    expect(() => withFunction({}, (fn) => fn.connections)).toThrow(
      'test/Function: shop-prod-scoring is in no VPC; set its network to connect it to something.',
    );
  });
});

test.each([
  ['memoryMegabytes', 127, '128 to 10240'],
  ['memoryMegabytes', 10_241, '128 to 10240'],
  ['timeoutSeconds', 0, '1 to 900'],
  ['timeoutSeconds', 901, '1 to 900'],
  ['storageMegabytes', 511, '512 to 10240'],
  ['storageMegabytes', 600.5, '512 to 10240'],
])('fails when size.%s is %p', (name, value, range) => {
  const size = { memoryMegabytes: 1024, timeoutSeconds: 60, [name]: value };
  expect(() => withFunction({ size })).toThrow(
    `test/Function: size.${name} is ${value}; it must be a whole number from ${range}.`,
  );
});

test.each(['scoring', `shop-prod-${'a'.repeat(60)}`, 'shop-prod.scoring'])(
  'fails when functionName is %s',
  (functionName) => {
    expect(() => withFunction({ functionName })).toThrow(
      `test/Function: functionName is ${functionName}; it must be 1 to 64 letters, digits, hyphens and underscores, and begin with shop-prod`,
    );
  },
);

test('the HCL', async () => {
  expect(await defaults.hcl()).toMatchSnapshot();
});
