import type { OpenStack } from '@cdktf-recommender/rehearsal';
import { emulatedRequest } from './emulated-request';
import { openArea } from './rehearsed-area';

interface Received {
  readonly Messages?: readonly { readonly Body: string; readonly ReceiptHandle: string }[];
}

describe('a queue that was deployed', () => {
  let stack: OpenStack;
  let outputs: Record<string, unknown>;
  beforeAll(async () => {
    stack = await openArea('event-streams');
    await stack.apply();
    outputs = await stack.outputs();
  }, 600_000);
  afterAll(() => stack?.stop());

  const call = <Answer>(action: string, body: Readonly<Record<string, unknown>>) =>
    emulatedRequest<Answer>(stack.moto.endpoint, { service: 'sqs', target: `AmazonSQS.${action}`, body });
  const receive = async (url: unknown) => {
    const { Messages = [] } = await call<Received>('ReceiveMessage', { QueueUrl: url, WaitTimeSeconds: 0 });
    return Messages;
  };

  it('gives a message twice, as maxReceiveCount says, and then to the dead letters', async () => {
    const { emails_url: QueueUrl, emails_dead_letter_url: deadLetterUrl } = outputs;
    await call('SendMessage', { QueueUrl, MessageBody: 'poison' });
    for (const _ of ['first', 'second']) {
      expect(await receive(deadLetterUrl)).toEqual([]);
      const [message] = await receive(QueueUrl);
      expect(message?.Body).toBe('poison');
      // As a consumer does that could not do it.
      await call('ChangeMessageVisibility', { QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 0 });
    }
    expect(await receive(QueueUrl)).toEqual([]);
    expect((await receive(deadLetterUrl)).map(({ Body }) => Body)).toEqual(['poison']);
  });

  it('forgets a message that its consumer deletes', async () => {
    const { emails_url: QueueUrl, emails_dead_letter_url: deadLetterUrl } = outputs;
    await call('SendMessage', { QueueUrl, MessageBody: 'welcome' });
    const [message] = await receive(QueueUrl);
    await call('DeleteMessage', { QueueUrl, ReceiptHandle: message?.ReceiptHandle });
    const attributes = await call<{ Attributes: Record<string, string> }>('GetQueueAttributes', {
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    });
    expect(attributes.Attributes).toEqual({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    });
    expect((await receive(deadLetterUrl)).map(({ Body }) => Body)).not.toContain('welcome');
  });
});
