import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { type FunctionHost, type Moto, startMoto } from '@cdktf-recommender/rehearsal';
import { REGION } from './area';
import { awsEnvironment, createFunction, createFunctionRole, hostFunctions } from './functions-on-moto';
import { query, texts } from './query';

const KEY = 'R0123456789ABCDEFGHIJKLMNOPQRSTU';
const ALARM = 'shop-prod-undelivered';
let moto: Moto;
let host: FunctionHost;
let pagerDuty: Server;
let sns: SNSClient;
let lambda: LambdaClient;
let TopicArn: string;
let secretArn: string;
/** What PagerDuty answers next, in order; 202 after that. */
let statuses: number[] = [];
const received: Record<string, unknown>[] = [];
const lines: string[] = [];

beforeAll(async () => {
  pagerDuty = createServer(async (request, response) => {
    received.push((await json(request)) as Record<string, unknown>);
    response.writeHead(statuses.shift() ?? 202).end('{"status":"success"}');
  });
  await new Promise<void>((resolve) => pagerDuty.listen(0, '127.0.0.1', resolve));
  moto = await startMoto({ onProgress: console.log });
  Object.assign(process.env, awsEnvironment(moto));
  await createFunctionRole(moto);
  host = await hostFunctions(moto, (_, line) => lines.push(line));
  [sns, lambda] = [new SNSClient(), new LambdaClient()];
  const created = await secretsManager('CreateSecret', { Name: 'shop-prod/pagerduty', SecretString: `${KEY}\n` });
  secretArn = created.ARN ?? '';
  TopicArn = (await sns.send(new CreateTopicCommand({ Name: 'shop-prod-pages' }))).TopicArn ?? '';
  const Endpoint = await createFunction(lambda, {
    functionName: 'shop-prod-pages-PagerDuty',
    command: 'page',
    environment: {
      FUNCTIONS_SECRET_ARN: secretArn,
      FUNCTIONS_SEVERITY: 'critical',
      FUNCTIONS_EVENTS_URL: `http://127.0.0.1:${(pagerDuty.address() as AddressInfo).port}/v2/enqueue`,
    },
    timeoutSeconds: 30,
  });
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'lambda', Endpoint }));
  await alarms('PutMetricAlarm', {
    AlarmName: ALARM,
    AlarmDescription: 'Something is undelivered',
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateNumberOfMessagesVisible',
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    EvaluationPeriods: '1',
    Period: '60',
    Statistic: 'Maximum',
    Threshold: '1',
    'AlarmActions.member.1': TopicArn,
    'OKActions.member.1': TopicArn,
  });
}, 300_000);

afterAll(async () => {
  await host?.stop();
  for (const client of [sns, lambda]) client?.destroy();
  await moto?.stop();
  await new Promise((resolve) => pagerDuty.close(resolve));
});

beforeEach(() => {
  received.length = 0;
  statuses = [];
});

async function secretsManager(action: string, parameters: object): Promise<Record<string, string>> {
  const response = await fetch(moto.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `secretsmanager.${action}`,
      authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/secretsmanager/aws4_request`,
    },
    body: JSON.stringify(parameters),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Record<string, string>;
}

const alarms = (action: string, parameters: Record<string, string>) =>
  query(moto.endpoint, 'monitoring', '2010-08-01', action, parameters);
const setState = (StateValue: 'ALARM' | 'OK') =>
  alarms('SetAlarmState', { AlarmName: ALARM, StateValue, StateReason: 'rehearsal' });
const lastRun = () => host.runs.at(-1)?.outcome;

test('an alarm of CloudWatch is an alert of PagerDuty, and is resolved with it', async () => {
  await setState('ALARM');
  await setState('OK');
  const [alarmArn] = texts(await alarms('DescribeAlarms', { 'AlarmNames.member.1': ALARM }), 'AlarmArn');
  const { payload, ...trigger } = received[0] ?? {};
  expect(trigger).toEqual({ routing_key: KEY, event_action: 'trigger', dedup_key: alarmArn });
  expect(payload).toMatchObject({ summary: `${ALARM} is ALARM: Something is undelivered`, severity: 'critical' });
  expect(received.slice(1)).toEqual([
    expect.objectContaining({ routing_key: KEY, event_action: 'resolve', dedup_key: alarmArn }),
  ]);
});

test('what CloudWatch did not say is an alert, too', async () => {
  await sns.send(new PublishCommand({ TopicArn, Subject: 'AWS Budgets: shop-prod', Message: 'spent 80 %' }));
  expect(received).toEqual([
    expect.objectContaining({
      event_action: 'trigger',
      payload: expect.objectContaining({ summary: 'AWS Budgets: shop-prod' }),
    }),
  ]);
});

test('PagerDuty is asked again while it is overloaded', async () => {
  statuses = [429, 503];
  await sns.send(new PublishCommand({ TopicArn, Message: 'overloaded' }));
  expect(received).toHaveLength(3);
  expect(lastRun()).toEqual({ failed: false, payload: { sent: 1 } });
});

test('the invocation fails when PagerDuty refuses, so that Lambda keeps the page', async () => {
  statuses = [400];
  await sns.send(new PublishCommand({ TopicArn, Message: 'refused' }));
  expect(lastRun()).toMatchObject({
    failed: true,
    payload: { errorType: 'PagerDutyError', errorMessage: expect.stringMatching(/it answered 400/) },
  });
});

test('a new key is used at once, and what is none is refused without being told', async () => {
  const other = KEY.replace('R0', 'S1');
  await secretsManager('PutSecretValue', { SecretId: secretArn, SecretString: other });
  await sns.send(new PublishCommand({ TopicArn, Message: 'with the new key' }));
  expect(received).toEqual([expect.objectContaining({ routing_key: other })]);
  await secretsManager('PutSecretValue', { SecretId: secretArn, SecretString: `{"key":"${KEY}"}` });
  await sns.send(new PublishCommand({ TopicArn, Message: 'with none' }));
  expect(received).toHaveLength(1);
  expect(lastRun()).toMatchObject({
    failed: true,
    payload: { errorType: 'SettingsError', errorMessage: expect.stringMatching(/holds no routing key/) },
  });
});

test('no line of the log has a key', () => {
  expect(lines).toContainEqual(expect.stringMatching(/PagerDuty has it/));
  expect(lines).toContainEqual(expect.stringMatching(/holds no routing key/));
  expect(lines.join('\n')).not.toContain(KEY.slice(2));
});
