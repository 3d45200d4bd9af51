import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { openModelRegistry } from '@cdktf-recommender/model-registry';
import { type FunctionHost, type Moto, startMoto } from '@cdktf-recommender/rehearsal';
import { smallVersion } from '../../model-server/fixtures';
import { awsEnvironment, createFunction, createFunctionRole, hostFunctions } from './functions-on-moto';

const DATA = 'shop-data';
const USERS = 7;
const MINUTES = 600_000;
let moto: Moto;
let host: FunctionHost;
let s3: S3Client;
let sqs: SQSClient;
let lambda: LambdaClient;
let version: string;
let queueUrl: string;
let scratch: string;

beforeAll(async () => {
  moto = await startMoto({ onProgress: console.log });
  Object.assign(process.env, awsEnvironment(moto));
  await createFunctionRole(moto);
  host = await hostFunctions(moto);
  [s3, sqs, lambda] = [new S3Client(), new SQSClient(), new LambdaClient()];
  for (const Bucket of [DATA, 'shop-models']) await s3.send(new CreateBucketCommand({ Bucket }));
  const registry = await openModelRegistry('s3://shop-models', 'test');
  version = await registry.register(smallVersion());
  await registry.promote('production', version, { by: 'test' });
  queueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: 'work' }))).QueueUrl ?? '';
  scratch = await mkdtemp(join(tmpdir(), 'functions-'));
  const settings = {
    FUNCTIONS_DATA_BUCKET: DATA,
    FUNCTIONS_MODEL_STORE: 's3://shop-models',
    FUNCTIONS_MODEL: 'test',
    FUNCTIONS_PART_USERS: '3',
    FUNCTIONS_SCRATCH: scratch,
    FUNCTIONS_QUEUE_URL: queueUrl,
  };
  const score = { command: 'score', environment: settings, timeoutSeconds: 120 };
  await createFunction(lambda, { ...score, functionName: 'score' });
  // It never has time for a second part.
  const hurried = { ...settings, FUNCTIONS_RESERVE_SECONDS: '600' };
  await createFunction(lambda, { ...score, functionName: 'hurried', environment: hurried });
  await createFunction(lambda, {
    functionName: 'read',
    command: 'read',
    timeoutSeconds: 60,
    environment: {
      RECOMMENDER_STORE: 's3://shop-models',
      RECOMMENDER_MODEL: 'test',
      RECOMMENDER_MODEL_CACHE: join(scratch, 'read'),
      RECOMMENDER_USERS: join(scratch, 'users'),
    },
  });
}, MINUTES);

afterAll(async () => {
  await host?.stop();
  for (const client of [s3, sqs, lambda]) client?.destroy();
  await moto?.stop();
  if (scratch) await rm(scratch, { recursive: true });
});

async function invoke(FunctionName: string, event: object) {
  const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
  return { error: answer.FunctionError, payload: JSON.parse(Buffer.from(answer.Payload ?? []).toString('utf8')) };
}

async function histories(key: string, further: string[] = []): Promise<void> {
  const lines = Array.from({ length: USERS }, (_, user) => {
    const events = user === 3 ? [] : [{ item: `item-${user % 6}`, at: '2011-05-01T00:00:00.000Z' }];
    return JSON.stringify({ user: `user-${user}`, events });
  });
  await s3.send(new PutObjectCommand({ Bucket: DATA, Key: key, Body: `${[...lines, ...further].join('\n')}\n` }));
}

async function linesOf(key: string): Promise<{ user: string; rung: string; items: { id: string }[] }[]> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: DATA, Key: key }));
  const text = (await Body?.transformToString()) ?? '';
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

async function keysBelow(prefix: string): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: DATA, Prefix: prefix }));
  return Contents.map(({ Key = '' }) => Key.slice(prefix.length)).sort();
}

async function waiting(): Promise<string[]> {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, VisibilityTimeout: 3600 }));
  return Messages.map(({ Body = '' }) => Body);
}

const ofS3 = (key: string) => ({
  Records: [{ eventSource: 'aws:s3', s3: { bucket: { name: DATA }, object: { key: encodeURIComponent(key) } } }],
});
const message = (messageId: string, body: unknown) => ({
  eventSource: 'aws:sqs',
  messageId,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

describe('a batch scoring', () => {
  test(
    'scores everybody when a retraining has left the histories, in parts, as the server answers',
    async () => {
      await histories('output/run-1/histories.jsonl', ['no history']);
      const { error, payload } = await invoke('score', ofS3('output/run-1/histories.jsonl'));
      expect([error, payload]).toEqual([undefined, { outcomes: [{ version, users: USERS }] }]);
      expect(await keysBelow('output/run-1/recommendations/')).toEqual([
        'part-00000.jsonl',
        'part-00001.jsonl',
        'part-00002.jsonl',
        'summary.json',
      ]);
      const all = [];
      for (const part of [0, 1, 2]) all.push(...(await linesOf(`output/run-1/recommendations/part-0000${part}.jsonl`)));
      expect(all.map(({ user }) => user)).toEqual(Array.from({ length: USERS }, (_, user) => `user-${user}`));
      expect(all[0]).toMatchObject({
        modelVersion: version,
        rung: 'personal',
        items: [{ id: 'item-1' }, {}, {}, {}, {}],
      });
      // Nothing that was bought; and what is popular for whom the model knows nothing of.
      expect(all[0]?.items.map(({ id }) => id)).not.toContain('item-0');
      expect(all[3]).toMatchObject({ rung: 'popular', items: [{ id: 'item-5' }, {}, {}, {}, {}, {}] });
      const summary = await s3.send(
        new GetObjectCommand({ Bucket: DATA, Key: 'output/run-1/recommendations/summary.json' }),
      );
      expect(JSON.parse((await summary.Body?.transformToString()) ?? '')).toMatchObject({
        modelVersion: version,
        users: USERS,
        parts: 3,
        skipped: 1,
      });
    },
    MINUTES,
  );

  test(
    'what the time cut off goes on by the queue, part by part, to the same bytes',
    async () => {
      await histories('input/people.jsonl');
      await invoke('score', { histories: 'input/people.jsonl', output: 'output/whole' });
      let event: object = { histories: 'input/people.jsonl', output: 'output/parts' };
      const sizes: number[] = [];
      for (let turn = 0; turn < 10; turn++) {
        const { error, payload } = await invoke('hurried', event);
        expect(error).toBeUndefined();
        sizes.push(payload.outcomes[0].users);
        const [rest] = await waiting();
        if (rest === undefined) break;
        event = JSON.parse(rest);
      }
      expect(sizes).toEqual([3, 6, USERS]);
      expect(await keysBelow('output/parts/')).toEqual(await keysBelow('output/whole/'));
      for (const key of ['part-00000.jsonl', 'part-00001.jsonl', 'part-00002.jsonl']) {
        expect(await linesOf(`output/parts/${key}`)).toEqual(await linesOf(`output/whole/${key}`));
      }
    },
    MINUTES,
  );

  test(
    'the rest of another file is not taken for the rest of this one',
    async () => {
      await histories('input/changing.jsonl');
      await invoke('hurried', { histories: 'input/changing.jsonl', output: 'output/changing' });
      const [rest = '{}'] = await waiting();
      await histories('input/changing.jsonl', ['{"user":"new","events":[]}']);
      const { error, payload } = await invoke('score', JSON.parse(rest));
      expect([error, payload.errorType]).toEqual([expect.any(String), 'PreconditionFailed']);
    },
    MINUTES,
  );

  test(
    'of a batch of messages those that failed are named',
    async () => {
      await histories('input/people.jsonl');
      const task = { histories: 'input/people.jsonl', output: 'output/messages' };
      const { payload } = await invoke('score', {
        Records: [
          message('well', task),
          message('broken', 'no json'),
          message('missing', { ...task, histories: 'input/none.jsonl' }),
          message('news', ofS3('output/run-1/report.json')),
        ],
      });
      expect(payload).toEqual({ batchItemFailures: [{ itemIdentifier: 'broken' }, { itemIdentifier: 'missing' }] });
      expect(await keysBelow('output/messages/')).toContain('summary.json');
    },
    MINUTES,
  );
});

describe('reading', () => {
  const event = (rawPath: string) => ({
    version: '2.0',
    rawPath,
    headers: { 'content-type': 'application/json' },
    requestContext: { stage: '$default', http: { method: 'GET', sourceIp: '203.0.113.7' } },
  });

  test(
    'a cold start loads the model from the store; the same process answers the next event',
    async () => {
      const { error, payload } = await invoke('read', event('/v1/items/item-0/similar'));
      expect(error).toBeUndefined();
      expect(payload).toMatchObject({
        statusCode: 200,
        headers: { 'x-model-version': version },
        isBase64Encoded: false,
      });
      const similar = JSON.parse(payload.body);
      expect(similar).toMatchObject({ item: 'item-0', rung: 'session' });
      expect(similar.items.slice(0, 2)).toMatchObject([{ id: 'item-1' }, { id: 'item-2' }]);
      expect((await invoke('read', event('/readyz'))).payload.statusCode).toBe(200);
      const pids = host.runs.filter(({ functionName }) => functionName === 'read').map(({ pid }) => pid);
      expect([pids.length, new Set(pids).size]).toEqual([2, 1]);
    },
    MINUTES,
  );

  test(
    'fails by name on an event that is none of an HTTP API',
    async () => {
      const { error, payload } = await invoke('read', { version: '1.0' });
      expect([error, payload.errorType]).toEqual([expect.any(String), 'ZodError']);
    },
    MINUTES,
  );
});
