import {
  DEFAULT_RETRAINING_CANDIDATES,
  RetrainingWorkflow,
  type RetrainingWorkflowProps,
} from '../../../constructs/aws';
import { RETRAINING_STAGES } from '../../../constructs/aws/workflow/retraining-definition';
import { DEFAULT_SETTINGS } from '../../../trainer/src/protocol';
import { hclOf, named, onAws, statements } from './fixtures';
import { addKey, addStores, IMAGE } from './function-fixtures';

const withWorkflow = (props: Partial<RetrainingWorkflowProps> = {}) =>
  onAws((stack) => {
    const stores = addStores(stack);
    const common = {
      image: IMAGE,
      key: addKey(stack),
      model: 'online-retail',
      ...stores,
    };
    new RetrainingWorkflow(stack, 'Retraining', {
      ...common,
      workflowName: 'shop-prod-retraining',
      ...props,
    });
  });
const defaults = withWorkflow();
const environmentOf = (stack: typeof defaults, stage: string) =>
  named(stack, 'aws_lambda_function', `Retraining_Functions_${stage}`).environment as {
    variables: Record<string, string>;
  };

test('a function of the image to each stage, named and told by the stage', () => {
  const functions = Object.values(defaults.resources('aws_lambda_function'));
  expect(functions.map(({ function_name: name }) => name).toSorted()).toEqual(
    RETRAINING_STAGES.map((stage) => `shop-prod-retraining-${stage}`).toSorted(),
  );
  for (const { function_name: name, image_config: config } of functions) {
    expect(`shop-prod-retraining-${(config as { command: string[] }).command[0]}`).toBe(name);
  }
});

test('the machine logs every state with what it was given, is traced, and encrypted by the key', () => {
  expect(defaults.resource('aws_sfn_state_machine')).toMatchObject({
    name: 'shop-prod-retraining',
    type: 'STANDARD',
    logging_configuration: {
      level: 'ALL',
      include_execution_data: true,
      log_destination: expect.stringMatching(/aws_cloudwatch_log_group\.Retraining_LogGroup_\w+\.arn\}:\*$/),
    },
    tracing_configuration: { enabled: true },
    encryption_configuration: {
      type: 'CUSTOMER_MANAGED_KMS_KEY',
      kms_data_key_reuse_period_seconds: 300,
    },
  });
});

test('the definition names the functions of this stack', () => {
  const { definition } = defaults.resource('aws_sfn_state_machine') as {
    definition: string;
  };
  for (const stage of RETRAINING_STAGES) {
    const id = `Retraining_Functions_${stage.replace(/^./, (letter) => letter.toUpperCase())}`;
    expect(definition).toMatch(new RegExp(`"FunctionName" = aws_lambda_function\\.${id}_\\w+\\.arn`));
  }
});

test('one candidate has the settings of the published model', () => {
  const { lambda, trainingHalfLifeDays, trend, weighting } = DEFAULT_SETTINGS;
  expect(DEFAULT_RETRAINING_CANDIDATES).toContainEqual({
    name: `lambda-${lambda}`,
    lambda,
    trainingHalfLifeDays,
    trend,
    historyHalfLifeDays: weighting.kind === 'exponential' ? weighting.halfLifeDays : undefined,
  });
});

test('a lock lasts longer than an execution may', () => {
  const { definition } = defaults.resource('aws_sfn_state_machine') as {
    definition: string;
  };
  const [, seconds] = /"TimeoutSeconds" = (\d{4,})/.exec(definition) ?? [];
  expect(Number(environmentOf(defaults, 'Begin').variables.FUNCTIONS_LOCK_SECONDS)).toBeGreaterThan(Number(seconds));
});

describe('who may do what', () => {
  const policies = (stage: string) =>
    Object.entries(defaults.resources('aws_iam_role_policy'))
      .filter(([id]) => id.startsWith(`Retraining_Functions_${stage}_Role_`))
      .flatMap(([, { policy }]) => statements(policy));
  const actions = (stage: string) => new Set(policies(stage).flatMap(({ Action }) => Action));

  test.each([
    ['Begin', ['dynamodb:PutItem'], ['s3:GetObject', 's3:PutObject', 'sns:Publish']],
    ['Prepare', ['s3:GetObject', 's3:PutObject'], ['dynamodb:PutItem', 'sns:Publish']],
    ['Train', ['s3:GetObject', 's3:PutObject'], ['dynamodb:PutItem', 'sns:Publish']],
    ['Choose', ['logs:PutLogEvents'], ['s3:GetObject', 'dynamodb:PutItem', 'sns:Publish']],
    ['Promote', ['s3:GetObject', 's3:PutObject'], ['dynamodb:PutItem', 'sns:Publish']],
    ['Finish', ['dynamodb:UpdateItem', 'sns:Publish'], ['s3:GetObject', 's3:PutObject']],
  ])('%s may %j and not %j', (stage, allowed, refused) => {
    const found = actions(stage);
    expect(allowed.filter((action) => !found.has(action))).toEqual([]);
    expect(refused.filter((action) => found.has(action))).toEqual([]);
  });

  const all = RETRAINING_STAGES.map((stage) => stage.replace(/^./, (letter) => letter.toUpperCase()));

  test('nobody trains into the model store but those who register and promote', () => {
    const writers = all.filter((stage) =>
      policies(stage).some(
        ({ Action, Resource }) => `${Action}`.includes('s3:PutObject') && `${Resource}`.includes('ModelStore'),
      ),
    );
    expect(writers).toEqual(['Register', 'Promote']);
  });

  test('only register adds versions, and only promote moves a channel', () => {
    const puts = (stage: string) =>
      policies(stage)
        .filter(({ Action }) => [Action].flat().includes('s3:PutObject'))
        .flatMap(({ Resource }) => Resource ?? [])
        .map((resource) => /\/\*\/(\w+)\/\*/.exec(resource)?.[1])
        .filter((prefix) => prefix !== undefined);
    const stages = (prefix: string) => all.filter((stage) => puts(stage).includes(prefix));
    expect([stages('versions'), stages('channels')]).toEqual([['Register'], ['Promote']]);
  });

  test('no stage may delete an object', () => {
    expect(all.flatMap((stage) => [...actions(stage)])).not.toContain('s3:DeleteObject');
  });

  test('the machine may invoke its own functions, and no other', () => {
    const [statement] = statements(named(defaults, 'aws_iam_role_policy', 'Retraining_Role_InvokeStages').policy);
    expect(statement).toMatchObject({
      Effect: 'Allow',
      Action: 'lambda:InvokeFunction',
    });
    expect(statement?.Resource).toHaveLength(RETRAINING_STAGES.length);
    const role = named(defaults, 'aws_iam_role', 'Retraining_Role');
    expect(statements(role.assume_role_policy)[0]?.Condition).toMatchObject({
      ArnLike: {
        'aws:SourceArn': expect.stringMatching(/:stateMachine:shop-prod-retraining$/),
      },
    });
  });
});

describe('the state of runs', () => {
  test('is in a table paid by request, encrypted, restorable, from which old items expire', () => {
    expect(defaults.resource('aws_dynamodb_table')).toMatchObject({
      name: 'shop-prod-retraining-runs',
      billing_mode: 'PAY_PER_REQUEST',
      ttl: { attribute_name: 'expiresAt', enabled: true },
      point_in_time_recovery: { enabled: true },
      server_side_encryption: {
        enabled: true,
        kms_key_arn: expect.stringMatching(/aws_kms_key\.Key_/),
      },
    });
  });

  test.each([
    [undefined, true],
    [false, false],
  ])('with protection %p, a destroy is refused: %p', (protection, refused) => {
    expect(withWorkflow({ protection }).resource('aws_dynamodb_table')).toMatchObject({
      lifecycle: { prevent_destroy: refused },
      deletion_protection_enabled: refused,
    });
  });

  test('the logical id of the table stays what it is', () => {
    expect(Object.keys(defaults.resources('aws_dynamodb_table'))).toMatchInlineSnapshot(`
      [
        "Retraining_Runs_6A49962D",
      ]
    `);
  });
});

describe('what people hear', () => {
  test('one execution that fails, takes too long or is throttled is an alarm', () => {
    const alarms = Object.values(defaults.resources('aws_cloudwatch_metric_alarm'));
    expect(alarms.map(({ metric_name: name }) => name).toSorted()).toEqual([
      'ExecutionThrottled',
      'ExecutionsFailed',
      'ExecutionsTimedOut',
    ]);
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({
        namespace: 'AWS/States',
        threshold: 1,
        treat_missing_data: 'notBreaching',
        alarm_actions: [expect.stringMatching(/aws_sns_topic\.Retraining_Topic_/)],
      });
    }
  });

  test('each execution that did not succeed is told by its name', () => {
    const { event_pattern: pattern } = defaults.resource('aws_cloudwatch_event_rule') as { event_pattern: string };
    expect(pattern).toContain('"status" = ["FAILED", "TIMED_OUT", "ABORTED"]');
    expect(pattern).toMatch(/"stateMachineArn" = \[aws_sfn_state_machine\.Retraining_\w+\.arn\]/);
    expect(defaults.resource('aws_cloudwatch_event_target').arn).toMatch(/aws_sns_topic\.Retraining_Topic_/);
  });

  test('mail goes to whom it is to, and to nobody by default', () => {
    expect(defaults.resourceTypes()).not.toContain('aws_sns_topic_subscription');
    const mailed = withWorkflow({ emails: ['shop@shop.example'] }).resource('aws_sns_topic_subscription');
    expect(mailed).toMatchObject({
      protocol: 'email',
      endpoint: 'shop@shop.example',
    });
  });

  test('rules reach the topic, which EventBridge does without naming an account', () => {
    expect(defaults.resource('aws_sns_topic').kms_master_key_id).toMatch(/aws_kms_key\.Retraining_Topic_Key_/);
    expect(statements(defaults.resource('aws_sns_topic_policy').policy)).toContainEqual({
      Sid: 'EventBridge',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: expect.stringMatching(/aws_sns_topic\.Retraining_Topic_/),
    });
  });
});

test.each(['Shop', 'shop_prod', 'a'.repeat(56)])('fails when workflowName is %s', (workflowName) => {
  expect(() => withWorkflow({ workflowName })).toThrow(
    `test/Retraining: workflowName is ${workflowName}; it must be 1 to 55 lowercase letters, digits and hyphens`,
  );
});

test('fails without a candidate, or with two of a name', () => {
  expect(() => withWorkflow({ candidates: [] })).toThrow('candidates is empty; name at least one model to train.');
  const twice = { name: 'same', lambda: 1 };
  expect(() => withWorkflow({ candidates: [twice, twice] })).toThrow(
    'candidates has two named same; each needs a name of its own.',
  );
});

test('the HCL of the machine, its role, table, topic and alarms', async () => {
  expect(await hclOf(defaults, 'Retraining(?!_Functions)')).toMatchSnapshot();
});
