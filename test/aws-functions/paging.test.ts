import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { EventsApi } from '../../aws-functions/src/paging/events-api';
import { type Notification, pagerDutyEvent, SnsEvent } from '../../aws-functions/src/paging/pager-duty-event';
import { PagingSettings, readSettings } from '../../aws-functions/src/settings';

const ALARM_ARN = 'arn:aws:cloudwatch:us-east-1:111122223333:alarm:shop-prod-failed-1h-page';
const TOPIC_ARN = 'arn:aws:sns:us-east-1:111122223333:shop-prod-pages';
const AT = '2026-11-22T22:00:00.000Z';
const KEY = 'R0123456789ABCDEFGHIJKLMNOPQRSTU';

const told = (message: string | object, rest: Partial<Notification> = {}): Notification => ({
  MessageId: '95df01b4-ee98-5cb9-9903-4c221d41eb5e',
  TopicArn: TOPIC_ARN,
  Message: typeof message === 'string' ? message : JSON.stringify(message),
  Timestamp: AT,
  ...rest,
});
const alarm = (NewStateValue: string, rest: object = {}) =>
  told({
    AlarmName: 'shop-prod-failed-1h-page',
    AlarmDescription: 'Requests fail so fast that the month is over in two days',
    AWSAccountId: '111122223333',
    NewStateValue,
    OldStateValue: 'OK',
    NewStateReason: 'shop-prod-failed-1h-of-1h transitioned to ALARM',
    AlarmArn: ALARM_ARN,
    ...rest,
  });

describe('what PagerDuty is told', () => {
  test('an alarm is an alert by its ARN, with what it is about', () => {
    expect(pagerDutyEvent(alarm('ALARM'), 'critical')).toEqual({
      event_action: 'trigger',
      dedup_key: ALARM_ARN,
      payload: {
        summary: 'shop-prod-failed-1h-page is ALARM: Requests fail so fast that the month is over in two days',
        source: ALARM_ARN,
        severity: 'critical',
        timestamp: AT,
        custom_details: { reason: 'shop-prod-failed-1h-of-1h transitioned to ALARM' },
      },
    });
  });

  test.each([
    ['ALARM', 'trigger'],
    ['INSUFFICIENT_DATA', 'trigger'],
    ['OK', 'resolve'],
  ])('an alarm that is %s: %s of the same alert', (state, action) => {
    expect(pagerDutyEvent(alarm(state), 'warning')).toMatchObject({
      event_action: action,
      dedup_key: ALARM_ARN,
      payload: { severity: 'warning' },
    });
  });

  test.each([null, ''])('an alarm described by %j is told by its reason', (AlarmDescription) => {
    expect(pagerDutyEvent(alarm('ALARM', { AlarmDescription }), 'critical').payload.summary).toBe(
      'shop-prod-failed-1h-page is ALARM: shop-prod-failed-1h-of-1h transitioned to ALARM',
    );
  });

  test('the longest name is still told apart from another one, within what PagerDuty takes', () => {
    const keys = ['a', 'b'].map((first) => {
      const AlarmArn = `arn:aws:cloudwatch:us-east-1:111122223333:alarm:${first}${'x'.repeat(254)}`;
      return pagerDutyEvent(alarm('ALARM', { AlarmArn, AlarmDescription: 'd'.repeat(2000) }), 'critical');
    });
    expect(keys.map(({ dedup_key }) => dedup_key.length)).toEqual([255, 255]);
    expect(keys[0]?.dedup_key).not.toBe(keys[1]?.dedup_key);
    expect(keys[0]?.payload.summary).toHaveLength(1024);
  });

  test.each<[string, Notification, string]>([
    [
      'its subject',
      told('spent 80 %', { Subject: 'AWS Budgets: shop-prod-monthly' }),
      'AWS Budgets: shop-prod-monthly',
    ],
    ['its first line', told('\nspent 80 %\nof 500'), 'spent 80 %'],
    ['its topic', told(' '), `A message without text of ${TOPIC_ARN}`],
    ['its text, where it is JSON of no alarm', told({ state: 'ALARM' }), '{"state":"ALARM"}'],
  ])('anything else is an alert of its own, by %s', (_, notification, summary) => {
    expect(pagerDutyEvent(notification, 'error')).toMatchObject({
      event_action: 'trigger',
      dedup_key: notification.MessageId,
      payload: { summary, source: TOPIC_ARN, custom_details: { message: notification.Message } },
    });
  });

  test.each([[{}], [{ Records: [] }], [{ Records: [{ EventSource: 'aws:sqs', body: '' }] }]])(
    'fails on %j',
    (event) => {
      expect(SnsEvent.safeParse(event).success).toBe(false);
    },
  );
});

describe('the Events API', () => {
  let server: Server;
  let answers: { status: number; body?: string }[];
  let asked: { routing_key: string; dedup_key: string }[];

  beforeEach(async () => {
    [answers, asked] = [[], []];
    server = createServer(async (request, response) => {
      const body = (await json(request)) as (typeof asked)[number];
      asked.push(body);
      const { status, body: text } = answers.shift() ?? { status: 202 };
      const headers = status === 302 ? { location: '/elsewhere' } : {};
      // An error of PagerDuty's that told what it was sent would tell the key.
      response.writeHead(status, headers).end(text ?? JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2/enqueue`;
  const send = (to = url()) =>
    new EventsApi({ url: to, backoffMs: 1 }).send(KEY, pagerDutyEvent(alarm('ALARM'), 'critical'));

  test('is sent the key and the event, once', async () => {
    await send();
    expect(asked).toEqual([{ routing_key: KEY, ...pagerDutyEvent(alarm('ALARM'), 'critical') }]);
  });

  test.each([429, 500, 502, 503])('is asked again after %i', async (status) => {
    answers = [{ status }, { status }];
    await send();
    expect(asked).toHaveLength(3);
    expect(new Set(asked.map(({ dedup_key }) => dedup_key))).toEqual(new Set([ALARM_ARN]));
  });

  test('fails after four attempts, and nothing tells the key', async () => {
    answers = Array.from({ length: 5 }, () => ({ status: 503 }));
    const error = await send().catch((error: Error) => error);
    expect(error).toMatchObject({
      name: 'PagerDutyError',
      message: expect.stringMatching(/^PagerDuty did not take arn:.*-page in 4 attempts: it answered 503 .*\*\*\*/),
    });
    expect((error as Error).message).not.toContain(KEY);
    expect(asked).toHaveLength(4);
  });

  test.each([400, 403])('is not asked again after %i, which stays as it is', async (status) => {
    answers = [{ status, body: '{"errors":["Length of \'routing_key\' is incorrect"]}' }];
    await expect(send()).rejects.toThrow(
      `PagerDuty did not take ${ALARM_ARN}: it answered ${status} {"errors":["Length of 'routing_key' is incorrect"]}`,
    );
    expect(asked).toHaveLength(1);
  });

  test('is not followed elsewhere', async () => {
    answers = [{ status: 302, body: '' }];
    await expect(send()).rejects.toThrow(`PagerDuty did not take ${ALARM_ARN}: it answered 302`);
    expect(asked).toHaveLength(1);
  });

  test('fails with the reason when nobody listens', async () => {
    const gone = url();
    await new Promise((resolve) => server.close(resolve));
    await expect(send(gone)).rejects.toThrow(/in 4 attempts: fetch failed: connect ECONNREFUSED/);
    server.listen(0);
  });
});

describe('the settings', () => {
  const SECRET = { FUNCTIONS_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:pagerduty' };

  test("are PagerDuty's own address and critical by default", () => {
    expect(readSettings(PagingSettings, SECRET)).toMatchObject({
      severity: 'critical',
      eventsUrl: 'https://events.pagerduty.com/v2/enqueue',
    });
  });

  test.each(['http://events.pagerduty.com/v2/enqueue', 'http://127.0.0.1.example/', 'ftp://events.pagerduty.com'])(
    'fails when the key would be sent to %s',
    (FUNCTIONS_EVENTS_URL) => {
      expect(() => readSettings(PagingSettings, { ...SECRET, FUNCTIONS_EVENTS_URL })).toThrow(
        'FUNCTIONS_EVENTS_URL: must be https, because the key is sent there',
      );
    },
  );
});
