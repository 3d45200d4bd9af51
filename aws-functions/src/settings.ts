import { z } from 'zod';
import { SettingsError } from './errors';
import { SEVERITIES } from './paging/pager-duty-event';

/** Environment variables of the functions start with this; any other one with it is refused, as it is likely a typo. */
const PREFIX = 'FUNCTIONS_';

const Whole = (least: number) => z.coerce.number().int().min(least);

/** Settings of all functions that work with models. */
const Common = {
  dataBucket: z.string().min(3).describe('Bucket with `input/`, `intermediate/` and `output/`.'),
  modelStore: z.string().min(1).describe('Model store, as the registry opens it.'),
  model: z.string().min(1).describe("The model's name in the store."),
  channel: z.string().min(1).default('production').describe('Channel whose version serves.'),
  scratch: z.string().min(1).default('/tmp/recommender').describe('Folder for files of the invocation under way.'),
};

export const ScoringSettings = z.strictObject({
  ...Common,
  queueUrl: z.url().optional().describe('Queue that the rest goes to when the time is over.'),
  partUsers: Whole(1).default(1000).describe('Customers whose answers are one object.'),
  reserveSeconds: Whole(0).default(60).describe('Seconds that must be left to begin another part.'),
  cacheMegabytes: Whole(1).default(400).describe('MiB of model versions kept on disk.'),
});
export type ScoringSettings = z.infer<typeof ScoringSettings>;

export const RetrainingSettings = z.strictObject({
  ...Common,
  runTable: z.string().min(3).describe('DynamoDB table of the runs and of the lock.'),
  topicArn: z.string().startsWith('arn:').describe('SNS topic that hears how each run ended.'),
  testDays: Whole(1).default(28).describe('Days at the end of the data that models are measured on.'),
  minimumGain: z.coerce.number().default(0).describe('Of NDCG@20, by which a model must be better to be promoted.'),
  latencyMs: z.coerce
    .number()
    .positive()
    .default(50)
    .describe('Milliseconds that the 99th percentile of runs may take.'),
  lockSeconds: Whole(1).default(21_600).describe('Seconds after which a lock that was never released is free.'),
  keepDays: Whole(1).default(400).describe('Days that a run is remembered.'),
});
export type RetrainingSettings = z.infer<typeof RetrainingSettings>;

export const PagingSettings = z.strictObject({
  secretArn: z
    .string()
    .startsWith('arn:')
    .describe("Secret whose value is the routing key of PagerDuty's integration."),
  severity: z.enum(SEVERITIES).default('critical').describe('How bad it is what PagerDuty is told.'),
  eventsUrl: z
    .url()
    .regex(/^https:|^http:\/\/127\.0\.0\.1:/, 'must be https, because the key is sent there')
    .default('https://events.pagerduty.com/v2/enqueue')
    .describe("PagerDuty's Events API v2, which is another one in Europe."),
});
export type PagingSettings = z.infer<typeof PagingSettings>;

/**
 * Settings from `FUNCTIONS_…` variables: `dataBucket` is FUNCTIONS_DATA_BUCKET.
 *
 * @throws SettingsError with every problem at once
 */
export function readSettings<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  environment: Readonly<Record<string, string | undefined>>,
): z.infer<z.ZodObject<Shape>> {
  const names = new Map(Object.keys(schema.shape).map((setting) => [variable(setting), setting]));
  const values: Record<string, string> = {};
  const problems: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || value === undefined) continue;
    const setting = names.get(name);
    if (setting) values[setting] = value;
    else problems.push(`${name}: unknown variable; there are ${[...names.keys()].join(', ')}`);
  }
  const result = schema.safeParse(values);
  for (const { path, message } of result.error?.issues ?? []) problems.push(`${variable(String(path[0]))}: ${message}`);
  if (result.success && problems.length === 0) return result.data;
  throw new SettingsError(`the function's settings are not valid:\n${problems.map((one) => `  ${one}`).join('\n')}`);
}

function variable(setting: string): string {
  return PREFIX + setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
