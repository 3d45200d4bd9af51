import { DeadLetterQueue, Schedule, type ScheduleProps, startsFunction } from '../../../constructs/aws';
import { named, onAws, statements } from './fixtures';
import { addFunction, addKey } from './function-fixtures';

const withSchedule = (props: Partial<ScheduleProps> = {}) =>
  onAws((stack) => {
    const key = addKey(stack);
    new Schedule(stack, 'Schedule', {
      scheduleName: 'shop-prod-scoring',
      expression: 'cron(0 3 * * ? *)',
      target: startsFunction(addFunction(stack, key)),
      input: { histories: 'input/people.jsonl' },
      key,
      failures: new DeadLetterQueue(stack, 'Failures', { queueName: 'shop-prod-starts', key }),
      ...props,
    });
  });
const defaults = withSchedule();

test('starts the function within a quarter of an hour, in UTC, and tries again for an hour', () => {
  const schedule = defaults.resource('aws_scheduler_schedule');
  expect(schedule).toMatchObject({
    schedule_expression: 'cron(0 3 * * ? *)',
    schedule_expression_timezone: 'UTC',
    flexible_time_window: { mode: 'FLEXIBLE', maximum_window_in_minutes: 15 },
    state: 'ENABLED',
    kms_key_arn: expect.stringMatching(/aws_kms_key\.Key_/),
  });
  expect(schedule.target).toMatchObject({
    arn: expect.stringMatching(/aws_lambda_function\.Function_\w+\.arn/),
    input: expect.stringContaining('"histories" = "input/people.jsonl"'),
    retry_policy: { maximum_retry_attempts: 5, maximum_event_age_in_seconds: 3600 },
    dead_letter_config: { arn: expect.stringMatching(/aws_sqs_queue\.Failures_/) },
  });
});

test('its role may invoke this function and fill the dead letters, for schedules of this account', () => {
  const role = named(defaults, 'aws_iam_role', 'Schedule_Role');
  expect(statements(role.assume_role_policy)[0]).toMatchObject({
    Principal: { Service: 'scheduler.amazonaws.com' },
    Condition: { ArnLike: { 'aws:SourceArn': expect.stringMatching(/:schedule-group\/default$/) } },
  });
  expect(statements(named(defaults, 'aws_iam_role_policy', 'Schedule_Role_FunctionInvoke').policy)).toEqual([
    {
      Effect: 'Allow',
      Action: 'lambda:InvokeFunction',
      Resource: expect.stringMatching(/aws_lambda_function\.Function_\w+\.arn\}$/),
    },
  ]);
  expect(statements(named(defaults, 'aws_iam_role_policy', 'Schedule_Role_FailuresSend').policy)).toHaveLength(1);
});

test('without enabled it starts nothing', () => {
  expect(withSchedule({ enabled: false }).resource('aws_scheduler_schedule').state).toBe('DISABLED');
});

test.each(['0 3 * * *', 'every day', 'cron()'])('fails when the expression is %s', (expression) => {
  expect(() => withSchedule({ expression })).toThrow(
    `test/Schedule: expression is ${expression}; it must be cron(…), rate(…) or at(…)`,
  );
});

test.each([0, 1441, 1.5])('fails when flexibleMinutes is %p', (flexibleMinutes) => {
  expect(() => withSchedule({ flexibleMinutes })).toThrow(
    `flexibleMinutes is ${flexibleMinutes}; it must be a whole number from 1 to 1440.`,
  );
});

test('the HCL', async () => {
  expect(await defaults.hcl()).toMatchSnapshot();
});
