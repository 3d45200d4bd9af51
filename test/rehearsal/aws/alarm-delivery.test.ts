import type { OpenStack } from '@cdktf-recommender/rehearsal';
import { INBOX } from './areas/observability';
import { query, texts } from './query';
import { openArea } from './rehearsed-area';

describe('alarms of a deployed service', () => {
  let area: OpenStack;
  beforeAll(async () => {
    area = await openArea('observability');
    await area.apply();
    await sqs('CreateQueue', { QueueName: INBOX });
  }, 300_000);
  afterAll(() => area?.stop());

  const sqs = (action: string, parameters: Record<string, string>) =>
    query(area.moto.endpoint, 'sqs', '2012-11-05', action, parameters);
  const setState = (AlarmName: string, StateValue: 'ALARM' | 'OK') =>
    query(area.moto.endpoint, 'monitoring', '2010-08-01', 'SetAlarmState', {
      AlarmName,
      StateValue,
      StateReason: 'rehearsal',
    });
  /** Takes what is in the queue: what SNS wraps, by alarm and state. */
  async function delivered(): Promise<string[]> {
    const QueueUrl = `${area.moto.endpoint}/123456789012/${INBOX}`;
    const answer = await sqs('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: '10' });
    for (const ReceiptHandle of texts(answer, 'ReceiptHandle')) await sqs('DeleteMessage', { QueueUrl, ReceiptHandle });
    return texts(answer, 'Body').map((body) => {
      const { AlarmName, NewStateValue } = JSON.parse(JSON.parse(body).Message);
      return `${AlarmName} ${NewStateValue}`;
    });
  }

  test('a page is sent when the long and the short window burn, not when one does; and again when it is over', async () => {
    await setState('shop-prod-failed-1h-of-1h', 'ALARM');
    expect(await delivered()).toEqual([]);
    await setState('shop-prod-failed-5m-of-1h', 'ALARM');
    expect(await delivered()).toEqual(['shop-prod-failed-1h-page ALARM']);
    await setState('shop-prod-failed-5m-of-1h', 'OK');
    expect(await delivered()).toEqual(['shop-prod-failed-1h-page OK']);
  });

  test('a ticket does not get anybody up', async () => {
    await setState('shop-prod-slow-3d-of-3d', 'ALARM');
    await setState('shop-prod-slow-6h-of-3d', 'ALARM');
    expect(await delivered()).toEqual([]);
    await setState('shop-prod-slow-6h-of-6h', 'ALARM');
    await setState('shop-prod-slow-30m-of-6h', 'ALARM');
    expect(await delivered()).toEqual(['shop-prod-slow-6h-page ALARM']);
  });
});
