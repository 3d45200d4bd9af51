import { z } from 'zod';

/** What is to be scored, and how far that is. */
export const ScoringTask = z.strictObject({
  /** Key of the customers' histories in the data bucket: JSON lines as `recommender data histories` writes them. */
  histories: z.string().min(1),
  /** Prefix of the answers, without a slash at its end. */
  output: z.string().min(1),
  /** Items for each customer. */
  limit: z.number().int().min(1).max(100).default(20),
  /** @default - the version that the channel points to when the task begins */
  version: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** Where a part of it ended. @default - at the beginning */
  progress: z
    .strictObject({
      /** Tag of the histories, so that the rest is of the same file. */
      etag: z.string(),
      /** Bytes of the histories that are done. */
      offset: z.number().int(),
      parts: z.number().int(),
      users: z.number().int(),
      /** Lines that are no history. */
      skipped: z.number().int(),
    })
    .optional(),
});
export type ScoringTask = z.infer<typeof ScoringTask>;

const S3Records = z.object({
  Records: z
    .array(
      z.object({
        eventSource: z.literal('aws:s3'),
        s3: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string() }) }),
      }),
    )
    .min(1),
});

const ObjectCreated = z.object({
  'detail-type': z.literal('Object Created'),
  detail: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string() }) }),
});

/** What a retraining leaves for it: `output/<run>/histories.jsonl`. */
const HISTORIES = /^(output\/[^/]+)\/histories\.jsonl$/;

/**
 * The tasks that an event asks for: a task itself (a schedule's input, a message), or news of S3, directly or by
 * EventBridge, that a retraining's histories are there. News of other objects ask for nothing.
 *
 * @throws ZodError when it is none of these
 */
export function tasksOf(event: unknown, bucket: string): ScoringTask[] {
  const records = S3Records.safeParse(event);
  if (records.success) {
    return records.data.Records.flatMap(({ s3 }) =>
      // In S3's own events a key is written as in a URL's query.
      taskFor(s3.bucket.name, decodeURIComponent(s3.object.key.replaceAll('+', ' ')), bucket),
    );
  }
  const created = ObjectCreated.safeParse(event);
  if (created.success) return taskFor(created.data.detail.bucket.name, created.data.detail.object.key, bucket);
  return [ScoringTask.parse(event)];
}

function taskFor(bucket: string, key: string, own: string): ScoringTask[] {
  const [, output] = HISTORIES.exec(key) ?? [];
  if (bucket !== own || output === undefined) return [];
  return [ScoringTask.parse({ histories: key, output: `${output}/recommendations` })];
}
