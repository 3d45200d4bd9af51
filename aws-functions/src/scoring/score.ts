import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Logger } from 'pino';
import { z } from 'zod';
import { typed } from '../errors';
import type { Handler, Invocation } from '../runtime';
import type { BatchScorer } from './batch-scorer';
import { type ScoringTask, tasksOf } from './scoring-task';

const Messages = z.object({
  Records: z.array(z.object({ eventSource: z.literal('aws:sqs'), messageId: z.string(), body: z.string() })).min(1),
});

export interface ScoreOptions {
  readonly scorer: BatchScorer;
  /** The bucket whose news count. */
  readonly bucket: string;
  /** Where the rest of a task goes; without it, it is answered. */
  readonly queue?: { readonly client: SQSClient; readonly url: string };
  /** Seconds that must be left to begin another part. */
  readonly reserveSeconds: number;
  readonly logger: Logger;
}

/** Scores what an event asks for: a schedule's or a state machine's own, S3's, EventBridge's, or messages with these. */
export function scoreHandler({ scorer, bucket, queue, reserveSeconds, logger }: ScoreOptions): Handler {
  const hasTime = ({ deadlineMs }: Invocation) => deadlineMs - Date.now() > reserveSeconds * 1000;

  async function score(event: unknown, invocation: Invocation) {
    const outcomes: { users: number; version: string; rest?: ScoringTask }[] = [];
    for (const task of tasksOf(event, bucket)) {
      const { rest, ...outcome } = await scorer.run(task, () => hasTime(invocation));
      if (rest && queue) {
        await queue.client.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: JSON.stringify(rest) }));
      }
      outcomes.push({ ...outcome, ...(rest && !queue && { rest }) });
    }
    return { outcomes };
  }

  return async (event, invocation) => {
    const messages = Messages.safeParse(event);
    try {
      if (!messages.success) return await score(event, invocation);
    } catch (error) {
      throw typed(error);
    }
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const { messageId, body } of messages.data.Records) {
      try {
        if (!hasTime(invocation)) throw new Error('no time is left to begin it');
        await score(JSON.parse(body), invocation);
      } catch (error) {
        logger.error({ err: error, messageId }, 'a message comes back, or goes to the dead letters');
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };
}
